import { wholeWord } from '../text/pattern'
import { readRows } from './custom-table'
import { type Candidate, findLabelled } from './labelled'
import { FIELD_SPECS, type FieldSpec } from './labels'
import { coerce, fits, kindOf, labelsOf } from './property'
import { fieldOf, type Reading } from './reading'
import type { Field, FieldProperty } from './schema'

/** A field of the caller's schema as labels. */
const specOf = (name: string, property: FieldProperty): FieldSpec => ({ kind: kindOf(name, property), labels: labelsOf(name, property) })

/** An allowed value beside the property's label, else the first one that stands in the text, with little confidence. */
function readEnum(reading: Reading, name: string, property: FieldProperty, allowed: (string | number)[]): Field | undefined {
  const labels = labelsOf(name, property).map(([, source]) => new RegExp(`(?<![\\p{L}])${source}(?![\\p{L}])`, 'iu'))
  const found = reading.lines.flatMap((line) =>
    allowed.flatMap((value): Candidate[] => {
      const match = wholeWord(String(value)).exec(line.text)
      if (!match) return []
      const start = line.start + match.index
      const score = labels.some((label) => label.test(line.text.slice(0, match.index))) ? 0.92 : 0.45
      return [{ page: line.page, line: line.index, start, end: start + match[0].length, normalized: value, score }]
    }),
  )
  const [best] = found.sort((a, b) => b.score - a.score || a.line - b.line || a.start - b.start)
  return best && fieldOf(reading, name, best, 'pattern')
}

/** All values of a list beside its label: parted by commas or semicolons, as many as fit. */
function readList(reading: Reading, name: string, property: FieldProperty): Field | undefined {
  const items = property.items ?? {}
  const text = findLabelled(reading.lines, { kind: 'text', labels: labelsOf(name, property) }, reading)[0]
  if (!text || typeof text.normalized !== 'string') return undefined
  const values = text.normalized
    .split(/\s*[;,•|]\s*|\s+(?:and|und|et|y|e|en)\s+/u)
    .flatMap((part) => coerce(name, items, part, reading) ?? [])
  return values.length === 0 ? undefined : { ...fieldOf(reading, name, text), normalized: values }
}

/** A field that no class knows, by the labels of its schema; a list of objects is read from a table. Values that the schema forbids are never given. */
export function readCustom(reading: Reading, name: string, property: FieldProperty): Field | undefined {
  if (property.type === 'array' || property.items)
    return property.items?.properties ? readRows(reading, name, property) : readList(reading, name, property)
  if (property.enum) return readEnum(reading, name, property, property.enum)
  const own = specOf(name, property)
  const known = FIELD_SPECS[name]
  const spec = known ? { ...known, labels: [...own.labels, ...known.labels] } : own
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
