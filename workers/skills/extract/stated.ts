import type { Page } from '../../domain/documents'
import { type Cell, type Line, sameColumn } from '../text/lines'
import type { Candidate } from './labelled'
import type { FieldKind, Label } from './labels'
import type { ReaderOptions, Reading } from './readers'
import type { Reading as DocumentReading } from './reading'
import { isTextual, type LabelPlace, MAX_PLAIN, valueAt, valuesInCell } from './stated-values'

/** Where a value stands against its label, when it stands in another cell. */
const PLACE = { beside: 0.97, below: [0.88, 0.7] } as const
/** A label inside a sentence may only mention what it names. */
const WITHIN = 0.85
const MAX_MENTIONS = 8
const MAX_LABELS = 60
/** Cells after a label that are asked for its value. */
const MAX_CELLS = 6

/** A label in a cell, and what the cell says after it. */
interface Mention extends LabelPlace {
  line: Line
  cellIndex: number
  cell: Cell
  weight: number
}

const cache = new Map<string, RegExp>()
const MAX_CACHED = 2_000

function patternOf(source: string): RegExp {
  const known = cache.get(source)
  if (known) return known
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?:(?<![\\p{L}\\p{N}])|(?![\\p{L}\\p{N}]))`, 'giu')
  // Labels are the caller's words: without a bound they would pile up.
  if (cache.size >= MAX_CACHED) cache.clear()
  cache.set(source, pattern)
  return pattern
}

const isLabel = (text: string): boolean => /\p{L}/u.test(text) && /[:：]\s*$/u.test(text)
/** A row of titles over a row of values: nothing beside a title is its value. */
function isHeader(lines: Line[], line: Line): boolean {
  const lower = lines[line.index + 1]
  return (
    line.cells.length >= 2 &&
    line.cells.every(({ text }) => !/\d/.test(text) && !text.includes(':') && text.length <= 40) &&
    lower?.page === line.page &&
    lower.cells.length === line.cells.length &&
    (line.cells.length >= 3 || lower.cells.every(({ text }) => /\d/.test(text)))
  )
}

interface Placed {
  cell: Cell
  line: Line
  reading: Reading
  score: number
}

/** Values in the cells right of the label's. */
function rightOf({ line, cellIndex }: Mention, kind: FieldKind, options: ReaderOptions): Placed[] {
  const found: Placed[] = []
  for (const [distance, cell] of line.cells.slice(cellIndex + 1, cellIndex + 1 + MAX_CELLS).entries()) {
    if (isLabel(cell.text) || (isTextual(kind) && /^[^:]{2,30}:\s/u.test(cell.text)) || (kind === 'text' && distance > 0)) break
    const readings = valueAt(kind, cell.text, 0, options).slice(0, 1)
    found.push(...readings.map((reading) => ({ cell, line, reading, score: PLACE.beside - 0.05 * distance })))
    if (found.length > 0) break
  }
  return found
}

/** Values in the label's column of the next lines. */
function under(lines: Line[], { line, cell, cellIndex }: Mention, kind: FieldKind, options: ReaderOptions): Placed[] {
  for (const [distance, score] of PLACE.below.entries()) {
    const lower = lines[line.index + 1 + distance]
    if (!lower || lower.page !== line.page) return []
    const target = lower.cells.find((candidate, position) => sameColumn(cell, cellIndex, candidate, position))
    if (!target) continue
    if (isLabel(target.text) || /^[^:.]{2,30}[:：]\s/u.test(target.text)) return []
    // Under a heading the next line may be a label with its value beside it.
    if (isTextual(kind) && line.cells.length === 1 && lower.cells.length > 1) return []
    if (kind === 'text' && target.text.length > MAX_PLAIN) return []
    const readings = valueAt(kind, target.text, 0, options).slice(0, 1)
    if (readings.length > 0) return readings.map((reading) => ({ cell: target, line: lower, reading, score }))
    if (isTextual(kind)) return []
  }
  return []
}

function valuesOf(lines: Line[], mention: Mention, kind: FieldKind, options: ReaderOptions): Placed[] {
  const { found, goesOn } = valuesInCell(kind, mention.cell.text, mention, options)
  if (goesOn === 0) return found.map((valued) => ({ ...valued, cell: mention.cell, line: mention.line }))
  const isTitle = isHeader(lines, mention.line)
  const right = isTitle ? [] : rightOf(mention, kind, options)
  const placed = right.length > 0 ? right : mention.isOpening ? under(lines, mention, kind, options) : []
  return placed.map((each) => ({ ...each, score: each.score * goesOn }))
}

/** Lines at least so long may go on in the next. */
const MIN_RUNNING = 50

/** A line that begins with a label and a colon stands for itself. */
const LABELLED = /^[^:：.]{2,40}[:：]\s/u

/** A cell with the line into which its sentence runs on, so that a value is found that a break parts from its label. */
function runningOn(lines: Line[], line: Line, cell: Cell, pages: readonly Page[]): Cell {
  const next = lines[line.index + 1]
  if (line.cells.length > 1 || cell.text.length < MIN_RUNNING || /[.:;!?]$/u.test(cell.text)) return cell
  if (next?.page !== line.page || next.cells.length > 1 || LABELLED.test(cell.text) || LABELLED.test(next.text)) return cell
  const text = pages.find(({ number }) => number === line.page)?.text.slice(cell.start, next.end) ?? cell.text
  // A blank line parts paragraphs.
  if (/\n[ \t\r]*\n/u.test(text)) return cell
  return { ...cell, end: next.end, text: text.replace(/[\r\n]/g, ' ') }
}

function mentionsIn(line: Line, labels: readonly Label[], { lines, document }: DocumentReading): Mention[] {
  return line.cells.flatMap((own, cellIndex) => {
    const cell = runningOn(lines, line, own, document.pages)
    return labels.flatMap(([weight, source]) =>
      [...cell.text.matchAll(patternOf(source))].slice(0, MAX_MENTIONS).flatMap((match): Mention[] => {
        // What begins in the next line is read there.
        if (match.index >= own.text.length) return []
        const before = cell.text.slice(Math.max(0, match.index - 12), match.index)
        const isOpening = /(?:^|[:,;(–.-])\s*$/u.test(before) && (match.index < 12 || /[:,;(–.-]\s*$/u.test(before))
        return [{ line, cellIndex, cell, start: match.index, end: match.index + match[0].length, weight, isOpening }]
      }),
    )
  })
}

/** All values of a kind that labels of a caller point to, best first; each place once. What stands in running text is read to the end of its clause. */
export function findStated(document: DocumentReading, kind: FieldKind, labels: readonly Label[]): Candidate[] {
  const { lines } = document
  const best = new Map<string, Candidate>()
  for (const line of lines)
    for (const mention of mentionsIn(line, labels.slice(0, MAX_LABELS), document))
      for (const { cell, line: own, reading, score } of valuesOf(lines, mention, kind, document)) {
        const candidate: Candidate = {
          page: cell.page,
          start: cell.start + reading.start,
          end: cell.start + reading.end,
          normalized: reading.normalized,
          ...(reading.currency && { currency: reading.currency }),
          score: score * reading.quality * mention.weight * (mention.isOpening ? 1 : WITHIN),
          line: own.index,
        }
        const key = `${candidate.page}:${candidate.start}:${candidate.end}`
        if ((best.get(key)?.score ?? 0) < candidate.score) best.set(key, candidate)
      }
  return [...best.values()].sort((a, b) => b.score - a.score || a.line - b.line)
}
