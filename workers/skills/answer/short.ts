import { figuresOf } from '../citations/figures'
import type { Evidence } from './evidence'
import { belongsToOtherYear } from './other-times'
import type { ParsedQuestion } from './question'
import { type Candidate, candidatesOf } from './spans'
import { tableCell } from './table-cell'
import { withUnit } from './units'
import type { AnswerWeights } from './weights'

/** The few words of a sentence that answer, where the question asks for such; undefined when none stands out. */
export function shortAnswer(
  question: ParsedQuestion,
  { text, start }: Evidence,
  { spans, leastSpanShare }: AnswerWeights,
  passage: string,
): Candidate | undefined {
  if (question.kind === 'yes_no') return undefined
  const cell = tableCell(question, text, passage.slice(0, start))
  if (cell !== undefined || question.kind === 'text') return cell
  const candidates = candidatesOf(question, text).filter(({ candidate }) => !belongsToOtherYear(question, text, candidate))
  const scored = candidates.map(({ candidate, features }) => ({
    candidate,
    score: spans.reduce((sum, weight, index) => sum + weight * (features[index] ?? 0), 0),
  }))
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a), {
    candidate: undefined as Candidate | undefined,
    score: Number.NEGATIVE_INFINITY,
  })
  const total = scored.reduce((sum, { score }) => sum + Math.exp(score - best.score), 0)
  return best.candidate !== undefined && 1 / total >= leastSpanShare ? withUnit(withWholeFigures(best.candidate, text), text) : undefined
}

/** Dates of centuries that documents of today do not bear. */
const OLD_DATE = /\b\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?\p{Lu}\p{L}{2,9}\s+\d{4}\b|\b\p{Lu}\p{L}{2,9}\s+\d{1,2},\s+\d{4}\b/gu

/** A date, an amount or a percentage is given whole or not at all. */
function withWholeFigures(candidate: Candidate, sentence: string): Candidate {
  const old = [...sentence.matchAll(OLD_DATE)].map(({ index, 0: { length } }) => ({ start: index, end: index + length }))
  const whole = [...figuresOf(sentence).filter(({ kind }) => kind !== 'number'), ...old]
  const cut = whole.filter(({ start, end }) => start < candidate.end && end > candidate.start)
  const start = Math.min(candidate.start, ...cut.map((figure) => figure.start))
  const end = Math.max(candidate.end, ...cut.map((figure) => figure.end))
  return { start, end, text: sentence.slice(start, end) }
}
