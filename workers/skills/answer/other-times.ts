import { type Figure, figuresOf } from '../citations/figures'
import type { ParsedQuestion } from './question'
import type { Candidate } from './spans'

const YEAR = /^(?:1[5-9]|20)\d{2}$/

/** Years that a text names, also within dates. */
const yearsOf = (text: string): Figure[] =>
  figuresOf(text).filter(({ kind, text: written }) => kind === 'date' || (kind === 'number' && YEAR.test(written)))
const yearOf = ({ kind, text, readings }: Figure): string => (kind === 'date' ? (readings[0] ?? '').slice(0, 4) : text)

/** Whether a question is about a year, and a sentence names only others. `around`: what is said above the sentence, which may name it. */
export function isOfOtherYear({ text: question, kind }: ParsedQuestion, sentence: string, around: string): boolean {
  const asked = yearsOf(question).map(yearOf)
  if (asked.length === 0 || kind === 'time') return false
  const named = yearsOf(sentence).map(yearOf)
  return named.length > 0 && !named.some((year) => asked.includes(year)) && !asked.some((year) => around.includes(year))
}

/**
 * Whether a stretch of a sentence belongs to another year than the question asks for: `41.2 million in 2022 and 47.9 million in 2023`.
 * Figures and years that stand in turns belong together two by two; else the nearest year counts.
 */
export function belongsToOtherYear({ text: question, kind }: ParsedQuestion, sentence: string, { start, end }: Candidate): boolean {
  const asked = yearsOf(question).map(yearOf)
  const years = yearsOf(sentence)
  if (asked.length === 0 || kind === 'time' || new Set(years.map(yearOf)).size < 2) return false
  const own =
    years.find((year) => year.start < end && year.end > start) ?? pairedYear(sentence, years, start) ?? nearestYear(years, start, end)
  return own !== undefined && !asked.includes(yearOf(own))
}

function pairedYear(sentence: string, years: readonly Figure[], start: number): Figure | undefined {
  const isYear = (figure: Figure) => years.some((year) => year.start === figure.start)
  const row = figuresOf(sentence)
  if (row.length < 4 || row.length % 2 === 1 || row.some((figure, at) => at > 0 && isYear(figure) === isYear(row[at - 1] ?? figure)))
    return undefined
  const at = row.findIndex((figure) => figure.start <= start && figure.end > start)
  const other = at < 0 ? undefined : row[at % 2 === 0 ? at + 1 : at - 1]
  return other && isYear(other) ? other : undefined
}

function nearestYear(years: readonly Figure[], start: number, end: number): Figure | undefined {
  const distance = (year: Figure) => (year.start >= end ? year.start - end : start - year.end)
  return [...years].sort((a, b) => distance(a) - distance(b))[0]
}
