import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import type { EvaluationRecord } from '../domain/evaluations'
import type { DoorPorts } from '../domain/stores'
import { answersGate, decideGate, GateDraft, type GateVerdict, type WorkflowGate } from '../domain/workflow-gates'
import type { WorkflowVersion } from '../domain/workflows'
import { check } from './check'
import { findDataset } from './datasets'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { GateSchema } from './evaluation-schemas'
import { guard } from './guard'
import { findWorkflow } from './start-run'
import { nameOf } from './who'

/** Evaluations of one version that are looked through for one that answers the gate. */
const LOOKED_THROUGH = 50
const VersionQuery = z.object({ version: z.string().max(64).optional().describe('A version, also a draft: adds whether it would pass.') })
const ANSWER = { 200: { description: 'The gate.', body: { schema: GateSchema } } }

const PUT = documented({
  tag: 'Evaluations',
  summary: 'Set the gate of a workflow',
  description:
    'From then on a version is published only when an evaluation of exactly that version, on the newest version of the dataset, reaches what the rules ask.',
  answers: ANSWER,
  refuses: ['invalid', 'not_found'],
})
const READ = documented({ tag: 'Evaluations', summary: 'The gate of a workflow', answers: ANSWER, refuses: ['invalid', 'not_found'] })
const REMOVE = documented({
  tag: 'Evaluations',
  summary: 'Remove the gate of a workflow',
  answers: { 204: { description: 'Removed.' } },
  refuses: ['not_found'],
})

/** Gates of workflows, below their names. */
export function gateRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .put('/:name/gate', PUT, guard(deps, 'gates:write'), check('json', GateDraft), async (c) => {
      const { name: workflow } = await findWorkflow(c.get('ports'), c.req.param('name'))
      const draft = c.req.valid('json')
      await findDataset(c.get('ports'), draft.dataset)
      const createdAt = c.get('ports').clock.now().toISOString()
      const gate: WorkflowGate = { ...draft, workflow, createdAt, createdBy: await nameOf(deps, c.get('principal')) }
      await c.get('ports').gates.put(gate)
      return c.json(gate)
    })
    .get('/:name/gate', READ, guard(deps, 'evaluations:read'), check('query', VersionQuery), async (c) => {
      const gate = await find(c, c.req.param('name'))
      const { version } = c.req.valid('query')
      return c.json(version === undefined ? gate : { ...gate, verdict: await verdictOn(c.get('ports'), gate, version) })
    })
    .delete('/:name/gate', REMOVE, guard(deps, 'gates:write'), async (c) => {
      const { workflow } = await find(c, c.req.param('name'))
      await c.get('ports').gates.remove(workflow)
      return c.body(null, 204)
    })
}

async function find(c: Context<ApiEnv>, name: string): Promise<WorkflowGate> {
  const gate = await c.get('ports').gates.find(name)
  if (gate === undefined)
    throw new AppError('not_found', `Workflow '${name}' has no gate; set one with PUT /api/v1/workflows/${name}/gate.`)
  return gate
}

type GatePorts = Pick<DoorPorts, 'gates' | 'datasets' | 'evaluations' | 'workflows'>

/** Lets a version be published unless a gate stands that it has not passed: then `conflict`, with what is missing and how to get on. */
export async function requirePassedGate(ports: GatePorts, workflow: Pick<WorkflowVersion, 'name' | 'version'>): Promise<void> {
  const gate = await ports.gates.find(workflow.name)
  if (gate === undefined) return
  const verdict = await verdictOn(ports, gate, workflow.version)
  if (!verdict.passed) throw gateRefusal(gate, workflow, verdict)
}

async function verdictOn(ports: GatePorts, gate: WorkflowGate, version: string): Promise<GateVerdict> {
  const published = await ports.workflows.find(gate.workflow)
  const dataset = await ports.datasets.find(gate.dataset)
  const evaluationOf = async (of: string) =>
    dataset &&
    (await ports.evaluations.list({ limit: LOOKED_THROUGH, workflow: gate.workflow, workflowVersion: of, ended: true })).items.find(
      answering(gate, dataset.version),
    )
  const isPublished = published?.version === version
  // A version that is published already cannot be worse than itself.
  const baseline = published === undefined || isPublished ? null : await evaluationOf(published.version)
  return decideGate(gate, await evaluationOf(version), baseline)
}

const answering = (gate: WorkflowGate, datasetVersion: string) => (evaluation: EvaluationRecord) =>
  answersGate(gate, datasetVersion, evaluation)

function gateRefusal(gate: WorkflowGate, { name, version }: Pick<WorkflowVersion, 'name' | 'version'>, verdict: GateVerdict): AppError {
  const order = (of: string) => `POST /api/v1/evaluations {"target":{"workflow":"${name}","version":"${of}"},"gate":true}`
  const reason = 'gate'
  if (verdict.missing === 'evaluation')
    return new AppError(
      'conflict',
      `Version ${version} of '${name}' has not been evaluated on dataset '${gate.dataset}', as its gate asks. Store it with PUT /api/v1/workflows/${name}?draft=true, evaluate it with ${order(version)}, and publish it then.`,
      { reason },
    )
  if (verdict.missing === 'baseline')
    return new AppError(
      'conflict',
      `The gate of '${name}' compares with the published version, which has not been evaluated on the newest version of dataset '${gate.dataset}'. Evaluate it with POST /api/v1/evaluations {"target":{"workflow":"${name}"},"gate":true}, and publish then.`,
      { reason },
    )
  const failed = verdict.checks.filter(({ passed }) => !passed)
  return new AppError(
    'conflict',
    `Version ${version} of '${name}' does not pass its gate: ${failed.map(({ message }) => message).join(' ')}`,
    {
      reason,
      problems: failed.map(({ metric, message }) => ({ path: metric, message })),
    },
  )
}
