import type { Cell, Column } from '../../../domain/reports'
import { cellText, fullCell, isRightAligned, type TableBlock } from '../cells'
import { greatest } from '../greatest'
import { type ColumnNeed, columnRuns, columnWidths } from './columns'
import type { Flow } from './flow'
import { breakLines, type Line } from './inline'
import type { TextStyle } from './pen'
import { drawHeading } from './prose'
import { BODY_HEIGHT } from './theme'

const PAD = 6
/** More columns than this do not fit on a page in readable type: the rest follows below, with the first column repeated. */
const MAX_COLUMNS = 10
/** Rows looked at to find the widths: enough to be right, few enough to be quick on long tables. */
const MEASURED_ROWS = 400

/** Height of a header with its first rows, which a heading above them stays with. */
export const TABLE_LEAD = 62

/** How one run of columns is laid out on the page. */
interface Grid {
  flow: Flow
  columns: Column[]
  widths: number[]
  size: number
  leading: number
}

type Look = 'head' | 'body' | 'totals'

export function drawTable(flow: Flow, table: TableBlock): void {
  if (table.title) drawHeading(flow, { text: table.title, level: 3 }, TABLE_LEAD)
  const runs = columnRuns(table.columns.length, MAX_COLUMNS)
  for (const run of runs) {
    if (runs.length > 1) {
      const last = run[run.length - 1] ?? 0
      const first = run === runs[0] ? 1 : (run[1] ?? 0) + 1
      drawHeading(flow, { text: flow.parts.words.columnsPart(first, last + 1, table.columns.length), level: 3 }, TABLE_LEAD)
    }
    drawRun(flow, run.length === table.columns.length ? table : pickColumns(table, run))
  }
}

const pickColumns = (table: TableBlock, run: number[]): TableBlock => {
  const pick = (row: Cell[]) => run.map((index) => row[index] ?? null)
  return {
    ...table,
    columns: run.flatMap((index) => table.columns[index] ?? []),
    rows: table.rows.map(pick),
    totals: table.totals && pick(table.totals),
  }
}

function drawRun(flow: Flow, table: TableBlock): void {
  const size = table.columns.length > 7 ? 7.2 : 8.5
  const grid: Grid = { flow, columns: table.columns, widths: widthsOf(flow, table, size), size, leading: size * 1.3 }
  const head = linesOf(
    grid,
    table.columns.map((column) => column.title),
    'head',
  )
  const drawHead = () => drawSlice(grid, head, 'head', 0)
  const totals = table.totals && linesOf(grid, table.totals, 'totals')
  flow.ensure(heightOf(grid, head) + 3 * grid.leading)
  drawHead()
  if (table.rows.length === 0) drawEmpty(grid)
  for (const [index, row] of table.rows.entries()) {
    const lines = linesOf(grid, row, 'body')
    // The totals never stand alone on a page: the last row comes with them.
    const keep = totals && index === table.rows.length - 1 ? heightOf(grid, totals) : 0
    drawRow(grid, lines, index, keep, drawHead)
  }
  if (totals) {
    if (flow.ensure(heightOf(grid, totals))) drawHead()
    drawSlice(grid, totals, 'totals', 0)
  }
  flow.y += 18
}

/** A row that fits goes where there is room; one taller than a page is cut between its lines. */
function drawRow(grid: Grid, cells: Line[][], index: number, keep: number, drawHead: () => void): void {
  const { flow, leading } = grid
  const height = heightOf(grid, cells)
  if (height + keep > flow.room && height <= BODY_HEIGHT * 0.6) {
    flow.breakPage()
    drawHead()
  }
  let rest = cells
  while (heightOf(grid, rest) > flow.room) {
    const fitting = Math.floor((flow.room - 8) / leading)
    if (fitting >= 1)
      drawSlice(
        grid,
        rest.map((lines) => lines.slice(0, fitting)),
        'body',
        index,
      )
    rest = fitting >= 1 ? rest.map((lines) => lines.slice(fitting)) : rest
    flow.breakPage()
    drawHead()
  }
  drawSlice(grid, rest, 'body', index)
}

