import { type Decision, greatest, probabilitiesOf } from './decision'
import { groupByLabel, type Neighbours, voteOf } from './neighbours'
import { inScope, type ScopeRule, signsOf } from './scope'
import { pairTerm, type Sample, wordsOf, wordTerm } from './terms'
import { type Row, rowOf, type Vocabulary } from './vocabulary'

/** The weights of all machines, 8 bits each. Term by term, so that a text touches few cache lines: `values[position · machines + machine]`. */
export interface PackedWeights {
  machines: number
  values: Int8Array
  /** What one unit of each machine's weights is worth. */
  units: Float32Array
}

/** A trained model. With `encoder` it needs a text's vector of that encoder, else words are all it needs. */
export interface Classifier {
  labels: readonly string[]
  vocabulary: Vocabulary
  weights: PackedWeights
  encoder?: { model: string; dimensions: number; neighbours: Neighbours }
  decision: Decision
  scope: ScopeRule
  /** One machine more than labels: it tells the out-of-scope examples. */
  hasRejection: boolean
}

export interface Named {
  /** Undefined: out of scope, none of the labels. */
  label: string | undefined
  /** Probability of the best label, whether or not the text is in scope. */
  confidence: number
  /** Best first, at most `ALTERNATIVES` labels, the named one among them. */
  ranking: { label: string; confidence: number }[]
}

/** The encoder counts this much beside words and pieces, which have length 1 each. Chosen by cross-validation on intents. */
export const ENCODER_WEIGHT = 1.2
/** Labels whose examples may vote: more change nothing and cost time. */
export const VOTING_LABELS = 8
const ALTERNATIVES = 4

/** Names the label of one text. `vector` is of unit length, from the encoder the model was trained with. */
export function nameLabel(classifier: Classifier, sample: Sample, vector?: Float32Array): Named {
  const { labels, encoder, decision, scope } = classifier
  const scores = scoresOf(classifier, rowOf(classifier.vocabulary, sample), vector)
  const own = scores.subarray(0, labels.length)
  const vote =
    encoder && vector && voteOf(encoder.neighbours, vector, examplesOf(encoder.neighbours, greatest(own, VOTING_LABELS)), labels.length)
  const probabilities = probabilitiesOf(decision, { scores: own, ...(vote && { votes: vote.shares, likeness: vote.likeness }) })
  const signs = signsOf({
    probabilities,
    scores: own,
    ...(vote && { nearest: vote.nearest }),
    ...(classifier.hasRejection && { rejection: scores[labels.length] ?? 0 }),
  })
  const ranking = greatest(probabilities, ALTERNATIVES).map((label) => ({
    label: labels[label] as string,
    confidence: probabilities[label] as number,
  }))
  const [best] = ranking
  return { label: inScope(scope, signs) >= 0 ? best?.label : undefined, confidence: best?.confidence ?? 0, ranking }
}

/** The score of every machine for one row. */
export function scoresOf({ vocabulary, weights, encoder }: Classifier, row: Row, vector?: Float32Array): Float64Array {
  const { machines, values, units } = weights
  const sums = new Float64Array(machines)
  const add = (position: number, amount: number): void => {
    const from = position * machines
    for (let machine = 0; machine < machines; machine += 1)
      sums[machine] = (sums[machine] as number) + amount * (values[from + machine] as number)
  }
  for (let at = 0; at < row.indices.length; at += 1) add(row.indices[at] as number, row.values[at] as number)
  const terms = vocabulary.terms.length
  const dimensions = encoder?.dimensions ?? 0
  if (vector) for (let at = 0; at < dimensions; at += 1) add(terms + at, ENCODER_WEIGHT * (vector[at] as number))
  add(terms + dimensions, 1)
  for (let machine = 0; machine < machines; machine += 1) sums[machine] = (sums[machine] as number) * (units[machine] as number)
  return sums
}

const groups = new WeakMap<Neighbours, Uint32Array[]>()

/** Numbers of the examples of the labels. */
function examplesOf(neighbours: Neighbours, labels: readonly number[]): Uint32Array[] {
  let byLabel = groups.get(neighbours)
  if (byLabel === undefined) {
    byLabel = groupByLabel(neighbours.labels)
    groups.set(neighbours, byLabel)
  }
  return labels.flatMap((label) => byLabel[label] ?? [])
}

/** The words and pairs of words that spoke most for a label, with their part of its score, most first. */
export function reasonsFor(classifier: Classifier, sample: Sample, label: string, count: number): { term: string; weight: number }[] {
  const { vocabulary, weights } = classifier
  const machine = classifier.labels.indexOf(label)
  const row = rowOf(vocabulary, sample)
  const values = new Map(Array.from(row.indices, (index, at) => [index, row.values[at] as number]))
  const words = wordsOf(sample.text)
  const terms = new Map<string, number>()
  for (const [at, word] of words.entries()) {
    terms.set(word, wordTerm(word))
    const next = words[at + 1]
    if (next !== undefined) terms.set(`${word} ${next}`, pairTerm(word, next))
  }
  return [...terms]
    .flatMap(([term, hash]) => {
      const index = vocabulary.indexOf(hash)
      const value = index === undefined ? undefined : values.get(index)
      if (index === undefined || value === undefined || !/[\p{L}\p{N}]/u.test(term)) return []
      return [{ term, weight: value * (weights.values[index * weights.machines + machine] as number) * (weights.units[machine] as number) }]
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, count)
}
