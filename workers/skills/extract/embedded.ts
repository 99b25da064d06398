import { classifyEmbedded } from '../classify/embedded'
import { type ContractWeights, readContract } from './contract'
import { findEInvoice } from './e-invoice'
import { readInvoice } from './invoice'
import type { LetterheadWeights } from './letterhead'
import { findLineItems } from './line-items'
import { readLetter, readMail, readPlain, readStatement } from './plain'
import { layOut, type Reading } from './reading'
import { readReceipt } from './receipt'
import { CLASS_FIELDS, type ExtractInput, type ExtractOutput, type Field, GENERIC_FIELDS } from './schema'
import { readSchema } from './schema-fields'
import { fieldsOf } from './structured'

const asInvoice = (reading: Reading, documentClass: string): Field[] => readInvoice(reading, documentClass)

/** What was learned and can be learned anew; absent: what ships with the product. */
export interface Learned {
  letterhead?: LetterheadWeights
  contract?: ContractWeights
}

/** How the fields of each class are read; any other class gives title, author and date. */
const READERS: Record<string, (reading: Reading, documentClass: string, learned: Learned) => Field[]> = {
  invoice: asInvoice,
  credit_note: asInvoice,
  receipt: (reading, _, { letterhead }) => readReceipt(reading, letterhead),
  order: asInvoice,
  delivery_note: asInvoice,
  contract: (reading, _, { contract }) => readContract(reading, contract),
  email: readMail,
  newsletter: readMail,
  letter: readLetter,
  bank_statement: readStatement,
}
const WITH_LINE_ITEMS = new Set(['invoice', 'credit_note', 'receipt', 'order', 'delivery_note'])

/** Fields by name, the surer one kept. */
function surest(fields: Field[]): Map<string, Field> {
  const byName = new Map<string, Field>()
  for (const field of fields) if ((byName.get(field.name)?.confidence ?? -1) < field.confidence) byName.set(field.name, field)
  return byName
}

/** What a class's reader finds, an embedded e-invoice first. */
function readClass(reading: Reading, documentClass: string, learned: Learned): Map<string, Field> {
  const shown = (READERS[documentClass] ?? readPlain)(reading, documentClass, learned)
  const invoice = WITH_LINE_ITEMS.has(documentClass) ? findEInvoice(reading.document) : undefined
  return surest(invoice ? [...fieldsOf(reading, invoice, shown), ...shown] : shown)
}

/** Reads a document's fields with their places: by its class's own fields or by the caller's schema. */
export function extractEmbedded({ document, documentId, class: given, schema }: ExtractInput, learned: Learned = {}): ExtractOutput {
  const reading = layOut(document, documentId)
  const documentClass = given ?? (findEInvoice(document) ? 'invoice' : classifyEmbedded(document).class)
  const known = readClass(reading, documentClass, learned)
  const wanted = schema ? Object.keys(schema.properties) : (CLASS_FIELDS[documentClass] ?? GENERIC_FIELDS)
  const fields = schema ? readSchema({ reading, known, documentClass }, schema) : wanted.flatMap((name) => known.get(name) ?? [])
  const exact = WITH_LINE_ITEMS.has(documentClass) ? findEInvoice(document)?.lineItems : []
  const lineItems =
    exact && exact.length > 0 ? exact : WITH_LINE_ITEMS.has(documentClass) ? findLineItems(document, reading.lines, documentId) : []
  const found = new Set(fields.map((field) => field.name))
  return { class: documentClass, language: reading.language, fields, lineItems, missing: wanted.filter((name) => !found.has(name)) }
}
