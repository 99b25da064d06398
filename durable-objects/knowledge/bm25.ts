/** Saturation of repeated terms and weight of length, as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009). */
const K1 = 1.2
const B = 0.75
/**
 * Terms that every passage is taken to have besides its own. Among passages of a few words the plain formula rewards having next to no
 * words; this leaves paragraphs as they are. Chosen on dev parts with all other constants of ranking: see evals/sets.
 */
const LENGTH_PRIOR = 30

/** Terms of a passage with how often each occurs, headings counted less. */
export interface Passage {
  number: number
  terms: ReadonlyMap<string, number>
  length: number
}

/** What a collection knows of its passages. */
export interface CollectionTerms {
  passages: number
  averageLength: number
  /** In how many passages a term occurs. */
  frequencyOf(term: string): number
}

/** How telling a term is: ln(1 + (N − n + ½) / (n + ½)), never negative. */
export function rarityOf(term: string, { passages, frequencyOf }: CollectionTerms): number {
  const frequency = frequencyOf(term)
  return Math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
}

/** What each term of `weights` adds to a passage's BM25. */
export function contributionsOf(
  { terms, length }: Passage,
  weights: ReadonlyMap<string, number>,
  collection: CollectionTerms,
): Map<string, number> {
  const norm = K1 * (1 - B + (B * (length + LENGTH_PRIOR)) / (collection.averageLength + LENGTH_PRIOR))
  const found = new Map<string, number>()
  for (const [term, weight] of weights) {
    const count = terms.get(term)
    if (count !== undefined) found.set(term, (weight * rarityOf(term, collection) * count * (K1 + 1)) / (count + norm))
  }
  return found
}

/** The most that a passage could score: every term of the question over and over. Terms that no passage has count as well. */
export function attainable(weights: ReadonlyMap<string, number>, collection: CollectionTerms): number {
  let sum = 0
  for (const [term, weight] of weights) sum += weight * rarityOf(term, collection) * (K1 + 1)
  return sum
}

export const sumOf = (contributions: ReadonlyMap<string, number>): number => {
  let sum = 0
  for (const value of contributions.values()) sum += value
  return sum
}
