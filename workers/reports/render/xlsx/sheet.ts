import type { CellStyle, CellValue, ColumnDef, Cell as SheetCell, WriteSheet } from 'hucre/xlsx'
import type { Column } from '../../../domain/reports'
import { fullCell, isRightAligned, type TableBlock } from '../cells'
import { isoTime } from '../formats'

/** Excel refuses longer texts in a cell. */
const MAX_TEXT = 32_767
const MIN_WIDTH = 8
const MAX_WIDTH = 60
/** Rows looked at to find the widths. */
const MEASURED_ROWS = 500

const HEAD: CellStyle = {
  font: { bold: true, color: { rgb: 'FFFFFF' } },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: '0F172A' } },
  alignment: { vertical: 'center', wrapText: true },
}
const TOTALS: CellStyle = { font: { bold: true }, border: { top: { style: 'thin', color: { rgb: '0F172A' } } } }
const TONES = { good: '15803D', bad: 'DC2626', muted: '64748B' } as const

/** A table as a sheet of its own: typed cells, frozen header, filter, widths by content. */
export function tableSheet(name: string, table: TableBlock): WriteSheet {
  const head = table.columns.map((column) => sheetText(column.title))
  const body = [...table.rows, ...(table.totals ? [table.totals] : [])]
  const rows = [head, ...body.map((row) => table.columns.map((column, index) => sheetValue(fullCell(row[index]).value, column)))]
  const cells = new Map<string, Partial<SheetCell>>()
  table.columns.forEach((column, index) => {
    cells.set(`0,${index}`, { style: { ...HEAD, alignment: { ...HEAD.alignment, horizontal: isRightAligned(column) ? 'right' : 'left' } } })
    body.forEach((row, at) => {
      const style = bodyStyle(fullCell(row[index]), column, at >= table.rows.length)
      if (style) cells.set(`${at + 1},${index}`, { style })
    })
  })
  const last = `${columnName(Math.max(table.columns.length, 1) - 1)}${table.rows.length + 1}`
  return {
    name,
    rows,
    cells,
    columns: table.columns.map((column, index): ColumnDef => ({ width: widthOf(rows, index, column) })),
    freezePane: { rows: 1 },
    ...(table.columns.length > 0 && { autoFilter: { range: `A1:${last}` } }),
    pageSetup: {
      orientation: table.columns.length > 6 ? 'landscape' : 'portrait',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: '$1:$1',
    },
  }
}

/** Text, never a formula: only a cell with `formula` set becomes one, and nothing here sets it. */
export const sheetText = (text: string): string => stripControls(text).slice(0, MAX_TEXT)

/** XML 1.0, which a sheet is made of, has no place for these. */
const stripControls = (text: string): string => text.replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, '').toWellFormed()

export function sheetValue(value: string | number | null, column: Column): CellValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value === null) return null
  const time = column.kind === 'date' ? isoTime(value) : undefined
  return time === undefined ? sheetText(value) : new Date(time)
}

/** How a column's values are shown; Excel writes separators in the reader's own way. */
export function numberFormat(column: Column, value: CellValue): string | undefined {
  if (value instanceof Date) return value.getTime() % 86_400_000 === 0 ? 'yyyy-mm-dd' : 'yyyy-mm-dd hh:mm'
  if (typeof value !== 'number') return undefined
  if (column.kind === 'percent') return '0.0%'
  if (column.kind === 'money') return column.currency && /^[A-Z]{3}$/.test(column.currency) ? `#,##0.00 "${column.currency}"` : '#,##0.00'
  return Number.isInteger(value) ? '#,##0' : '#,##0.00####'
}

function bodyStyle({ value, tone }: ReturnType<typeof fullCell>, column: Column, isTotals: boolean): CellStyle | undefined {
  const shown = sheetValue(value, column)
  const numFmt = numberFormat(column, shown)
  const color = tone && tone !== 'strong' ? { rgb: TONES[tone] } : undefined
  const style: CellStyle = {
    ...(isTotals && TOTALS),
    ...(numFmt && { numFmt }),
    ...((color || tone === 'strong' || isTotals) && {
      font: { ...(color && { color }), ...((tone === 'strong' || isTotals) && { bold: true }) },
    }),
    ...(typeof shown === 'string' && shown.length > 40 && { alignment: { wrapText: true, vertical: 'top' } }),
    ...(typeof shown === 'string' && isRightAligned(column) && { alignment: { horizontal: 'right' } }),
  }
  return Object.keys(style).length > 0 ? style : undefined
}

function widthOf(rows: CellValue[][], index: number, column: Column): number {
  const lengths = rows.slice(0, MEASURED_ROWS).map((row) => {
    const value = row[index]
    if (value instanceof Date) return 16
    const text = typeof value === 'number' ? value.toFixed(2) : String(value ?? '')
    // Thousands separators and the currency stand beside the digits.
    return typeof value === 'number'
      ? text.length * 1.3 + (column.kind === 'money' ? 4 : 0)
      : Math.max(...text.split('\n').map((line) => line.length))
  })
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, ...lengths) + 2)
}

/** 0 is A, 26 is AA. */
export function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter
}
