import Papa from 'papaparse'
import type { ParsedDocument } from '../../../domain/documents'
import { type ByteStream, streamOf } from '../byte-stream'
import { openDecoder, type PieceDecoder } from '../charset'
import { cleanCell } from '../clean-text'
import { sniffDelimiter } from '../detect-text'
import { Draft } from '../draft'
import { MAX_CSV_RECORD_CHARACTERS } from '../limits'
import { LongTable } from '../long-table'
import { breathe, type InnerTools } from '../tools'
import { ColumnTally } from './column-tally'

const MAX_COLUMNS = 500

/**
 * A delimited table, read in pieces so that a file of any length stays small in memory: its first rows are the document, further rows
 * further parts; each numeric column's minimum, maximum and sum over all rows stand in the metadata.
 */
export const parseCsv = (bytes: Uint8Array, name: string, tools: InnerTools): Promise<ParsedDocument> =>
  readTable(streamOf(bytes), name, tools)

/** The same, as the file comes. */
export async function readTable(source: ByteStream, name: string, tools: InnerTools): Promise<ParsedDocument> {
  const decoder = openDecoder(source.head)
  const sample = new TextDecoder(decoder.encoding).decode(source.head.subarray(0, 64 * 1024))
  const delimiter = sniffDelimiter(sample, name) ?? ','
  const draft = new Draft('csv', delimiter === '\t' ? 'text/tab-separated-values' : 'text/csv')
  const tally = new ColumnTally(MAX_COLUMNS)
  const table = new LongTable(draft, name)
  for await (const rows of readRows(source, { decoder, delimiter }, draft, tools)) {
    for (const row of rows) {
      if (table.isFull) await table.putAway(tally.hasHeader(table.first), tools)
      table.add(row.length > MAX_COLUMNS ? row.slice(0, MAX_COLUMNS) : row)
      tally.add(row)
    }
  }
  const hasHeader = tally.hasHeader(table.first)
  tally.noteInto(draft, hasHeader ? table.first.map(cleanCell) : undefined)
  draft.note('encoding', decoder.encoding)
  draft.note('delimiter', delimiter === '\t' ? 'tab' : delimiter)
  if (table.isBegun && tools.keepPart === undefined)
    draft.leaveOut(
      `Only the first ${(draft.document.tables[0]?.rows.length ?? 0).toLocaleString('en')} of ${tally.rows.toLocaleString('en')} rows are kept; figures of all rows are in the metadata.`,
    )
  await table.putAway(hasHeader, tools)
  return await draft.close(tools)
}

async function* readRows(
  source: ByteStream,
  { decoder, delimiter }: { decoder: PieceDecoder; delimiter: string },
  draft: Draft,
  tools: InnerTools,
): AsyncGenerator<string[][]> {
  let rest = ''
  let read = 0
  for await (const piece of source.pieces()) {
    read += piece.length
    const last = read >= source.size
    const text = rest + decoder.decode(piece, last)
    const { rows, cursor } = parseChunk(text, delimiter, !last)
    rest = text.slice(cursor)
    if (rest.length > MAX_CSV_RECORD_CHARACTERS + piece.length) {
      draft.warn('A quote is opened and never closed; quotes were read as plain characters from there on.')
      const plain = parseChunk(rest.replaceAll('"', ''), delimiter, !last)
      rest = ''
      yield plain.rows
    }
    yield rows
    tools.progress?.('Reading rows', Math.min(1, read / source.size))
    await breathe(tools)
  }
}

function parseChunk(text: string, delimiter: string, keepLast: boolean): { rows: string[][]; cursor: number } {
  const parser = new Papa.Parser({ delimiter })
  const result: { data: string[][]; meta: { cursor: number } } = parser.parse(text, 0, keepLast)
  return { rows: result.data.filter((row) => row.length > 1 || (row[0] ?? '').trim() !== ''), cursor: result.meta.cursor }
}
