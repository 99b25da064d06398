import type { CollectionTerms, Passage } from './bm25'

/** How many of the best passages say what else the question may mean, and how many of their terms are taken. */
const PASSAGES = 5
const TERMS = 40
/** What their terms weigh at most beside those of the question. */
const SHARE = 0.5
/** With so many terms read, feedback has half of its weight: a few words are not enough to go by. */
const HALF_TRUST_LENGTH = 60
/** Terms of a single passage find only itself; terms of more than this share of all passages tell nothing. */
const LEAST_PASSAGES = 2
const LARGEST_SHARE = 0.1

export interface ScoredPassage {
  passage: Passage
  score: number
}

/**
 * The question's weights with terms of its best passages: relevance model RM3 (Abdul-Jaleel et al., TREC 2004), in which a passage
 * counts by the exponential of its BM25, so that a passage far ahead of the others speaks almost alone and cannot be drowned out.
 * Weights sum to 1. `scored`: best first.
 */
export function expandQuestion(
  weights: ReadonlyMap<string, number>,
  scored: readonly ScoredPassage[],
  collection: CollectionTerms,
): Map<string, number> {
  const best = scored.slice(0, PASSAGES)
  const model = relevanceModel(best, collection)
  const share = model.size === 0 ? 0 : SHARE * trust(best)
  const expanded = new Map<string, number>()
  add(expanded, weights, 1 - share)
  add(expanded, model, share)
  return expanded
}

function relevanceModel(best: readonly ScoredPassage[], collection: CollectionTerms): Map<string, number> {
  const model = new Map<string, number>()
  for (const [index, share] of sharesOf(best).entries()) {
    const passage = best[index]?.passage
    for (const [term, count] of passage?.terms ?? [])
      if (term.length > 1) model.set(term, (model.get(term) ?? 0) + (share * count) / (passage?.length ?? 1))
  }
  const chosen = new Map<string, number>()
  const most = Math.max(LEAST_PASSAGES, LARGEST_SHARE * collection.passages)
  for (const [term, weight] of [...model].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))) {
    const frequency = collection.frequencyOf(term)
    if (frequency >= LEAST_PASSAGES && frequency <= most) chosen.set(term, weight)
    if (chosen.size === TERMS) break
  }
  return chosen
}

function sharesOf(best: readonly ScoredPassage[]): number[] {
  const top = best[0]?.score ?? 0
  const raw = best.map(({ score }) => Math.exp(score - top))
  const sum = raw.reduce((total, value) => total + value, 0)
  return raw.map((value) => value / sum)
}

function trust(best: readonly ScoredPassage[]): number {
  const read = sharesOf(best).reduce((sum, share, index) => sum + share * (best[index]?.passage.length ?? 0), 0)
  return read ** 2 / (read ** 2 + HALF_TRUST_LENGTH ** 2)
}

function add(target: Map<string, number>, weights: ReadonlyMap<string, number>, share: number): void {
  let sum = 0
  for (const weight of weights.values()) sum += weight
  for (const [term, weight] of weights) target.set(term, (target.get(term) ?? 0) + (share * weight) / sum)
}
