import { type Sample, termsOf, VIEWS, type View } from './terms'

/** Term numbers fit 16 bits: the rows of ten thousand texts then fit a Worker's memory. */
const MOST_TERMS = 65_000
/** With so many examples, terms of one of them alone teach nothing; with fewer they do, unless each has so many terms. */
const ENOUGH_SAMPLES = 1_000
const ENOUGH_TERMS_A_SAMPLE = 200

/** One text as weighed terms: `indices` ascending within each view. */
export interface Row {
  indices: Uint16Array
  values: Float32Array
}

/** The terms that count and how rare each is. Rows of it have length 1 in each view. */
export interface Vocabulary {
  views: readonly View[]
  /** Hashes of all terms; the position is the term's number. */
  terms: Uint32Array
  /** ln((1 + texts) / (1 + texts with the term)) + 1, by term. */
  rarity: Float32Array
  indexOf(term: number): number | undefined
}

export function createVocabulary(views: readonly View[], terms: Uint32Array, rarity: Float32Array): Vocabulary {
  const numbers = new Map<number, number>()
  for (let index = 0; index < terms.length; index += 1) numbers.set(terms[index] as number, index)
  return { views, terms, rarity, indexOf: (term) => numbers.get(term) }
}

/**
 * Learns the terms of texts: those in at least two of them, the most common first when there are more than `limit`.
 * With few short texts a term of one text counts too, for there is little else.
 */
export function learnVocabulary(samples: readonly Sample[], views: readonly View[], limit = MOST_TERMS): Vocabulary {
  const counts = new Map<number, number>()
  for (const sample of samples) {
    const terms = termsOf(sample, views)
    for (const term of new Set(VIEWS.flatMap((view) => terms[view]))) counts.set(term, (counts.get(term) ?? 0) + 1)
  }
  const least = samples.length < ENOUGH_SAMPLES && counts.size < ENOUGH_TERMS_A_SAMPLE * samples.length ? 1 : 2
  const kept = [...counts].filter(([, count]) => count >= least)
  const most = Math.min(limit, MOST_TERMS)
  if (kept.length > most) kept.sort(([a, many], [b, few]) => few - many || a - b).length = most
  kept.sort(([a], [b]) => a - b)
  return createVocabulary(
    views,
    Uint32Array.from(kept, ([term]) => term),
    Float32Array.from(kept, ([, count]) => Math.log((1 + samples.length) / (1 + count)) + 1),
  )
}

/** The text's terms that the vocabulary knows, weighed by (1 + ln count) · rarity, each view of length 1. */
export function rowOf(vocabulary: Vocabulary, sample: Sample): Row {
  const terms = termsOf(sample, vocabulary.views)
  const parts = vocabulary.views.map((view) => weigh(vocabulary, terms[view]))
  const length = parts.reduce((sum, part) => sum + part.size, 0)
  const row = { indices: new Uint16Array(length), values: new Float32Array(length) }
  let at = 0
  for (const part of parts)
    for (const [index, value] of part) {
      row.indices[at] = index
      row.values[at] = value
      at += 1
    }
  return row
}

function weigh(vocabulary: Vocabulary, terms: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const term of terms) {
    const index = vocabulary.indexOf(term)
    if (index !== undefined) counts.set(index, (counts.get(index) ?? 0) + 1)
  }
  let squares = 0
  for (const [index, count] of counts) {
    const value = (1 + Math.log(count)) * (vocabulary.rarity[index] as number)
    counts.set(index, value)
    squares += value * value
  }
  const norm = Math.sqrt(squares)
  for (const [index, value] of counts) counts.set(index, value / norm)
  return counts
}

/** Rows of many texts in one piece of memory: row `r` is `[starts[r], starts[r + 1])`. */
export interface Rows {
  starts: Uint32Array
  indices: Uint16Array
  values: Float32Array
  terms: number
}

export function rowsOf(vocabulary: Vocabulary, samples: readonly Sample[]): Rows {
  const starts = new Uint32Array(samples.length + 1)
  let [indices, values] = [new Uint16Array(samples.length * 64 + 1_024), new Float32Array(samples.length * 64 + 1_024)]
  for (const [number, sample] of samples.entries()) {
    const row = rowOf(vocabulary, sample)
    const start = starts[number] as number
    const end = start + row.indices.length
    if (end > indices.length) [indices, values] = [grown(indices, end), grown(values, end)]
    indices.set(row.indices, start)
    values.set(row.values, start)
    starts[number + 1] = end
  }
  const end = starts[samples.length] as number
  return { starts, indices: indices.slice(0, end), values: values.slice(0, end), terms: vocabulary.terms.length }
}

function grown<T extends Uint16Array | Float32Array>(array: T, needed: number): T {
  const larger = new (array.constructor as new (length: number) => T)(Math.max(needed, Math.ceil(array.length * 1.5)))
  larger.set(array)
  return larger
}
