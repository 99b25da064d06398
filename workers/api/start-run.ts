import { AppError, unwrap } from '../domain/error'
import type { RunControl } from '../domain/run-control'
import type { RunTrigger, RunView } from '../domain/runs'
import type { DoorPorts } from '../domain/stores'
import type { WorkflowVersion } from '../domain/workflows'
import { checkAgainstSchema } from '../workflows/json-schema'

export interface RunOrder {
  runId: string
  workflow: string
  version?: string
  input: unknown
  vars?: Record<string, unknown>
  trigger: RunTrigger
  documentId?: string
  title?: string
}

/** Starts a run of a workflow of this tenant: `not_found` without such a workflow, `invalid` when the input does not fit its schema. */
export async function startRun(ports: Pick<DoorPorts, 'workflows'>, runs: RunControl, order: RunOrder): Promise<RunView> {
  const { workflow: name, version, input, ...rest } = order
  const workflow = await findWorkflowToStart(ports, name, version)
  const problems = checkAgainstSchema(workflow.definition.input, input).map(({ path, message }) => ({
    path: path === '' ? 'input' : `input.${path}`,
    message,
  }))
  if (problems.length > 0) throw new AppError('invalid', `The input does not fit workflow '${name}'. See problems.`, { problems })
  return unwrap(await runs.start({ workflow, input, ...rest }))
}

/** The newest version of a workflow, or the named one. */
export async function findWorkflow(ports: Pick<DoorPorts, 'workflows'>, name: string, version?: string): Promise<WorkflowVersion> {
  return (await ports.workflows.find(name, version)) ?? missing(name, version)
}

/** The same for a start, which may come a few seconds after a save somewhere else. */
export async function findWorkflowToStart(ports: Pick<DoorPorts, 'workflows'>, name: string, version?: string): Promise<WorkflowVersion> {
  return (await ports.workflows.findForStart(name, version)) ?? missing(name, version)
}

function missing(name: string, version: string | undefined): never {
  const which = version === undefined ? `workflow '${name}'` : `version '${version}' of workflow '${name}'`
  throw new AppError('not_found', `There is no ${which}; GET /api/v1/workflows lists what there is.`)
}
