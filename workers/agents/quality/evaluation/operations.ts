import * as z from 'zod'
import { readCases } from '../../../domain/dataset-cases'
import { AppError } from '../../../domain/error'
import { readResults, readScores, writeResults, writeScores } from '../../../domain/evaluation-results'
import { summarise } from '../../../domain/evaluation-summary'
import { batchesOf, type CaseResult, type EvaluationRecord } from '../../../domain/evaluations'
import type { Ports } from '../../../domain/ports'
import { defineOperation } from '../../agent'
import { evaluateCase } from './evaluate-cases'
import { readTargetWorkflow } from './workflow-trial'

const evaluationId = z.string().min(1)
/** Cases of a batch that are under way at once; the workflow says how many batches are. */
const CASES_AT_ONCE = 3
/** A batch may have slow models; it is taken up where it stopped. */
const BATCH_TIMEOUT_MS = 15 * 60_000

export const planEvaluation = defineOperation({
  summary: 'Says in which batches the cases of an evaluation are done.',
  input: z.object({ evaluationId }),
  output: z.object({ batches: z.array(z.object({ from: z.int(), count: z.int() })) }),
  example: { evaluationId: 'evl_1' },
  run: async (input, _context, ports) => ({ batches: batchesOf(await readEvaluation(ports, input.evaluationId)) }),
})

export const evaluateCases = defineOperation({
  summary: 'Runs some cases of an evaluation through its target and scores what comes out.',
  input: z.object({ evaluationId, from: z.int().min(0), count: z.int().min(1).max(1_000) }),
  output: z.object({ cases: z.int(), failed: z.int(), costMicroUsd: z.number() }),
  example: { evaluationId: 'evl_1', from: 0, count: 10 },
  timeoutMs: BATCH_TIMEOUT_MS,
  async run({ from, count, ...input }, context, ports) {
    const evaluation = await readEvaluation(ports, input.evaluationId)
    const { dataset: name, datasetVersion: version, target } = evaluation
    const cases = await readCases(ports.files, { name, version }, from, count)
    const workflow = 'workflow' in target ? await readTargetWorkflow(ports, evaluation.id) : undefined
    const done = new Map((await readResults(ports.files, evaluation.id, from)).map((result) => [result.id, result]))
    const left = cases.filter(({ id }) => !done.has(id))
    const lane = async () => {
      for (let each = left.shift(); each !== undefined; each = left.shift()) {
        done.set(each.id, await evaluateCase({ evaluation, workflow, context, ports }, each))
        context.progress(`${done.size} of ${cases.length} cases from ${from + 1} on`, done.size / cases.length)
      }
    }
    const lanes = await Promise.allSettled(Array.from({ length: CASES_AT_ONCE }, lane))
    const results = cases.flatMap((each) => done.get(each.id) ?? [])
    // What is done is kept, whatever stopped the others: the next attempt goes on from here.
    await writeResults(ports.files, evaluation.id, from, results)
    const stopped = lanes.find(({ status }) => status === 'rejected')
    if (stopped?.status === 'rejected') throw stopped.reason
    tellOrigin(context.provenance, results)
    return {
      cases: results.length,
      failed: results.filter(({ status }) => status === 'failed').length,
      costMicroUsd: sumOf(results),
    }
  },
})

export const summariseEvaluation = defineOperation({
  summary: 'Puts the scores of all cases of an evaluation together.',
  input: z.object({ evaluationId }),
  output: z.object({
    evaluationId: z.string(),
    cases: z.int(),
    failed: z.int(),
    metrics: z.record(z.string(), z.number().nullable()),
  }),
  example: { evaluationId: 'evl_1' },
  async run(input, _context, ports) {
    const evaluation = await readEvaluation(ports, input.evaluationId)
    const { scores, costMicroUsd } = await readScores(ports.files, evaluation)
    // Whoever calls this operation: an evaluation with fewer cases would pass gates that the whole does not.
    if (scores.length !== evaluation.cases)
      throw new AppError('conflict', `${scores.length} of ${evaluation.cases} cases are done; the evaluation ends when all are.`)
    const summary = summarise(evaluation.metrics, scores, costMicroUsd)
    await writeScores(ports.files, evaluation.id, scores)
    await ports.evaluations.finish(evaluation.id, { summary, endedAt: ports.clock.now().toISOString() })
    return {
      evaluationId: evaluation.id,
      cases: summary.cases,
      failed: summary.failed,
      metrics: Object.fromEntries(summary.metrics.map(({ name, value }) => [name, value])),
    }
  },
})

async function readEvaluation({ evaluations }: Pick<Ports, 'evaluations'>, id: string): Promise<EvaluationRecord> {
  const evaluation = await evaluations.find(id)
  if (evaluation === undefined) throw new AppError('not_found', `There is no evaluation '${id}'; start one with POST /api/v1/evaluations.`)
  return evaluation
}

function tellOrigin(provenance: (provider: string, degraded?: boolean) => void, results: readonly CaseResult[]): void {
  const provider = results.find((result) => result.provider !== undefined && result.provider !== 'embedded')?.provider ?? 'embedded'
  provenance(
    provider,
    results.some(({ degraded }) => degraded),
  )
}

const sumOf = (results: readonly CaseResult[]): number => results.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0)
