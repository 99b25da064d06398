import type { Evidence } from './evidence'
import type { ParsedQuestion } from './question'
import { type Candidate, candidatesOf } from './spans'
import { tableCell } from './table-cell'
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
  const scored = candidatesOf(question, text).map(({ candidate, features }) => ({
    candidate,
    score: spans.reduce((sum, weight, index) => sum + weight * (features[index] ?? 0), 0),
  }))
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a), {
    candidate: undefined as Candidate | undefined,
    score: Number.NEGATIVE_INFINITY,
  })
  const total = scored.reduce((sum, { score }) => sum + Math.exp(score - best.score), 0)
  return best.candidate !== undefined && 1 / total >= leastSpanShare ? best.candidate : undefined
}
