/** Damps the weight of the very first ranks; 60 is the value of Cormack, Clarke and Büttcher (SIGIR 2009). */
const RANK_OFFSET = 60

export interface Ranking {
  /** Best first, without repetitions. */
  ids: readonly number[]
  weight: number
}

/**
 * Reciprocal rank fusion: an id scores Σ weight / (60 + rank) over the rankings that name it, ranks from 1.
 * Best first; equal scores by ascending id, so that the same rankings always give the same order.
 */
export function fuseRankings(rankings: readonly Ranking[], limit: number): { id: number; score: number }[] {
  const scores = new Map<number, number>()
  for (const { ids, weight } of rankings) {
    for (const [index, id] of ids.entries()) scores.set(id, (scores.get(id) ?? 0) + weight / (RANK_OFFSET + index + 1))
  }
  const fused = Array.from(scores, ([id, score]) => ({ id, score }))
  return fused.sort((a, b) => b.score - a.score || a.id - b.id).slice(0, limit)
}