const heightOf = ({ leading }: Grid, cells: Line[][]): number =>
  Math.max(
    1,
    greatest(cells, (lines) => lines.length),
  ) *
    leading +
  7

function drawSlice(grid: Grid, cells: Line[][], look: Look, index: number): void {
  const { flow, columns, widths, size, leading } = grid
  const { theme } = flow.parts
  const height = heightOf(grid, cells)
  if (look === 'head') flow.pen.rect(flow.left, flow.y, flow.width, height, theme.tableHead)
  else if (look === 'body' && index % 2 === 1) flow.pen.rect(flow.left, flow.y, flow.width, height, theme.soft)
  let x = flow.left
  cells.forEach((lines, column) => {
    const width = widths[column] ?? 0
    const kind = columns[column]
    const right = kind && isRightAligned(kind) ? x + width - PAD : undefined
    for (const [number, line] of lines.entries()) flow.drawLine(line, x + PAD, flow.y + 3.5 + size + number * leading, right)
    x += width
  })
  if (look === 'totals') flow.pen.line(flow.left, flow.y, flow.left + flow.width, flow.y, theme.ink, 0.9)
  if (look !== 'head') flow.pen.line(flow.left, flow.y + height, flow.left + flow.width, flow.y + height, theme.line, 0.4)
  flow.y += height
}

function drawEmpty(grid: Grid): void {
  const { flow, size } = grid
  const style: TextStyle = { size, weight: 'regular', color: flow.parts.theme.muted }
  flow.pen.text(flow.parts.words.noRows, flow.left + PAD, flow.y + 6 + size, style)
  flow.y += size + 14
  flow.pen.line(flow.left, flow.y, flow.left + flow.width, flow.y, flow.parts.theme.line, 0.4)
}

function linesOf(grid: Grid, row: Cell[], look: Look): Line[][] {
  const { flow, columns, widths } = grid
  return columns.map((column, index) => {
    const cell = fullCell(row[index])
    const text = look === 'head' ? column.title : cellText(cell, column, flow.parts.formats)
    return breakLines(flow.pieces(text, styleOf(grid, look, cell.tone), cell.cite), (widths[index] ?? 0) - 2 * PAD, flow.parts.faces)
  })
}

function styleOf({ flow, size }: Grid, look: Look, tone: 'good' | 'bad' | 'muted' | 'strong' | undefined): TextStyle {
  const { theme } = flow.parts
  if (look === 'head') return { size, weight: 'semibold', color: theme.white }
  const color = tone === 'good' ? theme.good : tone === 'bad' ? theme.bad : tone === 'muted' ? theme.muted : theme.ink
  return { size, weight: look === 'totals' || tone === 'strong' ? 'semibold' : 'regular', color }
}

function widthsOf(flow: Flow, table: TableBlock, size: number): number[] {
  const { faces, formats } = flow.parts
  const needs = table.columns.map((column, index): ColumnNeed => {
    const rows = table.rows.slice(0, MEASURED_ROWS).map((row) => row[index])
    const cells = [...rows, table.totals?.[index]].map(fullCell)
    const texts = [column.title, ...cells.map((cell) => cellText(cell, column, formats) + '[00]'.repeat(cell.cite.length))].map(
      faces.showable,
    )
    const widthOf = (text: string) => faces.width(text, size, 'semibold')
    const wordsOf = (text: string) => text.split(/[ \n]+/)
    // A figure broken over two lines cannot be read, so all of it counts as one word.
    const whole = isRightAligned(column) || column.kind === 'date'
    const least = greatest(texts, (text) => greatest(whole ? [text] : wordsOf(text), widthOf))
    const most = greatest(texts, (text) => wordsOf(text).reduce((total, word) => total + widthOf(word) + size * 0.28, 0))
    return { least, most }
  })
  return columnWidths(table.columns, needs, 2 * PAD + 1, flow.width)
}
