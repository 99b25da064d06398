/** Measures that several sets share. A ranking is a list of ids, best first. */

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/**
 * Normalised discounted cumulated gain of the first `depth`: Σ gain / log2(rank + 1) over that of the best order (Järvelin and
 * Kekäläinen 2002, with linear gains as in trec_eval).
 */
export function ndcg(ranking: readonly string[], gains: Readonly<Record<string, number>>, depth: number): number {
  const discounted = (ordered: readonly number[]) =>
    ordered.slice(0, depth).reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0)
  const best = discounted(Object.values(gains).sort((a, b) => b - a))
  return best === 0 ? 0 : discounted(ranking.map((id) => gains[id] ?? 0)) / best
}

/** Average precision over the relevant ids (gain above 0), those that were not found counting 0; its mean over questions is MAP. */
export function averagePrecision(ranking: readonly string[], gains: Readonly<Record<string, number>>): number {
  const relevant = Object.values(gains).filter((gain) => gain > 0).length
  let found = 0
  let sum = 0
  for (const [index, id] of ranking.entries()) {
    if ((gains[id] ?? 0) <= 0) continue
    found += 1
    sum += found / (index + 1)
  }
  return relevant === 0 ? 0 : sum / relevant
}

/** 1 / rank of the first relevant id among the first `depth`, or 0. */
export function reciprocalRank(ranking: readonly string[], isRelevant: (id: string) => boolean, depth: number): number {
  const at = ranking.slice(0, depth).findIndex(isRelevant)
  return at === -1 ? 0 : 1 / (at + 1)
}

/** Share of the relevant ids among the first `depth`. */
export function recall(ranking: readonly string[], relevant: readonly string[], depth: number): number {
  const first = new Set(ranking.slice(0, depth))
  return relevant.length === 0 ? 0 : relevant.filter((id) => first.has(id)).length / relevant.length
}

/** Share of cases that are so. */
export const share = (cases: readonly boolean[]): number => mean(cases.map(Number))

/** Precision, recall and their harmonic mean from counts. */
export function precisionRecallF1({ correct, given, wanted }: { correct: number; given: number; wanted: number }): {
  precision: number
  recall: number
  f1: number
} {
  const precision = given === 0 ? 0 : correct / given
  const found = wanted === 0 ? 0 : correct / wanted
  return { precision, recall: found, f1: precision + found === 0 ? 0 : (2 * precision * found) / (precision + found) }
}
