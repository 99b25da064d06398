import Papa from 'papaparse'
import type { ParsedDocument } from '../../../domain/documents'
import { sniffEncoding } from '../charset'
import { sniffDelimiter } from '../detect-text'
import { cleanCell, Draft } from '../draft'
import { MAX_CSV_RECORD_CHARACTERS, MAX_TABLE_ROWS } from '../limits'
import { breathe, type InnerTools } from '../tools'
import { ColumnTally } from './column-tally'

const CHUNK_BYTES = 1024 * 1024
const MAX_COLUMNS = 500

/**
 * A delimited table, read in chunks so that a file of any length stays small in memory: the first rows go to the table model,
 * all rows are counted, and each numeric column's minimum, maximum and sum over all rows stand in the metadata.
 */
export async function parseCsv(bytes: Uint8Array, name: string, tools: InnerTools): Promise<ParsedDocument> {
  const encoding = sniffEncoding(bytes.subarray(0, 256 * 1024))
  const head = new TextDecoder(encoding).decode(bytes.subarray(0, 64 * 1024))
  const delimiter = sniffDelimiter(head, name) ?? ','
  const draft = new Draft('csv', delimiter === '\t' ? 'text/tab-separated-values' : 'text/csv')
  const tally = new ColumnTally(MAX_COLUMNS)
  const kept: string[][] = []
  for await (const rows of readRows(bytes, encoding, delimiter, draft, tools)) {
    for (const row of rows) {
      if (kept.length < MAX_TABLE_ROWS) kept.push(row.slice(0, MAX_COLUMNS).map(cleanCell))
      tally.add(row)
    }
  }
  const hasHeader = tally.noteInto(draft, kept[0] ?? [])
  draft.note('encoding', encoding)
  draft.note('delimiter', delimiter === '\t' ? 'tab' : delimiter)
  if (tally.rows > kept.length)
    draft.leaveOut(
      `Only the first ${kept.length.toLocaleString('en')} of ${tally.rows.toLocaleString('en')} rows are kept; figures of all rows are in the metadata.`,
    )
  draft.table(kept, { hasHeader, name })
  return draft.document
}

async function* readRows(
  bytes: Uint8Array,
  encoding: string,
  delimiter: string,
  draft: Draft,
  tools: InnerTools,
): AsyncGenerator<string[][]> {
  const decoder = new TextDecoder(encoding)
  let rest = ''
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const last = at + CHUNK_BYTES >= bytes.length
    const text = rest + decoder.decode(bytes.subarray(at, at + CHUNK_BYTES), { stream: !last })
    const { rows, cursor } = parseChunk(text, delimiter, !last)
    rest = text.slice(cursor)
    if (rest.length > MAX_CSV_RECORD_CHARACTERS + CHUNK_BYTES) {
      draft.warn('A quote is opened and never closed; quotes were read as plain characters from there on.')
      const plain = parseChunk(rest.replaceAll('"', ''), delimiter, !last)
      rest = ''
      yield plain.rows
    }
    yield rows
    tools.progress?.('Reading rows', Math.min(1, (at + CHUNK_BYTES) / bytes.length))
    await breathe(tools)
  }
}

function parseChunk(text: string, delimiter: string, keepLast: boolean): { rows: string[][]; cursor: number } {
  const parser = new Papa.Parser({ delimiter })
  const result: { data: string[][]; meta: { cursor: number } } = parser.parse(text, 0, keepLast)
  return { rows: result.data.filter((row) => row.length > 1 || (row[0] ?? '').trim() !== ''), cursor: result.meta.cursor }
}
