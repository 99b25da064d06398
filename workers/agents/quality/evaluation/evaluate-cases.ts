import type { StoredCase } from '../../../domain/datasets'
import { AppError, toRefusal } from '../../../domain/error'
import { scoreCase } from '../../../domain/evaluation-metrics'
import { type CaseResult, type EvaluationRecord, MAX_OUTPUT_CHARACTERS } from '../../../domain/evaluations'
import { embedPaidBy, type Payer, paidBy } from '../../../domain/models'
import type { Ports } from '../../../domain/ports'
import type { StepCharge } from '../../../domain/runs'
import type { WorkflowVersion } from '../../../domain/workflows'
import type { StepContext } from '../../agent'
import { verifySentences } from './faithfulness'
import { trySearch } from './search-trial'
import { trySkill } from './skill-trial'
import type { Trial } from './trial'
import { CaseRunFailed, tryWorkflow } from './workflow-trial'

/** What stops a batch, to be tried again or to wait for money: it says nothing about the case. */
const PASSING = new Set(['unavailable', 'rate_limited', 'over_budget'])
/** A defect that stays after so many attempts is the case's: it must not hold up the others for ever. */
const ATTEMPTS_AT_DEFECTS = 3

export interface Bench {
  evaluation: EvaluationRecord
  /** Of a workflow target. */
  workflow: WorkflowVersion | undefined
  context: StepContext
  ports: Ports
}

/** Runs one case and scores it. A case that is refused is a result, too; what is only out of order for now is thrown. */
export async function evaluateCase(bench: Bench, each: StoredCase): Promise<CaseResult> {
  const { context, ports } = bench
  let chargedMicroUsd = 0
  const charge = (charged: StepCharge) => {
    chargedMicroUsd += charged.costMicroUsd
    context.charge(charged)
  }
  const startedAt = ports.clock.now().getTime()
  const own: Bench = { ...bench, context: { ...context, charge }, ports: chargedPorts(ports, charge) }
  const done = await attempt(own, each)
  const latencyMs = ports.clock.now().getTime() - startedAt
  return resultOf(bench.evaluation, each, done, { costMicroUsd: chargedMicroUsd, latencyMs })
}

type Attempt = { trial: Trial } | { error: unknown }

async function attempt(bench: Bench, each: StoredCase): Promise<Attempt> {
  try {
    return { trial: await tryTarget(bench, each) }
  } catch (thrown) {
    if (thrown instanceof AppError ? PASSING.has(thrown.code) : bench.context.attempt < ATTEMPTS_AT_DEFECTS) throw thrown
    return { error: thrown }
  }
}

async function tryTarget(
  { evaluation: { id, target }, workflow, context, ports }: Bench,
  { id: caseId, input }: StoredCase,
): Promise<Trial> {
  if ('workflow' in target) {
    if (workflow === undefined) throw new AppError('internal', 'The workflow of the evaluation was not read.')
    return await tryWorkflow({ evaluationId: id, caseId, input, vars: target.vars }, workflow, ports)
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new AppError('invalid', 'The input of the case must be an object, such as { "text": "…" }.')
  const merged = { ...target.config, ...input }
  return 'skill' in target
    ? await trySkill(target.skill, merged, context, ports)
    : await trySearch(target.collection, merged, context, ports)
}

function resultOf(
  { metrics }: EvaluationRecord,
  { id, hash, tags, input, expected }: StoredCase,
  done: Attempt,
  measured: { costMicroUsd: number; latencyMs: number },
): CaseResult {
  const run = 'trial' in done ? done.trial.run : done.error instanceof CaseRunFailed ? done.error.run : undefined
  const { costMicroUsd, latencyMs } = run ?? measured
  const outcome = { input, expected, costMicroUsd, latencyMs, ...('trial' in done && { output: done.trial.output }) }
  return {
    id,
    hash,
    tags,
    ...('trial' in done ? completed(done.trial) : { status: 'failed', error: toRefusal(done.error) }),
    ...(expected !== undefined && { expected }),
    scores: Object.fromEntries(metrics.map((spec) => [spec.name, scoreCase(spec, outcome, verifySentences)])),
    costMicroUsd,
    latencyMs,
    ...(run && { runId: run.id }),
  }
}

function completed({ output, provider, degraded }: Trial) {
  const isShort = (JSON.stringify(output) ?? '').length <= MAX_OUTPUT_CHARACTERS
  return {
    status: 'completed' as const,
    ...(isShort ? { output } : { outputLeftOut: true as const }),
    ...(provider !== undefined && { provider }),
    ...(degraded && { degraded }),
  }
}

/** The step's ports, told of what this case alone costs. The purse stays the one of the step. */
function chargedPorts(ports: Ports, charge: (charge: StepCharge) => void): Ports {
  const payer: Payer = { ...(ports.purse && { purse: ports.purse }), onCall: charge }
  return {
    ...ports,
    encoder: embedPaidBy(ports.encoder, payer),
    ...(ports.chatModel && { chatModel: paidBy(ports.chatModel, payer) }),
  }
}
