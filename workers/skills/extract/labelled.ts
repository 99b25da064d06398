import type { Json } from '../../domain/json'
import { type Cell, type Line, sameColumn } from '../text/lines'
import { FIELD_SPECS, type FieldSpec } from './labels'
import { READERS, type ReaderOptions, type Reading } from './readers'

/** A possible value of a field and how likely it is, 0–1. */
export interface Candidate {
  page: number
  start: number
  end: number
  normalized: Json
  currency?: string
  score: number
  /** Index of the line that holds it. */
  line: number
}

/** How far below a label its value may stand. */
const LINES_BELOW = 3
/** Where the value stands against its label. */
const PLACE = { sameCell: 1, nextCell: 0.97, laterCell: 0.82, below: [0.85, 0.7, 0.55], amountBelow: 0.75 } as const
/** Characters between a label and a value of the same cell past which they do not belong together. */
const MAX_DISTANCE = 32

/**
 * Characters after a label that are read for its value: past the distance, and the longest value that any kind takes. What stands
 * further off belongs to something else, and reading it again for every label of a long line would take time in its square.
 */
const MAX_READ = 120
/** The same for text, of which a value over 160 characters is none. */
const MAX_TEXT_READ = 240
/** Times that one cell is taken to name a field by the same label. */
const MAX_MENTIONS = 8
/** Cells after a label that are asked for its value: no form has more columns in use between the two. */
const MAX_CELLS = 40

/** A label that ends in a letter must end its word; one that ends in a sign (`n°`) may touch its value. */
const LABEL_END = '(?:(?<![\\p{L}])|(?![\\p{L}\\p{N}]))'
const cache = new Map<string, RegExp>()
function labelPattern(source: string): RegExp {
  const known = cache.get(source)
  if (known) return known
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${source.replaceAll(' ?', '\\s*').replaceAll(' ', '\\s+')})${LABEL_END}`, 'giu')
  cache.set(source, pattern)
  return pattern
}

/** A cell that names something itself: its neighbour's value is not looked for in it. */
function looksLikeLabel(text: string): boolean {
  const trimmed = text.trimEnd()
  return (trimmed.endsWith(':') || trimmed.endsWith('：')) && /\p{L}/u.test(trimmed)
}

const place = (cell: Cell, line: Line, offset: number, reading: Reading, score: number): Candidate => ({
  page: cell.page,
  start: cell.start + offset + reading.start,
  end: cell.start + offset + reading.end,
  normalized: reading.normalized,
  ...(reading.currency && { currency: reading.currency }),
  score: score * reading.quality,
  line: line.index,
})

const readable = ({ kind }: FieldSpec, text: string, start = 0): string =>
  text.slice(start, start + (kind === 'text' ? MAX_TEXT_READ : MAX_READ))

/** Values right of the label: in its own cell, then in the cells that follow until another label. */
function beside(line: Line, cellIndex: number, labelEnd: number, spec: FieldSpec, options: ReaderOptions): Candidate[] {
  const cell = line.cells[cellIndex]
  if (!cell) return []
  const read = READERS[spec.kind]
  const rest = readable(spec, cell.text, labelEnd)
  const own = read(rest, options).filter((reading) => reading.start <= MAX_DISTANCE)
  if (own.length > 0) return own.map((reading, index) => place(cell, line, labelEnd, reading, PLACE.sameCell - 0.03 * index))
  if (/\p{L}{3,}/u.test(rest) && spec.kind !== 'amount' && spec.kind !== 'date') return []
  const found: Candidate[] = []
  for (const [distance, next] of line.cells.slice(cellIndex + 1, cellIndex + 1 + MAX_CELLS).entries()) {
    if (looksLikeLabel(next.text)) break
    const readings = read(next.text, options)
    found.push(
      ...readings.map((reading) => place(next, line, 0, reading, distance === 0 || found.length > 0 ? PLACE.nextCell : PLACE.laterCell)),
    )
    if (found.length > 0 && spec.kind !== 'amount') break
  }
  return found
}

/** Values in the label's column of the lines below. */
function below(lines: Line[], line: Line, cellIndex: number, spec: FieldSpec, options: ReaderOptions): Candidate[] {
  const cell = line.cells[cellIndex]
  const found: Candidate[] = []
  if (!cell) return found
  for (let distance = 1; distance <= LINES_BELOW; distance += 1) {
    const lower = lines[line.index + distance]
    if (!lower || lower.page !== line.page) return found
    const index = lower.cells.findIndex((candidate, position) => sameColumn(cell, cellIndex, candidate, position))
    const target = lower.cells[index]
    if (!target) continue
    if (looksLikeLabel(target.text)) return found
    const readings = READERS[spec.kind](readable(spec, target.text), options)
    const factor = spec.kind === 'amount' ? PLACE.amountBelow : (PLACE.below[distance - 1] ?? 0)
    found.push(...readings.slice(0, 1).map((reading) => place(target, lower, 0, reading, factor)))
    // A column of amounts may end in its sum: all of them are candidates.
    if (spec.kind === 'text' || (found.length > 0 && spec.kind !== 'amount')) return found
  }
  return found
}

/** Words around a label, to the left and right, that may say it means something else. */
const around = (text: string, start: number, end: number): string => text.slice(Math.max(0, start - 24), end + 14)

function candidatesOf(lines: Line[], line: Line, cellIndex: number, spec: FieldSpec, options: ReaderOptions): Candidate[] {
  const cell = line.cells[cellIndex]
  if (!cell) return []
  const found: Candidate[] = []
  for (const [weight, source] of spec.labels) {
    for (const match of [...cell.text.matchAll(labelPattern(source))].slice(0, MAX_MENTIONS)) {
      const end = match.index + match[0].length
      if (spec.avoid?.test(around(cell.text, match.index, end))) continue
      const right = beside(line, cellIndex, end, spec, options)
      const values = right.length > 0 ? right : below(lines, line, cellIndex, spec, options)
      // A label that opens its cell names what follows; one inside a sentence may only mention it.
      const opening = match.index === 0 || /[:,;(–-]\s*$/.test(cell.text.slice(Math.max(0, match.index - 8), match.index)) ? 1 : 0.85
      found.push(...values.map((value) => ({ ...value, score: value.score * weight * opening })))
    }
  }
  return found
}

/** All places where the labels of a field point to, best first; each place once. */
export function findLabelled(lines: Line[], spec: FieldSpec, options: ReaderOptions): Candidate[] {
  const best = new Map<string, Candidate>()
  for (const line of lines) {
    for (const cellIndex of line.cells.keys()) {
      for (const candidate of candidatesOf(lines, line, cellIndex, spec, options)) {
        const key = `${candidate.page}:${candidate.start}:${candidate.end}`
        const known = best.get(key)
        if (!known || known.score < candidate.score) best.set(key, candidate)
      }
    }
  }
  return [...best.values()].sort((a, b) => b.score - a.score || a.line - b.line)
}

/** Candidates of one of the known fields. */
export function findKnown(lines: Line[], name: keyof typeof FIELD_SPECS, options: ReaderOptions): Candidate[] {
  const spec = FIELD_SPECS[name]
  return spec ? findLabelled(lines, spec, options) : []
}
