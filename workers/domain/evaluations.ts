import * as z from 'zod'
import type { Refusal } from './error'
import type { MetricSpecs } from './evaluation-metrics'
import type { EvaluationSummary } from './evaluation-summary'
import type { PageOf, PageRequest } from './ports'
import type { WorkflowVersion } from './workflows'

/** The built-in workflow by which evaluations run: they are durable, visible and cancelled like every run. */
export const EVALUATION_WORKFLOW = 'evaluate'

const Config = z.record(z.string(), z.unknown()).default({})

/** What is evaluated: a skill, the search of a collection, or one version of a workflow, which then acts on nothing. */
export const EvaluationTarget = z.union([
  z.strictObject({ skill: z.string().min(1).max(60), /** Goes into each case's input. */ config: Config }),
  z.strictObject({ collection: z.string().min(1).max(100), config: Config }),
  z.strictObject({
    workflow: z.string().min(1).max(100),
    version: z.string().max(64).optional(),
    /** Overrides its constants. */ vars: Config,
  }),
])
export type EvaluationTarget = z.infer<typeof EvaluationTarget>

export interface EvaluationRecord {
  id: string
  runId: string
  dataset: string
  datasetVersion: string
  cases: number
  /** Of a workflow with its version. */
  target: EvaluationTarget
  metrics: z.infer<typeof MetricSpecs>
  /** Cases done in one step; results are stored in files of so many. */
  batchSize: number
  /** Steps of the workflow that were replaced, because they would have acted or waited for somebody. */
  simulated: string[]
  createdAt: string
  createdBy: string
  /** Both set once every case is done. */
  endedAt?: string
  summary?: EvaluationSummary
}

/** Rows of evaluations of one tenant. */
export interface Evaluations {
  insert(evaluation: EvaluationRecord): Promise<void>
  find(id: string): Promise<EvaluationRecord | undefined>
  /** Doing it twice keeps the first. */
  finish(id: string, end: { summary: EvaluationSummary; endedAt: string }): Promise<void>
  /** One whose run could not be started. */
  remove(id: string): Promise<void>
  /** Newest first. */
  list(
    page: PageRequest & { dataset?: string; workflow?: string; workflowVersion?: string; ended?: boolean },
  ): Promise<PageOf<EvaluationRecord>>
}

/** What became of one case. */
export interface CaseResult {
  id: string
  hash: string
  tags: string[]
  status: 'completed' | 'failed'
  error?: Refusal
  expected?: unknown
  /** Left out where it is longer than `MAX_OUTPUT_CHARACTERS`; scores are of the whole all the same. */
  output?: unknown
  outputLeftOut?: true
  scores: Record<string, number | null>
  costMicroUsd: number
  latencyMs: number
  provider?: string
  degraded?: boolean
  /** The run of a workflow target. */
  runId?: string
}

/** What a person reads of one case; 5,000 of them must stay readable. */
export const MAX_OUTPUT_CHARACTERS = 20_000

/** A step of an evaluation is a message and a file; a batch that fails is taken up where it stopped. */
const BATCH_SIZES = { skill: 10, collection: 20, workflow: 5 } as const

export const batchSizeOf = (target: EvaluationTarget): number =>
  'workflow' in target ? BATCH_SIZES.workflow : 'skill' in target ? BATCH_SIZES.skill : BATCH_SIZES.collection

export interface Batch {
  from: number
  count: number
}

export const batchesOf = ({ cases, batchSize }: Pick<EvaluationRecord, 'cases' | 'batchSize'>): Batch[] =>
  Array.from({ length: Math.ceil(cases / batchSize) }, (_, at) => ({
    from: at * batchSize,
    count: Math.min(batchSize, cases - at * batchSize),
  }))

export const evaluationKeys = {
  /** The results of the batch that begins with this case. */
  results: (evaluationId: string, from: number) => `evaluations/${evaluationId}/cases/${from}.json`,
  /** Scores of all cases, for comparisons. */
  scores: (evaluationId: string) => `evaluations/${evaluationId}/scores.json`,
  /** The workflow as it is run: without what acts. */
  workflow: (evaluationId: string) => `evaluations/${evaluationId}/workflow.json`,
} as const

/** The workflow of a target as its cases run it. */
export type StoredTargetWorkflow = Pick<WorkflowVersion, 'name' | 'version' | 'definition' | 'createdAt' | 'builtIn'>
