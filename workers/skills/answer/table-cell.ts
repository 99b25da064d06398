import { figuresOf } from '../citations/figures'
import { stemsOf } from '../citations/terms'
import type { ParsedQuestion } from './question'
import type { Candidate } from './spans'

interface Cell {
  /** Characters of the line. */
  start: number
  end: number
  text: string
}

/** Tabs, bars and wide gaps part the columns of a table in a text. */
const GAP = /\t|\s*\|\s*| {2,}/g
/** Heads of columns are looked for so many lines above a row. */
const MAX_HEAD_LINES = 60

/** The cells of a line, empty ones too, so that columns of lines are comparable. */
function cellsOf(line: string): Cell[] {
  const cells: Cell[] = []
  let start = 0
  const add = (end: number) => {
    const raw = line.slice(start, end)
    const lead = raw.length - raw.trimStart().length
    const text = raw.trim()
    cells.push({ start: start + lead, end: start + lead + text.length, text })
  }
  for (const gap of line.matchAll(GAP)) {
    add(gap.index)
    start = gap.index + gap[0].length
  }
  add(line.length)
  return cells
}

/**
 * The cell of a table row that a question asks for: that whose column's head shares most words with the question, or the only one.
 * `above` is the text over the row. Undefined when the row has no columns, or none that the question names.
 */
export function tableCell(question: ParsedQuestion, row: string, above: string): Candidate | undefined {
  const cells = cellsOf(row)
  if (cells.length < 2) return undefined
  const asked = new Set(question.terms.map(({ stem }) => stem))
  const values = cells.map((cell, column) => ({ cell, column })).filter(({ cell, column }) => column > 0 && figuresOf(cell.text).length > 0)
  if (values.length < 2) return values[0] ? { ...values[0].cell } : undefined
  const heads = above
    .split('\n')
    .slice(-MAX_HEAD_LINES)
    .map(cellsOf)
    .filter((line) => line.length === cells.length && isHead(line))
  const scored = values.map(({ cell, column }) => {
    const words = stemsOf(heads.map((line) => line[column]?.text ?? '').join(' . '))
    return { cell, shared: [...words].filter((word) => asked.has(word)).length }
  })
  const most = Math.max(...scored.map(({ shared }) => shared))
  const best = scored.filter(({ shared }) => shared === most)
  return most > 0 && best[0] && best.length === 1 ? { ...best[0].cell } : undefined
}

/** A head has words or years, no amounts. */
const isHead = (line: readonly Cell[]): boolean =>
  line.slice(1).some(({ text }) => text !== '') &&
  line.slice(1).every(({ text }) => text === '' || /\p{L}{2}/u.test(text) || /^(?:FY\s?)?(?:19|20)\d{2}$/.test(text))
