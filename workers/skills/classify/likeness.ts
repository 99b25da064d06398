import { NONE_OF_THESE } from '../../domain/classifiers'
import { fullText, type ParsedDocument } from '../../domain/documents'
import type { Encoder } from '../../domain/models'
import { customEvidence, decide } from './embedded'
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

/** Whether likeness can decide: every label has an example or a description. */
export const canCompare = (labels: readonly CustomLabel[]): boolean => labels.every((label) => referencesOf(label).length > 0)

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
  let from = 0
  const scores = labels.map((label, at) => {
    const own = vectors.slice(from, from + (references[at]?.length ?? 0))
    from += own.length
    const even = EVEN_LIKENESS + Math.min(MOST_MORE, own.length * MORE_A_REFERENCE)
    const evidence = customEvidence(document, label)
    const keywords = evidence.reduce((sum, { weight }) => sum + weight, 0)
    return { class: label.name, score: keywords + STEEPNESS * (likeness(query, own) - even), evidence }
  })
  return decide(scores, { class: NONE_OF_THESE, score: 0 })
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
