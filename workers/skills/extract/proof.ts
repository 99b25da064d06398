import * as z from 'zod'
import type { Json } from '../../domain/json'
import { findAmounts } from '../text/amounts'
import { findDates } from '../text/dates'
import { locate, type Range, spanOf } from '../text/lines'
import { FIELD_SPECS } from './labels'
import { coerce, fits, kindOf } from './property'
import { READERS } from './readers'
import type { Reading } from './reading'
import type { Field, FieldProperty } from './schema'

/** A field as a model gave it: a value and the words of the document that are to prove it. */
export interface ProposedField {
  name: string
  value: string
  quote: string
}

/** A value that stands in its quote, and the quote in the document, is proven; a value that stands elsewhere is likely; others are doubtful. */
const PROVEN = 0.93
const LIKELY = 0.7
const UNPROVEN = 0.3

/** The objects of a list that a model wrote as JSON, typed by their properties; undefined for anything else. */
function objectsIn(value: string, property: FieldProperty, reading: Reading): Record<string, Json>[] | undefined {
  const properties = property.items?.properties
  if (!properties) return undefined
  try {
    const rows = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))).parse(JSON.parse(value))
    return rows.map((row) =>
      Object.fromEntries(
        Object.entries(properties).flatMap(([name, each]) => {
          const read = row[name] === undefined || row[name] === null ? undefined : coerce(name, each, String(row[name]), reading)
          return read === undefined ? [] : [[name, read]]
        }),
      ),
    )
  } catch {
    // A model's text that is no such JSON is taken as any other doubtful value.
    return undefined
  }
}

/** Whether a value, however normalised, is what a stretch of text says. */
function says(text: string, name: string, property: FieldProperty, normalized: Json, reading: Reading): boolean {
  const kind = FIELD_SPECS[name]?.kind ?? kindOf(name, property)
  return kind !== 'text' && READERS[kind](text, reading).some((read) => read.normalized === normalized)
}

interface Proof {
  place: Range | undefined
  confidence: number
}

/** Where a document shows a value that a model gave, and how sure that makes it. */
function prove(reading: Reading, name: string, property: FieldProperty, normalized: Json, { value, quote }: ProposedField): Proof {
  const pages = reading.document.pages
  const quoted = locate(pages, quote)
  const inQuote =
    quoted && (locate([{ number: 1, text: quote, boxes: [], source: 'text' }], value) || says(quote, name, property, normalized, reading))
  if (quoted && inQuote) return { place: within(reading, quoted, value) ?? quoted, confidence: PROVEN }
  const place = locate(pages, value)
  return { place: place ?? quoted, confidence: place ? LIKELY : UNPROVEN }
}

/** The value's own place inside its quote. */
function within(reading: Reading, quoted: Range, value: string): Range | undefined {
  const page = reading.document.pages.find(({ number }) => number === quoted.page)
  const inner = page && locate([{ ...page, text: page.text.slice(quoted.start, quoted.end) }], value)
  return inner && { page: quoted.page, start: quoted.start + inner.start, end: quoted.start + inner.end }
}

/** The field that a model's value makes: typed, placed and marked by what the document shows of it; undefined where the schema forbids it. */
export function provenField(reading: Reading, proposed: ProposedField, property: FieldProperty): Field | undefined {
  const { name, value } = proposed
  const kind = FIELD_SPECS[name]?.kind ?? kindOf(name, property)
  const list = name === 'parties' || property.type === 'array' ? value.split(/;\s*/) : undefined
  const objects = objectsIn(value, property, reading)
  const read = kind === 'text' || objects || list ? undefined : READERS[kind](value, reading)[0]
  const normalized: Json = objects ?? list ?? read?.normalized ?? value
  if (!objects && !list && !fits(normalized, property)) return undefined
  const { place, confidence } = objects ? proveAll(reading, objects) : prove(reading, name, property, normalized, proposed)
  return {
    name,
    value,
    normalized,
    ...(read?.currency && { currency: read.currency }),
    confidence,
    source: 'model',
    verification: confidence >= LIKELY ? 'verified' : 'unverified',
    ...(place && { span: spanOf(reading.document.pages, place, reading.documentId) }),
  }
}

/** Objects are as sure as the share of their values that the document shows. */
function proveAll(reading: Reading, objects: Record<string, Json>[]): Proof {
  const amounts = new Set(findAmounts(reading.text).map(({ value }) => value))
  const dates = new Set(findDates(reading.text, reading.order).map(({ iso }) => iso))
  const places = objects.flatMap((row) =>
    Object.values(row).map((value) => {
      if (typeof value === 'number') return amounts.has(value)
      return locate(reading.document.pages, String(value)) ?? dates.has(String(value))
    }),
  )
  const share = places.filter(Boolean).length / Math.max(1, places.length)
  const place = places.find((found): found is Range => typeof found === 'object')
  return { place, confidence: share === 1 ? PROVEN : UNPROVEN + (LIKELY - UNPROVEN) * share * 0.9 }
}
