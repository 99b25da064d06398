import * as z from 'zod'
import { EXPORT_FORMAT, EXPORT_VERSION, ExportHeader, ExportLine } from '../domain/collection-export'
import { AppError } from '../domain/error'
import { readJson } from '../domain/json-text'
import type { ExportedDocument } from '../domain/knowledge'
import type { DoorPorts } from '../domain/stores'
import { type Line, linesOf } from './ndjson'

/** A document of 5,000 long passages; half of what an isolate can hold of it as bytes, text and value. */
const MAX_LINE_BYTES = 16 * 1024 * 1024
/** Two requests for each batch, of the 1,000 that an invocation may make. */
const MAX_DOCUMENTS = 10_000
/** Of one line: a document of 5,000 passages has some 20 of each, and its graph. */
const MAX_MEMBERS = 1_000_000
const BATCH_DOCUMENTS = 30
/** One message to the collection is at most 32 MiB. */
const BATCH_CHARACTERS = 4_000_000
/** A file with more wrong lines than this is not what it should be. */
const MAX_REFUSED = 100

export const ImportReport = z
  .object({
    documents: z.int().describe('Taken, new or in place of what was there.'),
    unchanged: z.int().describe('There already, word for word; they keep their vectors.'),
    chunks: z.int().describe('Passages of both.'),
    refused: z.array(z.object({ line: z.int(), message: z.string() })).describe('Lines that were left out, and why.'),
  })
  .meta({ id: 'ImportReport' })
type ImportReport = z.output<typeof ImportReport>

/**
 * Takes an exported collection, document by document. A line that is no document is left out and named; doing it again changes nothing.
 * Refuses `invalid` for what is no export, for more than `MAX_REFUSED` wrong lines and for a text that broke off, and `too_large`; documents of
 * the lines before are in the collection then.
 */
export async function importCollection(
  { collectionDocuments }: Pick<DoorPorts, 'collectionDocuments'>,
  collection: string,
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<ImportReport> {
  const report: ImportReport = { documents: 0, unchanged: 0, chunks: 0, refused: [] }
  const batch: Numbered[] = []
  const send = async () => {
    const sent = batch.splice(0)
    if (sent.length === 0) return
    const results = await collectionDocuments.import(
      collection,
      sent.map(({ document }) => document),
    )
    for (const [at, result] of results.entries()) {
      if (!result.ok) refuseLine(report, sent[at]?.line ?? 0, result.error.message)
      else {
        report[result.value.isUnchanged ? 'unchanged' : 'documents'] += 1
        report.chunks += result.value.chunks
      }
    }
  }
  try {
    for await (const numbered of documentsOf(linesOf(body, { lineBytes: MAX_LINE_BYTES, bytes: maxBytes }), report)) {
      batch.push(numbered)
      const characters = batch.reduce((sum, each) => sum + each.characters, 0)
      if (batch.length >= BATCH_DOCUMENTS || characters >= BATCH_CHARACTERS) await send()
    }
  } finally {
    // What came before a refusal is taken all the same, as the description says.
    await send()
  }
  return report
}

interface Numbered {
  line: number
  characters: number
  document: ExportedDocument
}

/** The documents of an export, with their lines; what is none is put into the report. */
async function* documentsOf(lines: AsyncGenerator<Line>, report: ImportReport): AsyncGenerator<Numbered> {
  const first = await lines.next()
  readHeader(first.done ? undefined : first.value)
  let count = 0
  let last = 1
  for await (const { number, text } of lines) {
    last = number
    const { data } = ExportLine.safeParse(parsed(text))
    if (data !== undefined && 'end' in data) return
    count += 1
    if (count > MAX_DOCUMENTS)
      throw new AppError('too_large', `Line ${number}: one import takes ${MAX_DOCUMENTS} documents; send the rest in another.`)
    if (data !== undefined) yield { line: number, characters: text.length, document: data }
    else refuseLine(report, number, complaintOf(text))
  }
  throw new AppError('invalid', `The text breaks off after line ${last}: its last line is missing. Send the whole export again.`, {
    reason: 'truncated',
  })
}

function readHeader(line: Line | undefined): ExportHeader {
  const read = ExportHeader.safeParse(line && parsed(line.text))
  if (!read.success)
    throw new AppError(
      'invalid',
      `The first line must be that of an export: {"format":"${EXPORT_FORMAT}","version":${EXPORT_VERSION},…}.`,
      {
        problems: read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message, line: 1 })),
      },
    )
  if (read.data.version !== EXPORT_VERSION)
    throw new AppError('invalid', `Exports of version ${EXPORT_VERSION} are read here, not of version ${read.data.version}.`)
  return read.data
}

function refuseLine({ refused }: ImportReport, line: number, message: string): void {
  if (refused.length >= MAX_REFUSED)
    throw new AppError('invalid', `More than ${MAX_REFUSED} lines are no documents, up to line ${line}. See problems.`, {
      problems: refused.map((each) => ({ path: '', message: each.message, line: each.line })),
    })
  refused.push({ line, message })
}

function complaintOf(text: string): string {
  const read = readJson(text, MAX_MEMBERS)
  if ('problem' in read) return `The line is no JSON that can be taken: ${read.problem.message} (column ${read.problem.column}).`
  const [issue] = ExportLine.options[1].safeParse(read.value).error?.issues ?? []
  return `The line is no document: ${issue?.path.join('.') || 'it'}: ${issue?.message}.`
}

function parsed(text: string): unknown {
  const read = readJson(text, MAX_MEMBERS)
  return 'value' in read ? read.value : undefined
}
