import { NONE_OF_THESE } from '../../domain/classifiers'
import { fullText, type ParsedDocument } from '../../domain/documents'
import { ANY_STOPWORD } from '../language/stopwords'
import { judgeSentiment } from '../sentiment/embedded'
import { wholeWord } from '../text/pattern'
import { featuresOf, mannerOf } from './concepts'
import { decide, type Evidence, type Score, score } from './evidence'
import { FEATURES, type Feature, feature } from './features'
import type { ClassifyOutput, CustomLabel } from './schema'

/** The score of `none of these`: one passing word of little weight names no label. */
export const NONE_SCORE = 1.3
const KEYWORD = 2.4
const NAME = 1.6
const DESCRIBED = 1.5
/** What a description mentions is meant less surely than what the name says. */
const BY_DESCRIPTION = 0.85
const LEAST_WORD = 5
const MAX_DESCRIPTION_WORDS = 40
/** An inflection changes the end of a word. */
const ENDING = 2
/** Logits of how it is said: praise, blame, a question. */
const MANNER = 3
const ASKING = 2
const LEAST_OPINION = 0.3

/** Words of a name, which may be written as an identifier. */
const readable = (name: string): string => name.replace(/[_-]/g, ' ').replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')

/** What speaks for each label by its keywords, its name, its description, and what offices mean by these words. */
export function scoresByWords(document: ParsedDocument, labels: readonly CustomLabel[]): Score[] {
  const manner = mannersOf(document, labels)
  return labels.map((label) => eachPlaceOnce(score(document, label.name, featuresFor(label), manner(label.name))))
}

/** A word that is a keyword, the name and a sign of it at once says so once. */
function eachPlaceOnce(found: Score): Score {
  const kept: Evidence[] = []
  for (const evidence of found.evidence.toSorted((a, b) => b.weight - a.weight)) {
    const { span } = evidence
    const isTold = kept.some(
      (other) => span && other.span?.page === span.page && other.span.start < span.end && span.start < other.span.end,
    )
    if (!isTold) kept.push(evidence)
  }
  return { ...found, evidence: kept, score: kept.reduce((sum, { weight }) => sum + weight, 0) }
}

/** Names a label by words alone. */
export const classifyByWords = (document: ParsedDocument, labels: readonly CustomLabel[]): ClassifyOutput =>
  decide(scoresByWords(document, labels), { class: NONE_OF_THESE, score: NONE_SCORE })

/** Label and keywords as they are, the ones that the caller gave first; examples speak by likeness, not by words. */
function featuresFor({ name, description = '', keywords, examples }: CustomLabel): Feature[] {
  const words = readable(name)
  const given: Feature[] = [...keywords.map((keyword): Feature => [KEYWORD, wholeWord(keyword)]), [NAME, wholeWord(words)]]
  if (examples.length > 0) return given
  const documentClass = Object.entries(FEATURES).find(([known]) => known === words.toLowerCase().replace(/ /g, '_'))?.[1] ?? []
  const meant = featuresOf(words)
  const mentioned = featuresOf(description).filter((feature) => !meant.includes(feature))
  return [
    ...given,
    ...documentClass,
    ...meant,
    ...mentioned.map(([weight, pattern]): Feature => [weight * BY_DESCRIPTION, pattern]),
    ...describedBy(description),
  ]
}

function describedBy(description: string): Feature[] {
  const words = (description.match(/\p{L}{5,}/gu) ?? [])
    .filter((word) => !ANY_STOPWORD.has(word.toLowerCase()))
    .slice(0, MAX_DESCRIPTION_WORDS)
  const stems = new Set(words.map((word) => word.toLowerCase().slice(0, Math.max(LEAST_WORD, word.length - ENDING))))
  return [...stems].map((stem) => feature(DESCRIBED, `${stem}\\p{L}{0,8}`))
}

/** What the manner of the whole text says, where labels are about it. */
function mannersOf(document: ParsedDocument, labels: readonly CustomLabel[]): (name: string) => Evidence[] {
  if (!labels.some(({ name }) => mannerOf(readable(name)))) return () => []
  const { score: opinion } = judgeSentiment({ document, limit: 1 })
  const asks = /\?\s*$/m.test(fullText(document))
  return (name) => {
    const manner = mannerOf(readable(name))
    if (manner === 'asking') return asks ? [{ term: '?', weight: ASKING }] : []
    const agrees = manner === 'praise' ? opinion : manner === 'blame' ? -opinion : 0
    return agrees >= LEAST_OPINION
      ? [{ term: manner === 'praise' ? 'praise' : 'blame', weight: Math.round(agrees * MANNER * 100) / 100 }]
      : []
  }
}
