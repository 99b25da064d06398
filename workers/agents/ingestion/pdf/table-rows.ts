import { bridges, type Piece } from './table-columns'

/** A line of a table, its cells by column. */
export interface TableLine {
  cells: string[]
  pieces: Piece[]
  top: number
  bottom: number
  size: number
}

export const FIGURE = /^[-+(~<>]?\s?[€$£]?\s?\d[\d.,' ]*\)?\s?(?:%|€|\$|£|EUR|USD)?[*†‡]*$/u

/** Lines nearer than this many font sizes can belong to one row. */
const MAX_WRAP_GAP = 0.65
/** Nearer than this, lines of one title are likelier than two rows. */
const TIGHT_GAP = 0.3
/** Gaps differ by at least this many font sizes where lines of a cell stand closer than rows … */
const MIN_GAP_STEP = 0.22
/** … or by this much and three times what the gaps of either kind vary. */
const MIN_SHARP_STEP = 0.03

/** The first step among gaps in ascending order that parts them into two kinds. */
function firstStep(gaps: number[]): number | undefined {
  for (const [index, gap] of gaps.entries()) {
    const next = gaps[index + 1]
    if (next === undefined || gap >= MAX_WRAP_GAP) return undefined
    const spread = Math.max(gap - (gaps[0] ?? gap), (gaps.at(-1) ?? next) - next)
    if (next - gap >= MIN_GAP_STEP || (next - gap >= MIN_SHARP_STEP && next - gap >= spread * 3)) return (gap + next) / 2
  }
  return undefined
}

/** In font sizes. */
const gapAbove = (before: TableLine, line: TableLine): number => (line.top - before.bottom) / line.size
const isData = (cells: string[]): boolean => cells.filter((cell) => FIGURE.test(cell)).length >= 2

/**
 * The gap that parts rows from lines of one row, where the lines of a table stand at two distances. None where rows of figures stand
 * close: there the wider gaps part sections.
 */
function rowGap(lines: TableLine[]): number | undefined {
  // Below nothing stand lines of cells that are centred beside each other: they say nothing of the distance of lines.
  const gaps = lines.slice(1).flatMap((line, index) => {
    const gap = gapAbove(lines[index] ?? line, line)
    return gap > -0.2 && gap < 3 ? [gap] : []
  })
  const limit = firstStep(gaps.sort((a, b) => a - b))
  const isSection = lines.slice(1).some((line, index) => {
    const before = lines[index]
    return (
      limit !== undefined &&
      before &&
      gapAbove(before, line) < limit &&
      (figuresClash(before.cells, line.cells) || (isData(line.cells) && isData(before.cells)))
    )
  })
  return isSection ? undefined : limit
}

const filled = (cells: string[]): number => cells.filter(Boolean).length

/** Both have a figure in a column: two rows, however close. */
const figuresClash = (a: string[], b: string[]): boolean => a.some((cell, column) => FIGURE.test(cell) && FIGURE.test(b[column] ?? ''))

/** A title over several titles below it is a row of its own. */
const spansOver = (above: TableLine, below: TableLine): boolean => above.pieces.some((piece) => bridges(piece, below.pieces))

/** Lines taken for one row so far. */
type Row = [TableLine, ...TableLine[]]

/** Whether a line goes on with the row above it. */
function continues(row: Row, line: TableLine, limit: number | undefined, inHeader: boolean): boolean {
  const before = row.at(-1) ?? row[0]
  const gap = gapAbove(before, line)
  if (gap > MAX_WRAP_GAP || row.some((each) => figuresClash(each.cells, line.cells))) return false
  // Figures under titles begin the body, unless they are centred beside the lines of a label.
  if (
    gap >= 0 &&
    isData(line.cells) &&
    !row.some(({ cells }) => cells.some((cell) => FIGURE.test(cell))) &&
    row.some(({ cells }) => filled(cells) > 1)
  )
    return false
  if (limit !== undefined && gap < limit) return !spansOver(before, line)
  if (inHeader) return !spansOver(before, line) && !spansOver(line, before) && (gap < TIGHT_GAP || filled(line.cells) > 1)
  // The rest of a wrapped cell: nothing beside it, no figure.
  const isRest = filled(line.cells) === 1 && line.pieces.length === 1 && !line.cells.some((cell) => FIGURE.test(cell))
  return limit === undefined && isRest && goesOn(row, line.cells)
}

/** One cell only goes on with a cell above it that is not empty. */
const goesOn = (row: Row, cells: string[]): boolean =>
  cells.every((cell, column) => cell === '' || row.some((each) => each.cells[column] !== ''))

/** Lines before the first one with figures in a third of its cells; none where no line has any. */
function headerEnd(lines: TableLine[]): number {
  return lines.findIndex(({ cells }) => cells.filter((cell) => FIGURE.test(cell)).length >= Math.max(1, filled(cells) * 0.3))
}

const joined = (row: Row): string[] =>
  row[0].cells.map((_, column) =>
    row
      .map(({ cells }) => cells[column])
      .filter(Boolean)
      .join(' '),
  )

/** Joins the lines of a table into rows: lines of one cell stand closer than rows, titles above figures belong together. */
export function toRows(lines: TableLine[]): string[][] {
  const limit = rowGap(lines)
  const header = headerEnd(lines)
  const rows: Row[] = []
  for (const [index, line] of lines.entries()) {
    const last = rows.at(-1)
    if (last && continues(last, line, limit, index < header)) last.push(line)
    else rows.push([line])
  }
  return rows.length >= 2 ? rows.map(joined) : lines.map(({ cells }) => cells)
}
