import type { Json } from '../../domain/json'
import { literal } from '../text/pattern'
import type { FieldKind, Label } from './labels'
import { READERS, type ReaderOptions } from './readers'
import type { ScalarProperty } from './schema'

/** A property's name in words: `unitPrice` and `unit_price` are `unit Price` and `unit price`. */
export const wordsOf = (name: string): string =>
  name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()

/** How a property's value is read: by its format and type, else by what its name speaks of. */
export function kindOf(name: string, { type, format }: ScalarProperty): FieldKind {
  const words = wordsOf(name).toLowerCase()
  if (format === 'date' || format === 'date-time') return 'date'
  if (format === 'email' || format === 'iban' || format === 'currency') return format
  if (type === 'boolean') return 'boolean'
  if (type === 'number' || type === 'integer')
    return /amount|total|price|cost|fee|sum|betrag|preis|montant|importe|prix|bedrag/.test(words) ? 'amount' : 'number'
  if (/\bdate\b|datum|fecha/.test(words)) return 'date'
  if (/e-?mail/.test(words)) return 'email'
  if (/iban/.test(words)) return 'iban'
  return /\b(?:number|no|nr|id|code|reference|nummer)\b/.test(words) ? 'id' : 'text'
}

/** Labels in a description: quoted words, and what `also called` and its like introduce. */
function hintsOf(description: string): string[] {
  const quoted = [...description.matchAll(/["“'‘`]([^"”'’`]{2,40})["”'’`]/g)].map((match) => match[1] ?? '')
  const also = /(?:also (?:called|known as|labelled|labeled)|labelled|labeled|shown as|aka)\s+([^.;()]{2,80})/i.exec(description)?.[1] ?? ''
  return [...quoted, ...also.split(/,|\bor\b|\//)].map((hint) => hint.replace(/["“”'‘’`]/g, '').trim()).filter((hint) => hint.length > 1)
}

/** The words that may stand beside a property's value, the surest first: those given, its title, its name, hints in its description. */
export function labelsOf(name: string, property: ScalarProperty): Label[] {
  const labels: Label[] = [
    ...(property['x-labels'] ?? []).map((label): Label => [1, literal(label)]),
    ...(property.title ? [[0.95, literal(property.title)] satisfies Label] : []),
    [0.9, literal(wordsOf(name))],
    ...hintsOf(property.description ?? '').map((hint): Label => [0.85, literal(hint)]),
  ]
  return labels.filter(([, source], index) => labels.findIndex(([, other]) => other.toLowerCase() === source.toLowerCase()) === index)
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
