import { AppError } from './error'
import type { ScoredCase } from './evaluation-summary'
import { batchesOf, type CaseResult, type EvaluationRecord, evaluationKeys } from './evaluations'
import type { Files } from './ports'

/** Results of evaluations in the file store: one file a batch, and one with all scores at the end. */

const JSON_TYPE = 'application/json'

async function readJson<T>(files: Pick<Files, 'read'>, key: string): Promise<T | undefined> {
  const bytes = await files.read(key)
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as T)
}

/** What is done of a batch; nothing when it has not begun. */
export const readResults = async (files: Pick<Files, 'read'>, evaluationId: string, from: number): Promise<CaseResult[]> =>
  (await readJson<CaseResult[]>(files, evaluationKeys.results(evaluationId, from))) ?? []

export async function writeResults(
  files: Pick<Files, 'put'>,
  evaluationId: string,
  from: number,
  results: readonly CaseResult[],
): Promise<void> {
  await files.put(evaluationKeys.results(evaluationId, from), JSON.stringify(results), JSON_TYPE)
}

/** The scores of all cases that are done, batch after batch: outputs are never in memory together. */
export async function readScores(
  files: Pick<Files, 'read'>,
  evaluation: Pick<EvaluationRecord, 'id' | 'cases' | 'batchSize'>,
): Promise<{ scores: ScoredCase[]; costMicroUsd: number }> {
  const scores: ScoredCase[] = []
  let costMicroUsd = 0
  for (const { from } of batchesOf(evaluation))
    for (const { id, hash, tags, status, scores: ofCase, costMicroUsd: cost } of await readResults(files, evaluation.id, from)) {
      scores.push({ id, hash, tags, failed: status === 'failed', scores: ofCase })
      costMicroUsd += cost
    }
  return { scores, costMicroUsd }
}

export async function writeScores(files: Pick<Files, 'put'>, evaluationId: string, scores: readonly ScoredCase[]): Promise<void> {
  await files.put(evaluationKeys.scores(evaluationId), JSON.stringify(scores), JSON_TYPE)
}

/** The scores of an evaluation at its end. Refuses `conflict` before that. */
export async function readFinalScores(files: Pick<Files, 'read'>, evaluationId: string): Promise<ScoredCase[]> {
  const scores = await readJson<ScoredCase[]>(files, evaluationKeys.scores(evaluationId))
  if (scores === undefined) throw new AppError('conflict', `Evaluation '${evaluationId}' has not ended; compare it when it has.`)
  return scores
}
