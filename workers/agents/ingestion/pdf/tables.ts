import type { Line } from './lines'
import { bridges, findColumns, piecesOf, type Strip, toCells } from './table-columns'
import { FIGURE, toRows } from './table-rows'

export interface FoundTable {
  /** Lines `[start, end)` of the region. */
  start: number
  end: number
  rows: string[][]
  hasHeader: boolean
}

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
/** Lines before a single segment whose columns it is held against: more would tell nothing new. */
const LINES_COMPARED = 40

/**
 * Goes on over lines of several segments, and over single ones between them that continue a cell. Ends before a line that bridges
 * columns that were apart so far: there another table begins.
 */
function runEnd(lines: Line[], start: number): number {
  let end = start
  let known: { end: number; columns: Strip[] } = { end: start, columns: [] }
  const columnsSoFar = (): Strip[] => {
    if (known.end !== end) {
      const rows = lines.slice(Math.max(start, end - LINES_COMPARED), end)
      known = { end, columns: findColumns(rows.flatMap((each) => (each.segments.length >= 2 ? [piecesOf(each)] : []))) }
    }
    return known.columns
  }
  for (let index = start; index < lines.length; index++) {
    const line = lines[index]
    const before = lines[index - 1]
    if (line === undefined || (index > start && before && line.top - before.bottom > before.size * 2.5)) break
    if (line.segments.length >= 2) {
      end = index + 1
      continue
    }
    const segment = line.segments[0]
    if (index === start || index - end >= MAX_CONTINUATIONS || segment === undefined || bridges(segment, columnsSoFar())) break
  }
  return end
}

/** The drawing of a chart leaves labels strewn over a grid that is mostly empty. */
const MIN_FILL = 0.42

function readTable(lines: Line[], start: number, end: number): FoundTable | undefined {
  const run = lines.slice(start, end).map((line) => ({ ...line, pieces: piecesOf(line) }))
  const columns = findColumns(run.flatMap(({ pieces }) => (pieces.length >= 2 ? [pieces] : [])))
  if (columns.length < 2) return undefined
  const cells = run.map((line) => ({ ...line, cells: toCells(line.pieces, columns) }))
  const rows = toRows(cells)
  const isFull =
    rows.filter((row) => row.filter(Boolean).length >= 2).length >= rows.length * 0.5 &&
    rows.flat().filter(Boolean).length >= rows.length * columns.length * MIN_FILL
  if (rows.length < (columns.length >= 3 ? 2 : 3) || !isFull || isListOrProse(cells.map((line) => line.cells))) return undefined
  const joined = joinStrayColumns(rows)
  return { start, end, rows: joined, hasHeader: looksLikeHeader(joined) }
}

const MARKER = /^(?:[•▪●◦–—*·o-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\[\d+\])$/u
/** Characters of a typical line of prose in a column. */
const PROSE_CHARACTERS = 24

/** Two columns of which one holds only markers, or both hold lines of prose. */
function isListOrProse(lines: string[][]): boolean {
  if (lines[0]?.length !== 2) return false
  const [left, right] = [0, 1].map((column) => lines.map((cells) => cells[column] ?? '').filter(Boolean))
  if (left === undefined || right === undefined) return false
  if (left.every((cell) => MARKER.test(cell))) return true
  const isProse = (cells: string[]) =>
    cells.filter((cell) => cell.length >= PROSE_CHARACTERS && /\p{Ll}{3}/u.test(cell)).length >= cells.length * 0.7
  return isProse(left) && isProse(right)
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

/** A header has words where later rows have numbers. */
function looksLikeHeader(rows: string[][]): boolean {
  const [first, ...rest] = rows
  if (first === undefined || rest.length === 0 || first.some((cell) => FIGURE.test(cell))) return false
  return first.some((cell, column) => cell !== '' && rest.filter((row) => FIGURE.test(row[column] ?? '')).length >= rest.length * 0.5)
}
