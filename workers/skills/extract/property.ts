import type { Json } from '../../domain/json'
import type { FieldKind } from './labels'
import { wordsOf } from './property-labels'
import { READERS, type ReaderOptions } from './readers'
import type { ScalarProperty } from './schema'

const IS_REFERENCE =
  /(?:nummer|number|\b(?:no|nr|id|code|reference|ref|iban|vin|kennung|aktenzeichen))$|\b(?:number|nummer|id|code|reference)\b/
const IS_PHONE = /\b(?:phone|telephone|tel|mobile|fax)\b|telefon|rufnummer|handy|telefax/

/** How a property's value is read: by its format and type, else by what its name and title speak of. */
export function kindOf(name: string, { type, format, title }: ScalarProperty): FieldKind {
  const words = `${wordsOf(name)} ${title?.includes(',') ? '' : (title ?? '')}`.toLowerCase().trim()
  if (format === 'date' || format === 'date-time') return 'date'
  if (format === 'email' || format === 'iban' || format === 'currency') return format
  if (type === 'boolean') return 'boolean'
  if (type === 'number' || type === 'integer')
    return /amount|total|price|cost|fee|sum|betrag|preis|montant|importe|prix|bedrag/.test(words) ? 'amount' : 'number'
  if (/\bdate\b|datum|fecha/.test(words)) return 'date'
  if (/e-?mail/.test(words)) return 'email'
  if (/\biban\b/.test(words)) return 'iban'
  if (IS_PHONE.test(words)) return 'phone'
  return IS_REFERENCE.test(words) ? 'reference' : 'text'
}

/** A user's pattern, or undefined when it is none; a pattern that cannot be read forbids nothing. */
function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return undefined
  }
}

/** Whether a value keeps what the schema asks of it. */
export function fits(value: Json, { type, enum: allowed, pattern, minimum, maximum }: ScalarProperty): boolean {
  if (allowed && !allowed.some((each) => String(each).toLowerCase() === String(value).toLowerCase())) return false
  if ((type === 'number' && typeof value !== 'number') || (type === 'boolean' && typeof value !== 'boolean')) return false
  if (type === 'integer' && !(typeof value === 'number' && Number.isInteger(value))) return false
  if (typeof value === 'number' && ((minimum !== undefined && value < minimum) || (maximum !== undefined && value > maximum))) return false
  return !(pattern !== undefined && typeof value === 'string' && compiled(pattern)?.test(value) === false)
}

/** The value that a text holds for a property, normalised; undefined where it holds none that fits. */
export function coerce(name: string, property: ScalarProperty, text: string, options: ReaderOptions): Json | undefined {
  const allowed = property.enum?.find((each) => String(each).toLowerCase() === text.trim().toLowerCase())
  if (property.enum) return allowed
  const kind = kindOf(name, property)
  if (kind === 'text') return text.trim() !== '' && fits(text.trim(), property) ? text.trim() : undefined
  return READERS[kind](text, options).find(({ normalized }) => fits(normalized, property))?.normalized
}
