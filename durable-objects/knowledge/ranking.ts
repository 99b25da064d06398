import { attainable, type CollectionTerms, contributionsOf, type Passage, sumOf } from './bm25'
import { orderByCoverage } from './coverage'
import { expandQuestion } from './feedback'

export interface VectorTrust {
  vectorWeight: number
  leastProduct: number
  /** Collections whose passages have so many terms on average give vectors half of their weight, shorter ones less. */
  halfTrustLength: number
}

export interface RankedPassage {
  number: number
  score: number
  /** Share of what the words could score; absent when it has none of them. */
  words?: number
  vector?: number
  /** Share of what the graph makes of the passage that it makes the most of. */
  graph?: number
}

/**
 * Orders passages by words and meaning. A passage scores the share that its BM25, with the terms of the best passages added to the
 * question's, has of what it could have, plus the part of its product above `leastProduct`, weighed. Scores are added and not ranks:
 * the first of a weak encoder's ranking is no better than its product, and where no passage has the question's words meaning decides.
 */
export function rankPassages(
  passages: readonly Passage[],
  weights: ReadonlyMap<string, number>,
  products: ReadonlyMap<number, number>,
  collection: CollectionTerms,
  trust: VectorTrust,
): RankedPassage[] {
  const scored = passages
    .map((passage) => ({ passage, score: sumOf(contributionsOf(passage, weights, collection)) }))
    .sort((a, b) => b.score - a.score || a.passage.number - b.passage.number)
  const found = scored.filter(({ score }) => score > 0)
  const expanded = found.length === 0 ? weights : expandQuestion(weights, found, collection)
  const unit = attainable(normalised(weights), collection)
  const weight = weightOf(trust, collection)
  const candidates = passages.map((passage) => {
    const contributions = contributionsOf(passage, normalised(expanded), collection)
    for (const [term, value] of contributions) contributions.set(term, value / unit)
    return { number: passage.number, contributions, rest: weight * likeness(products.get(passage.number), trust) }
  })
  const shares = new Map(candidates.map(({ number, contributions }) => [number, sumOf(contributions)]))
  return orderByCoverage(candidates, collection.averageLength)
    .filter(({ score }) => score > 0)
    .map(({ number, score }) => {
      const words = shares.get(number) ?? 0
      const vector = products.get(number)
      return { number, score, ...(words > 0 && { words }), ...(vector !== undefined && { vector }) }
    })
}

function weightOf({ vectorWeight, halfTrustLength }: VectorTrust, { averageLength }: CollectionTerms): number {
  return averageLength === 0 ? 0 : (vectorWeight * averageLength ** 2) / (averageLength ** 2 + halfTrustLength ** 2)
}

const likeness = (product: number | undefined, { leastProduct }: VectorTrust): number =>
  product === undefined ? 0 : Math.max(0, product - leastProduct) / (1 - leastProduct)

function normalised(weights: ReadonlyMap<string, number>): Map<string, number> {
  let sum = 0
  for (const weight of weights.values()) sum += weight
  return new Map(Array.from(weights, ([term, weight]) => [term, weight / sum]))
}
