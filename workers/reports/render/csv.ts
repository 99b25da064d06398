import papa from 'papaparse'
import type { Report } from '../../domain/reports'
import { fullCell, tablesOf } from './cells'
import { wordsFor } from './words'

/**
 * What a spreadsheet could take for a formula: the usual signs, their full-width forms, and either after spaces or line
 * breaks. Wider than Papa Parse's own rule, which lets a text with a line break through.
 */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/

const BYTE_ORDER_MARK = '\uFEFF'

/**
 * All tables, one after another: its title, its header, its rows, its totals, an empty line. UTF-8 with a byte order mark,
 * commas, CRLF. Numbers and dates are written plainly for programs; texts that look like formulas get a leading apostrophe.
 */
export function renderCsv(report: Report): Uint8Array {
  const words = wordsFor(report.locale)
  const sections = tablesOf(report).map((table, index) => {
    const plain = (row: (typeof table.rows)[number]) => table.columns.map((_, column) => fullCell(row[column]).value ?? '')
    const rows = [table.columns.map((column) => column.title), ...table.rows.map(plain), ...(table.totals ? [plain(table.totals)] : [])]
    return papa.unparse([[table.title ?? words.table(index + 1)], ...rows], { escapeFormulae: FORMULA, newline: '\r\n' })
  })
  return new TextEncoder().encode(BYTE_ORDER_MARK + sections.map((section) => `${section}\r\n`).join('\r\n'))
}
