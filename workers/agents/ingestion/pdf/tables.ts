import { type Line, type Segment, segmentText } from './lines'

export interface FoundTable {
  /** Lines `[start, end)` of the region. */
  start: number
  end: number
  rows: string[][]
  hasHeader: boolean
}

/** Columns nearer than this, in points, are one. */
const MIN_GUTTER = 2

/** Finds tables among lines in reading order: runs of lines whose segments stand in the same columns. */
export function findTables(lines: Line[]): FoundTable[] {
  const tables: FoundTable[] = []
  let at = 0
  while (at < lines.length) {
    const end = runEnd(lines, at)
    const table = end - at >= 2 ? readTable(lines, at, end) : undefined
    if (table) tables.push(table)
    at = Math.max(end, at + 1)
  }
  return tables
}

/** Lines of one segment that a row of a table may go on with: descriptions under a line item. */
const MAX_CONTINUATIONS = 4

/**
 * Goes on over lines of several segments, and over single ones between them that continue a cell. Ends before a line that bridges
 * columns that were apart so far: there another table begins.
 */
function runEnd(lines: Line[], start: number): number {
  let end = start
  let columns: Span[] = []
  for (let index = start; index < lines.length; index++) {
    const line = lines[index]
    const before = lines[index - 1]
    if (line === undefined || (index > start && before && line.top - before.bottom > before.size * 2.5)) break
    if (line.segments.length < 2) {
      const segment = line.segments[0]
      if (index === start || index - end >= MAX_CONTINUATIONS || segment === undefined || bridges(segment, columns)) break
      continue
    }
    if (end - start >= 2 && line.segments.some((segment) => bridges(segment, columns))) break
    end = index + 1
    columns = toColumns(lines.slice(start, end).flatMap(({ segments }) => (segments.length >= 2 ? segments : [])))
  }
  return end
}

/** Whether a segment lies over two columns. */
const bridges = (segment: Span, columns: Span[]): boolean =>
  columns.filter(({ x, right }) => segment.x < right - MIN_GUTTER && segment.right > x + MIN_GUTTER).length >= 2

function readTable(lines: Line[], start: number, end: number): FoundTable | undefined {
  const run = lines.slice(start, end)
  const columns = toColumns(run.filter(({ segments }) => segments.length >= 2).flatMap(({ segments }) => segments))
  if (columns.length < 2) return undefined
  const rows: string[][] = []
  run.forEach((line, index) => {
    const cells = toCells(line.segments, columns)
    const before = run[index - 1]
    const wraps = line.segments.length === 1 && before && line.top - before.bottom < before.size * 0.6
    const last = rows.at(-1)
    if (wraps && last) for (const [column, text] of cells.entries()) last[column] = [last[column], text].filter(Boolean).join(' ')
    else rows.push(cells)
  })
  const filled = rows.filter((row) => row.filter(Boolean).length >= 2).length
  if (rows.length < (columns.length >= 3 ? 2 : 3) || filled < rows.length * 0.5) return undefined
  const joined = joinStrayColumns(rows)
  return { start, end, rows: joined, hasHeader: looksLikeHeader(joined) }
}

/** A title centred over left-aligned cells makes a column of its own, with one cell: it goes to the neighbour that lacks it. */
function joinStrayColumns(rows: string[][]): string[][] {
  const width = rows[0]?.length ?? 0
  for (let column = 0; column < width; column++) {
    const filled = rows.flatMap((row, index) => (row[column] ? [index] : []))
    const stray = filled[0]
    if (filled.length !== 1 || stray === undefined || width <= 2) continue
    const neighbour = [column - 1, column + 1].find(
      (each) => each >= 0 && each < width && rows[stray]?.[each] === '' && rows.some((row) => row[each]),
    )
    if (neighbour === undefined) continue
    const merged = rows.map((row) =>
      row.map((cell, index) => (index === neighbour ? cell || (row[column] ?? '') : cell)).filter((_, index) => index !== column),
    )
    return joinStrayColumns(merged)
  }
  return rows
}

interface Span {
  x: number
  right: number
}

/** Vertical strips that text occupies; what overlaps is one column. Wide segments that bridge others are left out. */
function toColumns(segments: Segment[]): Span[] {
  const widths = segments.map(({ x, right }) => right - x).sort((a, b) => a - b)
  const usual = widths[Math.floor(widths.length * 0.9)] ?? 0
  const spans = segments.filter(({ x, right }) => right - x <= usual + 1).sort((a, b) => a.x - b.x)
  const columns: Span[] = []
  for (const { x, right } of spans) {
    const last = columns.at(-1)
    if (last && x <= last.right + MIN_GUTTER) last.right = Math.max(last.right, right)
    else columns.push({ x, right })
  }
  return columns
}

function toCells(segments: Segment[], columns: Span[]): string[] {
  const cells = columns.map(() => '')
  for (const segment of segments) {
    const shared = columns.map((column) => Math.min(column.right, segment.right) - Math.max(column.x, segment.x))
    const column = shared.indexOf(Math.max(...shared))
    cells[column] = [cells[column], segmentText(segment)].filter(Boolean).join(' ')
  }
  return cells
}

const NUMBER = /^[-+(]?[€$£]?\s?\d[\d.,' ]*\)?\s?(%|€|\$|£|EUR|USD)?$/

/** A header has words where later rows have numbers. */
function looksLikeHeader(rows: string[][]): boolean {
  const [first, ...rest] = rows
  if (first === undefined || rest.length === 0 || first.some((cell) => NUMBER.test(cell))) return false
  return first.some((cell, column) => cell !== '' && rest.filter((row) => NUMBER.test(row[column] ?? '')).length >= rest.length * 0.5)
}
