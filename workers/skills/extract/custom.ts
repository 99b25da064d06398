import type { Json } from '../../domain/json'
import { literal, wholeWord } from '../text/pattern'
import { findLabelled } from './labelled'
import { FIELD_SPECS, type FieldKind, type FieldSpec, type Label } from './labels'
import { fieldOf, type Reading } from './reading'
import type { Field, FieldSchema } from './schema'

type Property = FieldSchema['properties'][string]

const wordsOf = (name: string): string =>
  name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()

function kindOf(name: string, { type, format }: Property): FieldKind {
  const words = wordsOf(name).toLowerCase()
  if (format === 'date' || format === 'date-time' || /\bdate\b|datum|fecha/.test(words)) return 'date'
  if (format === 'email' || /e-?mail/.test(words)) return 'email'
  if (type === 'boolean') return 'boolean'
  if (type === 'number' || type === 'integer')
    return /amount|total|price|cost|fee|sum|betrag|preis|montant/.test(words) ? 'amount' : 'number'
  if (/iban/.test(words)) return 'iban'
  return /\b(?:number|no|nr|id|code|reference|nummer)\b/.test(words) ? 'id' : 'text'
}

/** A field of the caller's schema as labels: those given, its title, and its name in words. */
function specOf(name: string, property: Property): FieldSpec {
  const labels: Label[] = [
    ...(property['x-labels'] ?? []).map((label): Label => [1, literal(label)]),
    ...(property.title ? [[0.95, literal(property.title)] satisfies Label] : []),
    [0.9, literal(wordsOf(name))],
  ]
  return { kind: kindOf(name, property), labels }
}

/** The first allowed value that stands in the text. */
function readEnum(reading: Reading, name: string, allowed: (string | number)[]): Field | undefined {
  for (const value of allowed) {
    const pattern = wholeWord(String(value))
    for (const line of reading.lines) {
      const match = pattern.exec(line.text)
      if (!match) continue
      const start = line.start + match.index
      return fieldOf(
        reading,
        name,
        { page: line.page, line: line.index, start, end: start + match[0].length, normalized: value, score: 0.6 },
        'pattern',
      )
    }
  }
  return undefined
}

const fits = (value: Json, { type }: Property): boolean => type !== 'integer' || (typeof value === 'number' && Number.isInteger(value))

/** A field that no class knows, by the labels of its schema. */
export function readCustom(reading: Reading, name: string, property: Property): Field | undefined {
  if (property.enum) return readEnum(reading, name, property.enum)
  const spec = FIELD_SPECS[name] ?? specOf(name, property)
  const best = findLabelled(reading.lines, spec, reading).find((candidate) => fits(candidate.normalized, property))
  return best && fieldOf(reading, name, best)
}

/** Other names that callers give to the fields of the classes. */
const ALIASES: Record<string, string> = {
  vendor: 'issuer',
  seller: 'issuer',
  supplier: 'issuer',
  merchant: 'issuer',
  company: 'issuer',
  sellername: 'issuer',
  vendorname: 'issuer',
  invoiceno: 'invoiceNumber',
  invoiceid: 'invoiceNumber',
  receiptnumber: 'invoiceNumber',
  invoicedate: 'date',
  issuedate: 'date',
  total: 'totalGross',
  amount: 'totalGross',
  grandtotal: 'totalGross',
  totalamount: 'totalGross',
  subtotal: 'totalNet',
  nettotal: 'totalNet',
  net: 'totalNet',
  tax: 'totalTax',
  vat: 'totalTax',
  taxtotal: 'totalTax',
  vatnumber: 'vatId',
  buyer: 'customer',
  buyername: 'customer',
  customername: 'customer',
  ponumber: 'orderNumber',
  jurisdiction: 'governingLaw',
  party: 'parties',
}

/** The known field that a name means, or the name itself. */
export function canonicalName(name: string, known: readonly string[]): string {
  const folded = name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase()
  return known.find((field) => field.toLowerCase() === folded) ?? ALIASES[folded] ?? name
}
