import { findDates } from '../text/dates'
import { type Line, locate, spanOf } from '../text/lines'
import { findIssuers } from './issuer'
import { findKnown } from './labelled'
import { fieldOf, nameField, type Reading } from './reading'
import type { Field } from './schema'

/** A field that the metadata states; its place is shown where the text repeats it. */
function fromMetadata(reading: Reading, name: string, ...keys: string[]): Field | undefined {
  const value = keys.map((key) => reading.document.metadata[key]?.trim()).find((found) => found)
  if (!value) return undefined
  const place = locate(reading.document.pages, value)
  const instant = name === 'date' ? new Date(value) : undefined
  const normalized = instant && !Number.isNaN(instant.getTime()) ? instant.toISOString() : value
  return {
    name,
    value,
    normalized,
    confidence: 0.98,
    source: 'metadata',
    ...(place && { span: spanOf(reading.document.pages, place, reading.documentId) }),
  }
}

/** A heading, else the first line that is more than a table's: what heads the columns is not what heads the document. */
const firstLine = (reading: Reading): Field | undefined => {
  const tables = Map.groupBy(
    reading.document.blocks.filter((block) => block.kind === 'table'),
    ({ page }) => page,
  )
  const isInTable = (line: Line): boolean =>
    tables.get(line.page)?.some(({ start, end }) => start <= line.start && line.end <= end) ?? false
  const heading = reading.document.blocks.find((block) => block.kind === 'heading')
  const line = heading ?? reading.lines.find((candidate) => /\p{L}{3}/u.test(candidate.text) && !isInTable(candidate))
  if (!line) return undefined
  const span = spanOf(reading.document.pages, line, reading.documentId)
  return {
    name: 'title',
    value: span.quote.trim(),
    normalized: span.quote.trim(),
    confidence: heading ? 0.85 : 0.5,
    span,
    source: 'layout',
  }
}

function firstDate(reading: Reading): Field | undefined {
  const labelled = findKnown(reading.lines, 'date', reading)[0]
  if (labelled) return fieldOf(reading, 'date', labelled)
  for (const line of reading.lines) {
    const [date] = findDates(line.text, reading.order)
    if (date)
      return fieldOf(
        reading,
        'date',
        { page: line.page, line: line.index, start: line.start + date.start, end: line.start + date.end, normalized: date.iso, score: 0.5 },
        'pattern',
      )
  }
  return undefined
}

const labelled = (reading: Reading, name: string): Field | undefined => {
  const best = findKnown(reading.lines, name, reading)[0]
  return best && fieldOf(reading, name, best)
}

const present = (fields: (Field | undefined)[]): Field[] => fields.filter((field): field is Field => field !== undefined)

/** The fields of a mail: its header where ingestion kept it, else the header lines in its text. */
export const readMail = (reading: Reading): Field[] =>
  present([
    fromMetadata(reading, 'from', 'from'),
    fromMetadata(reading, 'to', 'to'),
    fromMetadata(reading, 'subject', 'subject') ?? labelled(reading, 'subject'),
    fromMetadata(reading, 'date', 'date', 'sentAt', 'receivedAt') ?? firstDate(reading),
  ])

/** The fields of a letter. */
export function readLetter(reading: Reading): Field[] {
  const [issuer] = findIssuers(reading.lines, { topWeight: 1.5 })
  return present([
    issuer && nameField(reading, 'issuer', issuer, issuer.score / (issuer.score + 3)),
    firstDate(reading),
    labelled(reading, 'subject'),
  ])
}

/** The fields of a bank statement. */
export const readStatement = (reading: Reading): Field[] =>
  present([
    ...['accountHolder', 'iban', 'currency', 'openingBalance', 'closingBalance'].map((name) => labelled(reading, name)),
    firstDate(reading),
  ])

/** What any document says of itself: title, author, date. */
export function readPlain(reading: Reading): Field[] {
  const { title } = reading.document
  const place = title ? locate(reading.document.pages, title) : undefined
  const titled: Field | undefined = title
    ? {
        name: 'title',
        value: title,
        normalized: title,
        confidence: 0.9,
        source: 'metadata',
        ...(place && { span: spanOf(reading.document.pages, place, reading.documentId) }),
      }
    : firstLine(reading)
  return present([
    titled,
    fromMetadata(reading, 'author', 'author', 'creator') ?? labelled(reading, 'author'),
    firstDate(reading) ?? fromMetadata(reading, 'date', 'modified', 'created'),
  ])
}
