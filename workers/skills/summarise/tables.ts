import type { Table } from '../../domain/documents'
import { spanOf } from '../text/lines'
import type { SummariseInput, SummariseOutput } from './schema'

/** Tables and columns that are named; of more only the number is given. */
const MAX_TABLES = 5
const MAX_COLUMNS = 12

/** What the tables of a file that is nothing but tables hold: rows, columns and their names, each with the place of its first row. */
export function describeTables({ document, documentId }: SummariseInput): SummariseOutput['sentences'] {
  if (document.format !== 'csv' && document.format !== 'xlsx') return []
  const told = document.tables.slice(0, MAX_TABLES).map((table, index) => {
    const block = document.blocks.find((candidate) => candidate.table === index)
    const page = document.pages.find(({ number }) => number === block?.page)
    const lineEnd = block && page ? page.text.indexOf('\n', block.start) : -1
    const end = lineEnd < 0 ? (block?.end ?? 0) : lineEnd
    const spans = block ? [spanOf(document.pages, { page: block.page, start: block.start, end }, documentId)] : []
    return { text: sentenceOf(table, document.tables.length === 1 ? document.metadata.rows : undefined), spans }
  })
  const further = document.tables.length - told.length
  return further > 0 ? [...told, { text: `${further} more tables.`, spans: [] }] : told
}

/** `counted` are the rows of the file where only the first ones are kept. */
function sentenceOf({ name, rows, hasHeader }: Table, counted: string | undefined): string {
  const count = Number(counted ?? rows.length - (hasHeader ? 1 : 0))
  const columns = rows[0] ?? []
  const names = columns.filter((cell) => cell.trim() !== '').slice(0, MAX_COLUMNS)
  const more = columns.length > names.length ? ', …' : ''
  const size = `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}, ${columns.length} ${columns.length === 1 ? 'column' : 'columns'}`
  return `${name ? `${name}: ` : ''}${size}${hasHeader && names.length > 0 ? `: ${names.join(', ')}${more}` : ''}.`
}
