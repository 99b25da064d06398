import * as z from 'zod'
import { DatasetName } from './datasets'
import { BETTER, MAX_METRICS, MetricSpec } from './evaluation-metrics'
import type { EvaluationRecord } from './evaluations'
import { canonicalJson } from './json'

/** What a metric must reach. At least one bound. */
export const GateRule = z
  .strictObject({
    metric: MetricSpec,
    min: z.number().optional(),
    max: z.number().optional(),
    /** How much worse than the version that is published now it may be. */
    maxDrop: z.number().min(0).optional(),
  })
  .refine(({ min, max, maxDrop }) => min !== undefined || max !== undefined || maxDrop !== undefined, 'give min, max or maxDrop')
export type GateRule = z.infer<typeof GateRule>

export const GateDraft = z.strictObject({
  dataset: DatasetName,
  rules: z
    .array(GateRule)
    .min(1)
    .max(MAX_METRICS)
    .refine((rules) => new Set(rules.map(({ metric }) => metric.name)).size === rules.length, 'each metric needs a name of its own'),
})
export type GateDraft = z.infer<typeof GateDraft>

/** What a version of a workflow must pass before it is published. */
export type WorkflowGate = GateDraft & { workflow: string; createdAt: string; createdBy: string }

/** Gates of one tenant, by workflow. */
export interface WorkflowGates {
  find(workflow: string): Promise<WorkflowGate | undefined>
  put(gate: WorkflowGate): Promise<void>
  /** One that is not there is no error. */
  remove(workflow: string): Promise<void>
  /** Names of the workflows whose gates stand on a dataset. */
  standingOn(dataset: string): Promise<string[]>
}

export interface GateCheck {
  metric: string
  passed: boolean
  value: number | null
  /** Of the published version, where the rule compares with it. */
  before?: number | null
  /** One sentence: what was asked and what came out. */
  message: string
}

export interface GateVerdict {
  passed: boolean
  /** The evaluations that were looked at. */
  evaluationId?: string
  baselineId?: string
  checks: GateCheck[]
  /** What is missing before it can be decided. */
  missing?: 'evaluation' | 'baseline'
}

/** Whether an evaluation says something about this gate: same data, same metrics, at its end, and nothing overridden. */
export function answersGate(gate: GateDraft, datasetVersion: string, evaluation: EvaluationRecord): boolean {
  const { target, metrics, summary } = evaluation
  const isPlain = 'workflow' in target && Object.keys(target.vars).length === 0
  const specs = new Set(metrics.map((spec) => canonicalJson(spec)))
  return (
    summary !== undefined &&
    isPlain &&
    evaluation.dataset === gate.dataset &&
    evaluation.datasetVersion === datasetVersion &&
    gate.rules.every(({ metric }) => specs.has(canonicalJson(metric)))
  )
}

/** A hair's breadth, for sums of fractions. */
const ROUNDING = 1e-9

/**
 * Decides on a version by its evaluation. `baseline` is that of the published version: `null` when none is published, so that nothing can
 * be worse than it. A metric that applied to no case does not pass.
 */
export function decideGate(
  gate: GateDraft,
  candidate: EvaluationRecord | undefined,
  baseline: EvaluationRecord | null | undefined,
): GateVerdict {
  if (candidate?.summary === undefined) return { passed: false, checks: [], missing: 'evaluation' }
  const needsBaseline = baseline !== null && gate.rules.some(({ maxDrop }) => maxDrop !== undefined)
  const known = { evaluationId: candidate.id, ...(baseline && { baselineId: baseline.id }) }
  if (needsBaseline && baseline?.summary === undefined) return { passed: false, checks: [], missing: 'baseline', ...known }
  const checks = gate.rules.map((rule) => checkRule(rule, valueIn(candidate, rule), needsBaseline ? valueIn(baseline, rule) : undefined))
  return { passed: checks.every(({ passed }) => passed), checks, ...known }
}

const valueIn = (evaluation: EvaluationRecord | null | undefined, { metric }: GateRule): number | null =>
  evaluation?.summary?.metrics.find(({ name }) => name === metric.name)?.value ?? null

function checkRule({ metric, min, max, maxDrop }: GateRule, value: number | null, before: number | null | undefined): GateCheck {
  const { name } = metric
  const check = { metric: name, value, ...(maxDrop !== undefined && before !== undefined && { before }) }
  if (value === null) return { ...check, passed: false, message: `'${name}' applied to no case.` }
  const complaints = [
    ...(min !== undefined && value < min - ROUNDING ? [`below the least of ${round(min)}`] : []),
    ...(max !== undefined && value > max + ROUNDING ? [`above the most of ${round(max)}`] : []),
    ...dropComplaint(metric.kind, value, before, maxDrop),
  ]
  const message = `'${name}' is ${round(value)}${complaints.length === 0 ? ', as asked.' : `: ${complaints.join(', and ')}.`}`
  return { ...check, passed: complaints.length === 0, message }
}

function dropComplaint(kind: MetricSpec['kind'], value: number, before: number | null | undefined, maxDrop: number | undefined): string[] {
  if (maxDrop === undefined || before === undefined || before === null) return []
  const worse = BETTER[kind] === 'higher' ? before - value : value - before
  return worse > maxDrop + ROUNDING
    ? [`worse than the published version's ${round(before)} by ${round(worse)}, where ${round(maxDrop)} is allowed`]
    : []
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000
