import type { Context } from 'hono'
import * as z from 'zod'
import { DatasetName } from '../domain/datasets'
import { dryRunOf, type HasEffects } from '../domain/dry-runs'
import { AppError, unwrap } from '../domain/error'
import { MetricSpecs } from '../domain/evaluation-metrics'
import {
  batchSizeOf,
  EVALUATION_WORKFLOW,
  type EvaluationRecord,
  EvaluationTarget,
  evaluationKeys,
  type StoredTargetWorkflow,
} from '../domain/evaluations'
import { ID_PREFIXES } from '../domain/ids'
import type { DoorPorts } from '../domain/stores'
import type { WorkflowVersion } from '../domain/workflows'
import { skills } from '../skills'
import { findDataset } from './datasets'
import type { ApiDeps, ApiEnv } from './deps'
import { runIdOf } from './idempotent'
import { findWorkflow } from './start-run'
import { nameOf } from './who'

export const EvaluationOrder = z
  .strictObject({
    target: EvaluationTarget.describe('A skill, the search of a collection, or a version of a workflow (also a draft).'),
    dataset: DatasetName.optional(),
    datasetVersion: z.string().max(64).optional().describe('The newest when left out.'),
    metrics: MetricSpecs.optional(),
    gate: z.literal(true).optional().describe("Takes dataset and metrics from the workflow's gate."),
  })
  .meta({
    id: 'EvaluationOrder',
    example: {
      target: { skill: 'classify', config: {} },
      dataset: 'letters',
      metrics: [
        { kind: 'exact', name: 'class', path: 'class', expected: 'class' },
        { kind: 'latency', name: 'latency' },
      ],
    },
  })
export type EvaluationOrder = z.output<typeof EvaluationOrder>

/** Stores the order and starts its run. The same request again (`Idempotency-Key`) gives the same evaluation. */
export async function orderEvaluation(deps: ApiDeps, c: Context<ApiEnv>, order: EvaluationOrder): Promise<EvaluationRecord> {
  const ports = c.get('ports')
  const runId = runIdOf(c)
  const id = runId.replace(ID_PREFIXES.run, ID_PREFIXES.evaluation)
  const known = await ports.evaluations.find(id)
  if (known !== undefined) return known
  const { dataset, datasetVersion, metrics } = await subjectOf(ports, order)
  const { name, version, cases } = await findDataset(ports, dataset, datasetVersion)
  const { target, simulated } = await prepareTarget(deps, ports, id, order.target)
  const evaluation: EvaluationRecord = {
    id,
    runId,
    dataset: name,
    datasetVersion: version,
    cases,
    target,
    metrics,
    batchSize: batchSizeOf(target),
    simulated,
    createdAt: ports.clock.now().toISOString(),
    createdBy: await nameOf(deps, c.get('principal')),
  }
  const workflow = await evaluationWorkflow(ports)
  // The row first: the first step of the run reads it.
  await ports.evaluations.insert(evaluation)
  const title = `Evaluation of ${titleOf(target)} on ${name}`
  const request = { runId, workflow, input: { evaluationId: id }, trigger: 'api' as const, title, priority: 'batch' }
  const started = await c.get('runs').start(request)
  if (!started.ok) await ports.evaluations.remove(id)
  unwrap(started)
  return evaluation
}

async function subjectOf({ gates }: Pick<DoorPorts, 'gates'>, { target, dataset, datasetVersion, metrics, gate }: EvaluationOrder) {
  if (gate !== true) {
    if (dataset !== undefined && metrics !== undefined) return { dataset, datasetVersion, metrics }
    const missing = dataset === undefined ? 'dataset' : 'metrics'
    throw new AppError('invalid', `Say on which dataset and with which metrics: '${missing}' is missing.`, {
      problems: [{ path: missing, message: 'is missing; only with gate: true it is taken from the gate' }],
    })
  }
  const known = 'workflow' in target ? await gates.find(target.workflow) : undefined
  if (known === undefined) throw new AppError('invalid', 'The target has no gate; set one with PUT /api/v1/workflows/{name}/gate.')
  return { dataset: known.dataset, datasetVersion: undefined, metrics: known.rules.map(({ metric }) => metric) }
}

/** Refuses what cannot be evaluated, and stores the workflow as it will run: without what acts. */
async function prepareTarget(deps: ApiDeps, ports: DoorPorts, id: string, target: EvaluationTarget) {
  if ('skill' in target && !Object.hasOwn(skills, target.skill)) {
    const message = `there is no skill '${target.skill}'; have: ${Object.keys(skills).join(', ')}`
    throw new AppError('invalid', `The target cannot be evaluated: ${message}.`, { problems: [{ path: 'target.skill', message }] })
  }
  if ('collection' in target && (await ports.collections.find(target.collection)) === undefined)
    throw new AppError('not_found', `There is no collection '${target.collection}'; GET /api/v1/collections lists what there is.`)
  if (!('workflow' in target)) return { target, simulated: [] }
  if (target.workflow === EVALUATION_WORKFLOW) throw new AppError('invalid', 'An evaluation cannot evaluate evaluations.')
  const { name, version, definition, createdAt, builtIn } = await findWorkflow(ports, target.workflow, target.version)
  const dry = dryRunOf(definition, effectsOf(deps))
  const stored: StoredTargetWorkflow = { name, version, definition: dry.definition, createdAt, builtIn }
  await ports.files.put(evaluationKeys.workflow(id), JSON.stringify(stored), 'application/json')
  return { target: { ...target, version }, simulated: dry.simulated }
}

/** An operation that is not known counts as one that acts. */
const effectsOf =
  ({ agents }: Pick<ApiDeps, 'agents'>): HasEffects =>
  (agent, operation) => {
    const known = Object.hasOwn(agents, agent) ? agents[agent]?.operations[operation] : undefined
    return known === undefined || known.hasEffects === true
  }

/** The one that is shipped, also where the tenant has a workflow of that name. */
async function evaluationWorkflow({ workflows }: Pick<DoorPorts, 'workflows'>): Promise<WorkflowVersion> {
  const versions = await workflows.versions(EVALUATION_WORKFLOW)
  const shipped = versions.find(({ builtIn }) => builtIn) ?? versions[0]
  if (shipped === undefined) throw new AppError('unavailable', 'The workflow of evaluations is not part of this installation.')
  return shipped
}

const titleOf = (target: EvaluationTarget): string =>
  'workflow' in target ? `workflow ${target.workflow}` : 'skill' in target ? `skill ${target.skill}` : `collection ${target.collection}`
