import { spanOf } from '../text/lines'
import { readInvoice } from './invoice'
import { type LetterheadWeights, readLetterhead } from './letterhead'
import type { Reading } from './reading'
import type { Field } from './schema'

/** Evidence of an invoice must be surer by this to stand against the letterhead; chosen by cross-validation on receipts. */
const MARGIN = 0.1

const field = (
  reading: Reading,
  name: string,
  found: { text: string; range: Parameters<typeof spanOf>[1]; probability: number },
): Field => {
  const span = spanOf(reading.document.pages, found.range, reading.documentId)
  const confidence = Math.round(Math.min(0.99, found.probability) * 100) / 100
  return { name, value: span.quote, normalized: found.text, confidence, span, source: 'layout' }
}

/** The fields of a receipt: those of an invoice, with the shop and its address read from the letterhead. */
export function readReceipt(reading: Reading, weights?: LetterheadWeights): Field[] {
  const { company, address } = readLetterhead(reading.lines, weights)
  const fields = readInvoice(reading, 'receipt')
  const evident = fields.find(({ name }) => name === 'issuer')
  const named = company ? field(reading, 'issuer', { ...company, text: company.name }) : undefined
  // A receipt has its shop's name at the top; a bill that is called a receipt has it where invoices have it.
  const isNamed = named !== undefined && named.confidence >= (evident?.confidence ?? 0) - MARGIN
  return [
    ...(isNamed ? [named, ...fields.filter(({ name }) => name !== 'issuer')] : fields),
    ...(address ? [field(reading, 'address', address)] : []),
  ]
}
