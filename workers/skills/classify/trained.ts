import { NONE_OF_THESE } from '../../domain/classifiers'
import type { ParsedDocument } from '../../domain/documents'
import { AppError } from '../../domain/error'
import type { Encoder } from '../../domain/models'
import { spanOf } from '../text/lines'
import { wholeWord } from '../text/pattern'
import { type Classifier, type Named, nameLabel, reasonsFor } from './learn/classifier'
import { sampleOf } from './learn/sample'
import type { ClassifyOutput } from './schema'

const MAX_REASONS = 8

/**
 * Names the label of each text by a trained classifier, without any model elsewhere. A mail is best given in its raw form. Refuses
 * `conflict` when the model was trained with an encoder that is not there any more.
 */
export async function nameTexts(classifier: Classifier, texts: readonly string[], encoder: Encoder | undefined): Promise<Named[]> {
  const samples = await Promise.all(texts.map((text) => sampleOf(text)))
  if (classifier.encoder === undefined) return samples.map((sample) => nameLabel(classifier, sample))
  if (encoder?.model !== classifier.encoder.model)
    throw new AppError(
      'conflict',
      `The classifier was trained with the encoder '${classifier.encoder.model}', which is gone: train it again.`,
    )
  const vectors = await encoder.embed(samples.map(({ text }) => text))
  return samples.map((sample, at) => nameLabel(classifier, sample, Float32Array.from(vectors[at] ?? [])))
}

/** A document's class by a trained classifier, with the words that spoke for it. `text` is what it reads: of a mail, its raw form. */
export async function classifyTrained(
  classifier: Classifier,
  document: ParsedDocument,
  text: string,
  encoder: Encoder | undefined,
): Promise<ClassifyOutput> {
  const [named] = await nameTexts(classifier, [text], encoder)
  if (named === undefined) throw new Error('One text has one name.')
  const { label, confidence, ranking } = named
  const reasons = label === undefined ? [] : reasonsFor(classifier, await sampleOf(text), label, MAX_REASONS)
  return {
    class: label ?? NONE_OF_THESE,
    confidence: label === undefined ? 1 - confidence : confidence,
    evidence: reasons.map(({ term, weight }) => ({ term, weight: Math.round(weight * 1_000) / 1_000, ...placeOf(document, term) })),
    alternatives: ranking.filter((other) => other.label !== label).map((other) => ({ class: other.label, confidence: other.confidence })),
  }
}

function placeOf(document: ParsedDocument, term: string) {
  for (const page of document.pages) {
    const match = wholeWord(term).exec(page.text)
    if (match) return { span: spanOf(document.pages, { page: page.number, start: match.index, end: match.index + match[0].length }) }
  }
  return {}
}
