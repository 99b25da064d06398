import type { Json } from '../../domain/json'
import { findAmounts } from '../text/amounts'
import { findDates } from '../text/dates'
import { locate, type Range, spanOf } from '../text/lines'
import type { EInvoice } from './e-invoice'
import type { Reading } from './reading'
import type { Field } from './schema'

const AMOUNTS = new Set(['totalNet', 'totalTax', 'totalGross', 'amountDue'])
const DATES = new Set(['date', 'dueDate'])

/** Where the page shows an exact value, however it writes it. */
function shownAt(reading: Reading, name: string, value: string): Range | undefined {
  if (!AMOUNTS.has(name) && !DATES.has(name)) return locate(reading.document.pages, value)
  for (const line of reading.lines) {
    const found = AMOUNTS.has(name)
      ? findAmounts(line.text).find((amount) => amount.value === Number(value))
      : findDates(line.text, reading.order).find((date) => date.iso === value)
    if (found) return { page: line.page, start: line.start + found.start, end: line.start + found.end }
  }
  return undefined
}

/** The fields of an embedded e-invoice: exact, with the place where the page shows the same value. */
export function fieldsOf(reading: Reading, invoice: EInvoice, shown: Field[]): Field[] {
  return Object.entries(invoice.values).map(([name, value]) => {
    const normalized: Json = AMOUNTS.has(name) ? Number(value) : value
    const same = shown.find((field) => field.name === name && field.normalized === normalized)
    const place = same?.span ?? shownAt(reading, name, value)
    const currency = AMOUNTS.has(name) ? invoice.values.currency : undefined
    return {
      name,
      value,
      normalized,
      confidence: 1,
      source: 'xml',
      ...(currency && { currency }),
      ...(place && { span: spanOf(reading.document.pages, place, reading.documentId) }),
    }
  })
}
