import { findChoices } from './choices'
import { readRows } from './custom-table'
import { type Candidate, findLabelled } from './labelled'
import { FIELD_SPECS } from './labels'
import { datesOf, peopleOf } from './letter-people'
import { findLikely } from './likely'
import { coerce, fits, kindOf } from './property'
import { labelsOf, wordsOf } from './property-labels'
import { fieldOf, type Reading } from './reading'
import type { Field, FieldProperty } from './schema'
import { findStated } from './stated'
import { foldWords } from './words'

/** All values of a list beside its label: parted by commas or semicolons, as many as fit. */
function readList(reading: Reading, name: string, property: FieldProperty): Field | undefined {
  const items = property.items ?? {}
  const text = findStated(reading, 'text', labelsOf(name, property))[0]
  if (!text || typeof text.normalized !== 'string') return undefined
  const parts = text.normalized.split(/\s*[;•|]\s*/u)
  const values = (parts.length > 1 ? parts : text.normalized.split(/\s*,\s+|\s+(?:and|und|et|y|e|en)\s+/u)).flatMap(
    (part) => coerce(name, items, part, reading) ?? [],
  )
  return values.length === 0 ? undefined : { ...fieldOf(reading, name, text), normalized: values }
}

/** What a known field of the same meaning is found by less surely is left to the caller's own words. */
const MIN_ALIAS = 0.5

/** The candidates of a property in the order in which they are believed: by its labels, by the letter's form, by likeness. */
function candidatesOf(reading: Reading, name: string, property: FieldProperty): Candidate[] {
  const kind = kindOf(name, property)
  const stated = findStated(reading, kind, labelsOf(name, property))
  const fitting = (found: Candidate[]) => found.filter((candidate) => fits(candidate.normalized, property))
  const known = FIELD_SPECS[canonicalName(name, Object.keys(FIELD_SPECS))]
  const labelled = fitting(known && FIELD_SPECS[name] ? [...stated, ...findLabelled(reading.lines, known, reading)] : stated)
  if (labelled.length > 0) return labelled.sort((a, b) => b.score - a.score)
  const alias = known ? fitting(findLabelled(reading.lines, known, reading)).filter(({ score }) => score >= MIN_ALIAS) : []
  if (alias.length > 0) return alias
  const words = `${wordsOf(name)} ${property.title ?? ''} ${property.description ?? ''}`
  const people = kind === 'text' ? peopleOf(reading.lines, words) : kind === 'date' ? datesOf(reading, words) : []
  const further = people.length > 0 ? people : findLikely(reading, kind, name, property)
  return fitting(further)
}

/** A field that no class knows, by the labels of its schema; a list of objects is read from a table. Values that the schema forbids are never given. */
export function readCustom(reading: Reading, name: string, property: FieldProperty): Field | undefined {
  if (property.type === 'array' || property.items)
    return property.items?.properties ? readRows(reading, name, property) : readList(reading, name, property)
  if (property.enum) {
    const [choice] = findChoices(reading, labelsOf(name, property), property.enum)
    return choice && fieldOf(reading, name, choice, 'pattern')
  }
  const [best] = candidatesOf(reading, name, property)
  return best && fieldOf(reading, name, best)
}

/** Other names that callers give to the fields of the classes. */
const ALIASES: Record<string, string> = {
  vendor: 'issuer',
  seller: 'issuer',
  supplier: 'issuer',
  merchant: 'issuer',
  company: 'issuer',
  aussteller: 'issuer',
  lieferant: 'issuer',
  rechnungssteller: 'issuer',
  rechnungsnummer: 'invoiceNumber',
  rechnungsnr: 'invoiceNumber',
  datum: 'date',
  rechnungsdatum: 'date',
  falligkeitsdatum: 'dueDate',
  falligkeit: 'dueDate',
  gesamtbetrag: 'totalGross',
  rechnungsbetrag: 'totalGross',
  bruttobetrag: 'totalGross',
  nettobetrag: 'totalNet',
  mehrwertsteuer: 'totalTax',
  umsatzsteuer: 'totalTax',
  mwst: 'totalTax',
  ustid: 'vatId',
  ustidnr: 'vatId',
  rechnungsempfanger: 'customer',
  kunde: 'customer',
  wahrung: 'currency',
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
  party: 'parties',
  vertragsparteien: 'parties',
  gerichtsstand: 'jurisdiction',
  placeofjurisdiction: 'jurisdiction',
  applicablelaw: 'governingLaw',
  anwendbaresrecht: 'governingLaw',
  kundigungsfrist: 'noticePeriod',
  terminationnotice: 'noticePeriod',
  laufzeit: 'term',
  vertragslaufzeit: 'term',
  contractterm: 'term',
  duration: 'term',
  beginn: 'startDate',
  vertragsbeginn: 'startDate',
  mietbeginn: 'startDate',
  contractstart: 'startDate',
  commencementdate: 'startDate',
  vertragsende: 'endDate',
  mietende: 'endDate',
  contractend: 'endDate',
  expirydate: 'endDate',
  automaticrenewal: 'autoRenewal',
  renewal: 'autoRenewal',
  automatischeverlangerung: 'autoRenewal',
}

/** Whether a caller's name is that of a field, or its translation. */
export const isSameName = (field: string, name: string): boolean =>
  foldWords(field) === foldWords(name) || (field === 'date' && foldWords(name) === 'datum')

/** The known field that a name means, or the name itself. */
export function canonicalName(name: string, known: readonly string[]): string {
  const folded = foldWords(name).replaceAll(' ', '')
  return known.find((field) => foldWords(field) === folded) ?? ALIASES[folded] ?? name
}
