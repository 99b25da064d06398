import type { CellStyle, CellValue, Cell as SheetCell, WriteSheet } from 'hucre/xlsx'
import type { Branding, Report, ReportBlock } from '../../../domain/reports'
import { unverifiedCount } from '../cells'
import type { Formats } from '../formats'
import type { Words } from '../words'
import { sheetText } from './sheet'

/** Rows with their styles, growing downwards. */
interface Sheet {
  rows: CellValue[][]
  cells: Map<string, Partial<SheetCell>>
}

const HEADINGS = { 1: 15, 2: 13, 3: 11 } as const

/** The first sheet: everything of the report that is no table, in its order; tables are named with the sheet they stand on. */
export function overviewSheet(report: Report, branding: Branding, sheetNames: string[], formats: Formats, words: Words): WriteSheet {
  const sheet: Sheet = { rows: [], cells: new Map() }
  const brand: CellStyle = { font: { bold: true, size: 18, color: { rgb: branding.primaryColor.slice(1).toUpperCase() } } }
  addRow(sheet, [report.title], [brand])
  if (report.subtitle) addRow(sheet, [report.subtitle], [{ font: { color: { rgb: '64748B' } } }])
  addRow(sheet, [`${branding.name} · ${formats.date(report.createdAt.slice(0, 10))}`], [{ font: { color: { rgb: '64748B' } } }])
  const unverified = unverifiedCount(report.citations)
  if (unverified > 0) addRow(sheet, [words.unverifiedNotice(unverified)], [{ font: { bold: true, color: { rgb: '92400E' } } }])
  let table = 0
  for (const block of report.blocks) {
    if (block.kind === 'table') addRow(sheet, [`→ ${sheetNames[table++] ?? ''}`], [{ font: { italic: true, color: { rgb: '64748B' } } }])
    else addBlock(sheet, block, words)
  }
  if (branding.footer) addRow(sheet, [branding.footer], [{ font: { size: 9, color: { rgb: '64748B' } } }])
  return {
    name: words.overview,
    rows: sheet.rows,
    cells: sheet.cells,
    columns: [{ width: 46 }, { width: 24 }, { width: 18 }, { width: 18 }, { width: 18 }],
    view: { showGridLines: false },
  }
}

function addRow(sheet: Sheet, values: CellValue[], styles: (CellStyle | undefined)[] = []): void {
  styles.forEach((style, column) => {
    if (style) sheet.cells.set(`${sheet.rows.length},${column}`, { style })
  })
  sheet.rows.push(values.map((value) => (typeof value === 'string' ? sheetText(value) : value)))
}

const BOLD: CellStyle = { font: { bold: true } }
const WRAPPED: CellStyle = { alignment: { wrapText: true, vertical: 'top' } }
const marks = (cite: number[] | undefined): string => (cite ?? []).map((index) => ` [${index + 1}]`).join('')

type Block = Exclude<ReportBlock, { kind: 'table' }>
type BlockOf<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>

const ADD: { [Kind in Block['kind']]: (sheet: Sheet, block: BlockOf<Kind>, words: Words) => void } = {
  heading: (sheet, { text, level }) => {
    addRow(sheet, [])
    addRow(sheet, [text], [{ font: { bold: true, size: HEADINGS[level] } }])
  },
  text: (sheet, { text, cite }) => addRow(sheet, [text + marks(cite)], [WRAPPED]),
  list: (sheet, { items }) => {
    for (const item of items) addRow(sheet, [`• ${item.text}${marks(item.cite)}`], [WRAPPED])
  },
  kpis: (sheet, { tiles }, words) => {
    addRow(sheet, [])
    addRow(sheet, [words.kpi.label, words.kpi.value, words.kpi.change], [BOLD, BOLD, BOLD])
    for (const tile of tiles) addRow(sheet, [tile.label + marks(tile.cite), tile.value, tile.change ?? null])
  },
  chart: (sheet, { title, unit, labels, series }) => {
    addRow(sheet, [])
    addRow(sheet, [title, ...series.map(({ name }) => (unit ? `${name} (${unit})` : name))], [BOLD, ...series.map(() => BOLD)])
    for (const [index, label] of labels.entries()) addRow(sheet, [label, ...series.map(({ values }) => values[index] ?? null)])
  },
  image: (sheet, { alt, caption }) => addRow(sheet, [caption ?? alt]),
}

function addBlock<Kind extends Block['kind']>(sheet: Sheet, block: BlockOf<Kind>, words: Words): void {
  const add: (sheet: Sheet, block: BlockOf<Kind>, words: Words) => void = ADD[block.kind as Kind]
  add(sheet, block, words)
}
