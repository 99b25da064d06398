/** Damps the weight of the very first ranks; 60 is the value of Cormack, Clarke and Büttcher (SIGIR 2009). */
const RANK_OFFSET = 60

export interface Ranked {
  id: number
  score: number
}

/**
 * Reciprocal rank fusion: an id scores Σ 1 / (60 + rank) over the rankings that name it, ranks from 1. Each ranking is best first,
 * without repetitions. Best first; equal scores by ascending id, so that the same rankings always give the same order.
 */
export function fuseRankings(rankings: readonly (readonly number[])[], limit: number): Ranked[] {
  const scores = new Map<number, number>()
  for (const ids of rankings) {
    for (const [index, id] of ids.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (RANK_OFFSET + index + 1))
  }
  const fused = Array.from(scores, ([id, score]) => ({ id, score }))
  return fused.sort((a, b) => b.score - a.score || a.id - b.id).slice(0, limit)
}
