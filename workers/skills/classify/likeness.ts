import { NONE_OF_THESE } from '../../domain/classifiers'
import { fullText, type ParsedDocument } from '../../domain/documents'
import type { Encoder } from '../../domain/models'
import { decide } from './evidence'
import { NONE_SCORE, scoresByWords } from './labels'
import type { ClassifyOutput, CustomLabel } from './schema'

/** The encoder reads no further. */
const MAX_CHARACTERS = 1_000
/** Likeness at which a label and `none of these` are equally likely: with more examples the nearest one is nearer by chance. */
const EVEN_LIKENESS = 0.45
const MORE_A_REFERENCE = 0.01
const MOST_MORE = 0.1
/** Logits for each whole step of likeness, from 0 to 1. */
const STEEPNESS = 14

/** The texts that show what a label means. */
const referencesOf = ({ examples, description }: CustomLabel): string[] => [...examples, ...(description ? [description] : [])]

/** Whether likeness can decide: every label has an example or a description, and one of them at least an example. */
export const canCompare = (labels: readonly CustomLabel[]): boolean =>
  labels.every((label) => referencesOf(label).length > 0) && labels.some(({ examples }) => examples.length > 0)

/**
 * Names the label whose examples and description are most like the text, by the encoder and by the label's keywords; without any
 * training. Out of scope, when no label is like enough, is `none of these`.
 */
export async function classifyByLikeness(
  document: ParsedDocument,
  labels: readonly CustomLabel[],
  encoder: Encoder,
): Promise<ClassifyOutput> {
  const references = labels.map(referencesOf)
  const [query = [], ...vectors] = await encoder.embed([fullText(document).slice(0, MAX_CHARACTERS), ...references.flat()])
  const byWords = scoresByWords(document, labels)
  let from = 0
  const scores = labels.map((label, at) => {
    const own = vectors.slice(from, from + (references[at]?.length ?? 0))
    from += own.length
    const even = EVEN_LIKENESS + Math.min(MOST_MORE, own.length * MORE_A_REFERENCE)
    const { score: words = 0, evidence = [] } = byWords[at] ?? {}
    return { class: label.name, score: words + STEEPNESS * (likeness(query, own) - even), evidence }
  })
  return decide(scores, { class: NONE_OF_THESE, score: 0 })
}

/** Likeness of a text to a name or description from which on they have to do with each other, logits a whole step, and the most of them. */
const RELATED = 0.28
const RELATED_STEEPNESS = 10
const MOST_RELATED = 4

/**
 * Names a label that has only a name or a description: by words, and by how near the encoder sees the text. Likeness to a description
 * is weak evidence beside an example, so it only adds.
 */
export async function classifyByMeaning(
  document: ParsedDocument,
  labels: readonly CustomLabel[],
  encoder: Encoder,
): Promise<ClassifyOutput> {
  const meanings = labels.map(({ name, description, examples }) => examples[0] ?? description ?? name.replace(/[_-]/g, ' '))
  const [query = [], ...vectors] = await encoder.embed([fullText(document).slice(0, MAX_CHARACTERS), ...meanings])
  const scores = scoresByWords(document, labels).map((byWords, at) => {
    const related = RELATED_STEEPNESS * (inner(query, vectors[at] ?? []) - RELATED)
    return { ...byWords, score: byWords.score + Math.min(MOST_RELATED, Math.max(0, related)) }
  })
  return decide(scores, { class: NONE_OF_THESE, score: NONE_SCORE })
}

/** Between the likeness to the nearest reference and that to the middle of all: both alone are right less often. */
function likeness(query: readonly number[], references: readonly (readonly number[])[]): number {
  const nearest = Math.max(...references.map((reference) => inner(query, reference)))
  const middle = query.map((_, at) => references.reduce((sum, reference) => sum + (reference[at] ?? 0), 0))
  const length = Math.sqrt(inner(middle, middle)) || 1
  return (nearest + inner(query, middle) / length) / 2
}

const inner = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0)
