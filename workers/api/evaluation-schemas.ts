import * as z from 'zod'
import type { CaseChange, Difference } from '../domain/evaluation-comparison'
import { BETTER, type MetricKind, MetricSpec } from '../domain/evaluation-metrics'
import type { EvaluationSummary, MetricSummary } from '../domain/evaluation-summary'
import { type CaseResult, EvaluationTarget } from '../domain/evaluations'
import { RUN_STATUSES } from '../domain/runs'
import type { GateCheck, GateVerdict } from '../domain/workflow-gates'
import { GateDraft } from '../domain/workflow-gates'
import { RefusalSchema } from './run-schemas'

/** The shapes of evaluations for the API document; `satisfies` keeps them true to the domain. */

const at = z.iso.datetime()
const money = z.number().describe('Millionths of a US dollar.')
const kinds = z.enum(Object.keys(BETTER) as [MetricKind, ...MetricKind[]])

const MetricSummarySchema = z
  .object({
    name: z.string(),
    kind: kinds,
    better: z.enum(['higher', 'lower']),
    value: z.number().nullable().describe('The mean; of latency the median. Null when it applied to no case.'),
    n: z.int().describe('Cases to which it applied.'),
    spread: z.object({ mean: z.number(), p50: z.number(), p95: z.number(), total: z.number() }).optional(),
  })
  .meta({ id: 'MetricSummary' }) satisfies z.ZodType<MetricSummary>

const SummarySchema = z
  .object({
    cases: z.int(),
    failed: z.int(),
    costMicroUsd: money,
    metrics: z.array(MetricSummarySchema),
    tags: z.record(z.string(), z.object({ cases: z.int(), metrics: z.record(z.string(), z.number().nullable()) })),
  })
  .meta({ id: 'EvaluationSummary' }) satisfies z.ZodType<EvaluationSummary>

export const EvaluationSchema = z
  .object({
    id: z.string(),
    runId: z.string().describe('The run that does it; it is watched, cancelled and resumed as any run.'),
    status: z.enum(RUN_STATUSES),
    dataset: z.string(),
    datasetVersion: z.string(),
    cases: z.int(),
    target: EvaluationTarget,
    metrics: z.array(MetricSpec),
    simulated: z.array(z.string()).describe('Steps of the workflow that were not carried out, because they would have acted or waited.'),
    createdAt: at,
    createdBy: z.string(),
    endedAt: at.optional(),
    progress: z.object({ done: z.int(), total: z.int() }).optional(),
    error: RefusalSchema.optional(),
    summary: SummarySchema.optional(),
  })
  .meta({ id: 'Evaluation' })
export type EvaluationView = z.infer<typeof EvaluationSchema>

export const CaseResultSchema = z
  .object({
    id: z.string(),
    hash: z.string(),
    tags: z.array(z.string()),
    status: z.enum(['completed', 'failed']),
    error: RefusalSchema.optional(),
    expected: z.unknown().optional(),
    output: z.unknown().optional(),
    outputLeftOut: z.literal(true).optional().describe('The output was too long to keep; its scores are of the whole.'),
    scores: z.record(z.string(), z.number().nullable()),
    costMicroUsd: money,
    latencyMs: z.number(),
    provider: z.string().optional(),
    degraded: z.boolean().optional(),
    runId: z.string().optional(),
  })
  .meta({ id: 'CaseResult' }) satisfies z.ZodType<CaseResult>

const DifferenceSchema = z
  .object({
    metric: z.string(),
    evaluationId: z.string(),
    before: z.number(),
    after: z.number(),
    difference: z.number(),
    interval: z.object({ low: z.number(), high: z.number() }).describe('95 %, by a paired bootstrap.'),
    verdict: z.enum(['better', 'worse', 'unclear']),
    n: z.int(),
    improved: z.int(),
    worsened: z.int(),
  })
  .meta({ id: 'MetricDifference' }) satisfies z.ZodType<Difference>
const ChangeSchema = z
  .object({ caseId: z.string(), metric: z.string(), evaluationId: z.string(), before: z.number(), after: z.number() })
  .meta({ id: 'CaseChange' }) satisfies z.ZodType<CaseChange>

export const ComparisonSchema = z
  .object({
    evaluations: z.array(EvaluationSchema).describe('In the order asked for; the first is what the others are compared with.'),
    differences: z.array(DifferenceSchema),
    improved: z.array(ChangeSchema).describe('Cases, the largest changes first, at most 200.'),
    worsened: z.array(ChangeSchema),
    notes: z.array(z.string()).describe('What could not be compared.'),
  })
  .meta({ id: 'EvaluationComparison' })

const CheckSchema = z.object({
  metric: z.string(),
  passed: z.boolean(),
  value: z.number().nullable(),
  before: z.number().nullable().optional(),
  message: z.string(),
}) satisfies z.ZodType<GateCheck>
const VerdictSchema = z
  .object({
    passed: z.boolean(),
    evaluationId: z.string().optional(),
    baselineId: z.string().optional(),
    checks: z.array(CheckSchema),
    missing: z.enum(['evaluation', 'baseline']).optional(),
  })
  .meta({ id: 'GateVerdict' }) satisfies z.ZodType<GateVerdict>
export const GateSchema = GateDraft.extend({
  workflow: z.string(),
  createdAt: at,
  createdBy: z.string(),
  verdict: VerdictSchema.optional().describe('Of the version asked for.'),
}).meta({ id: 'WorkflowGate' })
