import { sha256 } from '../../../domain/datasets'
import { AppError, unwrap } from '../../../domain/error'
import { evaluationKeys, type StoredTargetWorkflow } from '../../../domain/evaluations'
import { pause } from '../../../domain/fair-gate'
import { ID_PREFIXES } from '../../../domain/ids'
import type { Ports } from '../../../domain/ports'
import { isTerminal, type RunView } from '../../../domain/runs'
import type { WorkflowVersion } from '../../../domain/workflows'
import { checkAgainstSchema } from '../../../workflows/json-schema'
import type { Trial } from './trial'

/** A step holds a place in an isolate while it watches; a run that takes longer is asked for again later. */
const WATCH_MS = 45_000
const FIRST_LOOK_MS = 100
const LONGEST_LOOK_MS = 2_000

/** One case of a workflow. */
export interface WorkflowCase {
  evaluationId: string
  caseId: string
  input: unknown
  vars: Record<string, unknown>
}

/**
 * One case as a run of its own: every retry of the step finds the same run, so a case runs once. Refuses `unavailable` with reason
 * `still_running` for one that has not ended yet, and with the run's own error for one that failed.
 */
export async function tryWorkflow(
  { evaluationId, caseId, input, vars }: WorkflowCase,
  workflow: WorkflowVersion,
  ports: Pick<Ports, 'runs'>,
): Promise<Trial> {
  if (ports.runs === undefined) throw new AppError('unavailable', 'Runs cannot be started here, so no workflow can be evaluated.')
  const problems = checkAgainstSchema(workflow.definition.input, input)
  if (problems.length > 0)
    throw new AppError('invalid', `The input of the case does not fit workflow '${workflow.name}': ${problems[0]?.message ?? ''}.`, {
      problems,
    })
  const runId = await runIdOf(evaluationId, caseId)
  const title = `Evaluation: ${caseId}`.slice(0, 200)
  let run = unwrap(await ports.runs.start({ runId, workflow, input, vars, trigger: 'agent', title }))
  let wait = FIRST_LOOK_MS
  for (let watched = 0; !isTerminal(run.status); watched += wait, wait = Math.min(LONGEST_LOOK_MS, wait * 1.5)) {
    if (watched >= WATCH_MS) throw stillRunning(runId)
    await pause(wait)
    run = unwrap(await ports.runs.get(runId))
  }
  return trialOf(run)
}

const stillRunning = (runId: string): AppError =>
  new AppError('unavailable', `Run ${runId} of the evaluation has not ended yet; it is looked at again.`, { reason: 'still_running' })

function trialOf(run: RunView): Trial {
  const record = {
    id: run.id,
    costMicroUsd: run.costMicroUsd,
    latencyMs: Math.max(0, Date.parse(run.endedAt ?? run.updatedAt) - Date.parse(run.createdAt)),
  }
  if (run.status === 'completed') return { output: run.outputs ?? null, run: record }
  throw new CaseRunFailed(run, record)
}

/** A run that did not complete, with what it cost all the same. */
export class CaseRunFailed extends AppError {
  readonly run: NonNullable<Trial['run']>

  constructor({ id, status, error }: RunView, run: NonNullable<Trial['run']>) {
    // Whatever the run failed with, running the case again would find the same run.
    super('invalid', error?.message ?? `Run ${id} is ${status}.`, { reason: error?.reason ?? `run_${status}` })
    this.run = run
  }
}

/** The same for the same case of the same evaluation. */
async function runIdOf(evaluationId: string, caseId: string): Promise<string> {
  return `${ID_PREFIXES.run}_${(await sha256(`${evaluationId} ${caseId}`)).slice(0, 32)}`
}

/** The workflow that an evaluation runs: without what acts. */
export async function readTargetWorkflow({ files }: Pick<Ports, 'files'>, evaluationId: string): Promise<WorkflowVersion> {
  const bytes = await files.read(evaluationKeys.workflow(evaluationId))
  if (bytes === undefined) throw new AppError('not_found', 'The workflow of the evaluation is not stored any more; start a new evaluation.')
  const stored = JSON.parse(new TextDecoder().decode(bytes)) as StoredTargetWorkflow
  return { ...stored, source: '' }
}
