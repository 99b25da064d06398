import type { FieldResult } from '../document-result'
import { type Formats, isoTime } from '../render/formats'

/** A field in the tenant's way of writing: amounts as money, ISO dates as dates, lists joined; text without what stands around it in the document. */
export function fieldText({ value, normalized, currency }: FieldResult, formats: Formats): string {
  const best = normalized ?? value
  if (typeof best === 'number') return currency ? formats.money(best, currency) : typeof value === 'string' ? value : formats.number(best)
  if (typeof best === 'string') return isoTime(best) === undefined ? best : formats.date(best)
  return plainText(best)
}

function plainText(value: FieldResult['value']): string {
  if (value === null || value === undefined) return '–'
  if (Array.isArray(value)) return value.map(plainText).join(', ')
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([key, member]) => `${key}: ${plainText(member)}`)
    .join(', ')
}
