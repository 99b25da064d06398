import type { Abstention, Passage } from '../../domain/citations'
import type { Encoder } from '../../domain/models'
import { contradictionsOf } from '../citations/contradictions'
import { opposedWords } from '../citations/turned'
import { citationAt, verifyClaim } from '../citations/verify'
import { detectLanguage } from '../language/embedded'
import { type Evidence, type Setting, settingOf } from './evidence'
import { fullStop } from './full-stop'
import { isOfOtherYear } from './other-times'
import { abstentionText, contradictionText, premiseText } from './phrases'
import { falsePremise, type Presumed } from './premise'
import { type AnswerKind, type ParsedQuestion, parseQuestion } from './question'
import { type RankedEvidence, rankEvidence } from './rank'
import type { AnswerInput, AnswerOutput } from './schema'
import { shortAnswer } from './short'
import { ANSWER_WEIGHTS, type AnswerWeights } from './weights'

/** Questions that a statement answers, not a name or figure, may take so many sentences. */
const SENTENCES: Partial<Record<AnswerKind, number>> = { text: 3, reason: 2 }
/** A further sentence must answer with more certainty than the first: it is not needed. */
const LEAST_FURTHER = 0.6
/** So many of the best sentences are held against those that are given. */
const COMPARED = 8
/** What a question wants and what the passages have to it. */
interface Reading {
  question: ParsedQuestion
  ranked: RankedEvidence[]
  presumed?: Presumed
  warning?: string
}

/** An answer of sentences quoted from the passages, or none when the passages do not say. */
export async function answerEmbedded(
  { question, passages }: Pick<AnswerInput, 'question' | 'passages'>,
  encoder?: Encoder,
  signal?: AbortSignal,
  weights = ANSWER_WEIGHTS,
): Promise<AnswerOutput> {
  if (passages.length === 0) return abstain(question, 'no_sources', 0, [])
  const reading = await read(question, passages, weights, usable(encoder, passages), signal)
  const warnings = reading.warning === undefined ? [] : [reading.warning]
  const best = reading.ranked[0]
  if (best === undefined || best.probability < weights.leastProbability)
    return abstain(question, 'not_stated', 1 - (best?.probability ?? 0), warnings)
  return { ...compose(reading, best, passages, weights), warnings }
}

export function abstain(question: string, reason: Abstention, confidence: number, warnings: string[]): AnswerOutput {
  return {
    answer: abstentionText(question, reason),
    sentences: [],
    abstained: true,
    reason,
    contradictions: [],
    confidence: round(confidence),
    warnings,
  }
}

/** The encoder reads English only; in other languages its vectors would only mislead. */
const usable = (encoder: Encoder | undefined, passages: readonly Passage[]): Encoder | undefined =>
  ['en', 'und'].includes(
    detectLanguage(
      passages
        .slice(0, 3)
        .map((passage) => passage.text)
        .join('\n'),
    ).language,
  )
    ? encoder
    : undefined

async function read(
  text: string,
  passages: readonly Passage[],
  weights: AnswerWeights,
  encoder: Encoder | undefined,
  signal?: AbortSignal,
): Promise<Reading> {
  const asked = parseQuestion(text)
  const setting = settingOf(asked, passages)
  const presumed = presumedIn(asked, setting)
  // A question that is wrong in a figure is still answered: without that figure.
  const question = presumed ? { ...asked, terms: asked.terms.filter((term) => !presumed.stems.includes(term.stem)) } : asked
  const { ranked: all, warning } = await rankEvidence(presumed ? settingOf(question, passages) : setting, weights, encoder, signal)
  const ranked = presumed ? all : all.filter(({ sentence }) => isAbout(question, sentence, passages[sentence.source]))
  const isStill = presumed && ranked[0] && falsePremise(asked, ranked[0].sentence) !== undefined
  return { question, ranked, ...(isStill && { presumed }), ...(warning !== undefined && { warning }) }
}

/** A sentence that says the opposite of what is asked, or speaks of another year, does not answer, however many words it shares. */
function isAbout(question: ParsedQuestion, sentence: Evidence, passage: Passage | undefined): boolean {
  if (isOfOtherYear(question, sentence.text, `${passage?.name ?? ''} ${passage?.context ?? ''}`)) return false
  return question.kind === 'yes_no' || opposedWords(question.text, sentence.text).length === 0
}

/** A figure that no passage has, though one has another in its place. */
function presumedIn(question: ParsedQuestion, { evidence }: Setting): Presumed | undefined {
  const presumed = evidence.flatMap((sentence) => falsePremise(question, sentence) ?? [])[0]
  return presumed && !evidence.some((sentence) => presumed.stems.every((stem) => sentence.stems.has(stem))) ? presumed : undefined
}

function compose(
  { question, ranked, presumed }: Reading,
  best: RankedEvidence,
  passages: readonly Passage[],
  weights: AnswerWeights,
): Omit<AnswerOutput, 'warnings'> {
  const chosen = chooseSentences(question, ranked, best)
  const sentences = chosen.map(({ sentence }) => verifyClaim({ text: flat(sentence.text), cited: idOf(passages, sentence) }, passages))
  const source = passages[best.sentence.source]
  const short = shortAnswer(question, best.sentence, weights, source?.text ?? '')
  const stated = ranked.slice(0, COMPARED).flatMap((each) => {
    const passage = passages[each.sentence.source]
    return passage ? [{ each, text: each.sentence.text, citation: citationAt(passage, each.sentence) }] : []
  })
  const contradictions = contradictionsOf(
    stated.filter(({ each }) => chosen.includes(each)),
    stated.filter(({ each }) => !chosen.includes(each)),
  )
  const premise = presumed && source && { asked: presumed.asked, found: presumed.found, citation: citationAt(source, best.sentence) }
  const said = [
    ...(premise ? [premiseText(question.text, premise)] : []),
    ...sentences.map((sentence) => fullStop(sentence.text)),
    ...contradictions.map(({ about, sides }) =>
      contradictionText(
        question.text,
        about,
        sides.map((side) => side.value),
      ),
    ),
  ]
  return {
    answer: said.join(' '),
    sentences,
    ...(short && source && { short: { text: short.text, citation: citationAt(source, placed(best.sentence, short)) } }),
    abstained: false,
    contradictions,
    ...(premise && { premise }),
    confidence: round(best.probability),
  }
}

/** The best sentence, and for questions that ask for more than a name or figure the next good ones, in reading order. */
function chooseSentences({ kind }: ParsedQuestion, ranked: readonly RankedEvidence[], best: RankedEvidence): RankedEvidence[] {
  const further = ranked.slice(1).filter(({ probability }) => probability >= Math.max(LEAST_FURTHER, best.probability / 2))
  return [best, ...further.slice(0, (SENTENCES[kind] ?? 1) - 1)].sort(
    (a, b) => a.sentence.source - b.sentence.source || a.sentence.start - b.sentence.start,
  )
}

const idOf = (passages: readonly Passage[], { source }: Evidence): string[] => passages.slice(source, source + 1).map(({ id }) => id)
const placed = ({ start }: Evidence, part: { start: number; end: number }) => ({ start: start + part.start, end: start + part.end })
const flat = (text: string): string => text.replace(/\s+/g, ' ').trim()
const round = (value: number): number => Math.round(value * 1_000) / 1_000
