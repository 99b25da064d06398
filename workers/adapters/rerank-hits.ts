import { messageOf, withDeadline, within } from '../domain/deadline'
import { AppError } from '../domain/error'
import type { RetrievalStage, SearchHit } from '../domain/knowledge'
import type { Reranker } from '../domain/ports'

/** Puts hits into the order of a reranker. One that fails, is late or leaves texts out costs nothing but its order: the stage says so. Throws `over_budget`. */
export async function rerankHits(
  hits: SearchHit[],
  question: string,
  reranker: Reranker | undefined,
  endsAt: number,
  now: () => number,
): Promise<{ hits: SearchHit[]; stage?: RetrievalStage }> {
  if (reranker === undefined) return { hits }
  if (hits.length < 2) return { hits, stage: { name: 'rerank', status: 'skipped', ms: 0, candidates: hits.length } }
  const startedAt = now()
  try {
    const deadlineMs = Math.max(1, endsAt - startedAt)
    const texts = hits.map((hit) => (hit.context === '' ? hit.text : `${hit.context}\n${hit.text}`))
    const scores = await withDeadline(Math.ceil(deadlineMs), (signal) => within(reranker.rerank(question, texts, signal), deadlineMs))
    const ordered = orderBy(hits, new Map(scores.map(({ index, score }) => [index, score])))
    return { hits: ordered, stage: { name: 'rerank', status: 'done', ms: now() - startedAt, candidates: ordered.length } }
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'over_budget') throw thrown
    const reason = `The reranker ${reranker.model} does not answer: ${messageOf(thrown)}.`
    return { hits, stage: { name: 'rerank', status: 'failed', ms: now() - startedAt, reason } }
  }
}

function orderBy(hits: SearchHit[], scores: ReadonlyMap<number, number>): SearchHit[] {
  const ordered = hits.map((hit, index) => {
    const score = scores.get(index)
    if (score === undefined || !Number.isFinite(score)) throw new Error(`it gave no score for text ${index + 1} of ${hits.length}`)
    return { ...hit, score, scores: { ...hit.scores, rerank: score } }
  })
  return ordered.sort((a, b) => b.score - a.score)
}
