import { locateCurrency, mainCurrency } from '../text/amounts'
import { findIbans, findVatIds } from '../text/checksums'
import { findDates } from '../text/dates'
import { spanOf } from '../text/lines'
import { findCustomer } from './customer'
import { findIssuers } from './issuer'
import { type Candidate, findKnown } from './labelled'
import { fieldOf, nameField, type Reading } from './reading'
import type { Field } from './schema'
import { findTotals, type Totals } from './totals'

/** Points at which an issuer's evidence is taken as half sure. */
const ISSUER_HALF = 2.5

/** What every invoice has is better guessed than left out; the rest needs a real label. */
const REQUIRED: ReadonlySet<string> = new Set(['invoiceNumber', 'date'])
const MIN_SCORE = 0.5

/** The first place in reading order where something stands, with its chance of being the field without a label. */
function firstFound(
  reading: Reading,
  find: (text: string) => { start: number; end: number; normalized: string }[],
  score: number,
): Candidate | undefined {
  for (const line of reading.lines) {
    const [found] = find(line.text)
    if (found)
      return {
        page: line.page,
        line: line.index,
        start: line.start + found.start,
        end: line.start + found.end,
        normalized: found.normalized,
        score,
      }
  }
  return undefined
}

/** By label, else the first date of the document with little confidence. */
function dateOf(reading: Reading): Candidate | undefined {
  return (
    findKnown(reading.lines, 'date', reading)[0] ??
    firstFound(reading, (text) => findDates(text, reading.order).map(({ start, end, iso }) => ({ start, end, normalized: iso })), 0.5)
  )
}

function vatIdOf(reading: Reading): Candidate | undefined {
  const find = (text: string) => findVatIds(text).map(({ start, end, vatId }) => ({ start, end, normalized: vatId }))
  return findKnown(reading.lines, 'vatId', reading)[0] ?? firstFound(reading, find, 0.6)
}

function ibanOf(reading: Reading): Candidate | undefined {
  return firstFound(reading, (text) => findIbans(text).map(({ start, end, iban }) => ({ start, end, normalized: iban })), 0.98)
}

function totalFields(reading: Reading, totals: Totals, currency: string | undefined): Field[] {
  const entries: [string, Candidate | undefined][] = [
    ['totalNet', totals.net],
    ['totalTax', totals.tax],
    ['totalGross', totals.gross],
  ]
  return entries.flatMap(([name, candidate]) => {
    if (!candidate) return []
    const withCurrency = { ...candidate, currency: candidate.currency ?? currency }
    return [
      fieldOf(
        reading,
        name,
        withCurrency,
        'label',
        totals.proven ? Math.max(0.95, candidate.score) : candidate.score * (name === 'totalGross' ? 0.9 : 0.55),
      ),
    ]
  })
}

function currencyField(reading: Reading, totals: Totals): Field | undefined {
  const labelled = findKnown(reading.lines, 'currency', reading)[0]
  if (labelled) return fieldOf(reading, 'currency', labelled)
  const currency = totals.gross?.currency ?? mainCurrency(reading.text)
  if (!currency) return currencyOfCountry(reading)
  const beside = totals.gross?.currency ? locateCurrency(reading.document.pages, currency, totals.gross) : undefined
  const place = beside ?? locateCurrency(reading.document.pages, currency)
  return {
    name: 'currency',
    value: currency,
    normalized: currency,
    confidence: totals.gross?.currency ? 0.95 : 0.8,
    source: 'pattern',
    ...(place && { span: spanOf(reading.document.pages, place, reading.documentId) }),
  }
}

/** Countries of VAT ids that do not pay in euros. */
const OWN_CURRENCY: Record<string, string> = { GB: 'GBP', PL: 'PLN', CZ: 'CZK', HU: 'HUF', RO: 'RON', SE: 'SEK', DK: 'DKK', BG: 'BGN' }

/** The currency of the country where the tax number or bank account is, where no sign or code is written. */
function currencyOfCountry(reading: Reading): Field | undefined {
  const id = findVatIds(reading.text)[0]?.vatId ?? findIbans(reading.text)[0]?.iban
  const paidIn = (country: string) => OWN_CURRENCY[country] ?? (/^(?:CH|LI)$/.test(country) ? 'CHF' : 'EUR')
  const currency = id ? paidIn(id.slice(0, 2)) : /\bGSTIN\b/.test(reading.text) ? 'INR' : undefined
  return currency === undefined
    ? undefined
    : { name: 'currency', value: currency, normalized: currency, confidence: 0.5, source: 'pattern' }
}

/** What is still to be paid, where its label says so. */
function amountDueField(reading: Reading, currency: string | undefined): Field[] {
  const due = findKnown(reading.lines, 'amountDue', reading)[0]
  return due && due.score >= MIN_SCORE ? [fieldOf(reading, 'amountDue', { ...due, currency: due.currency ?? currency })] : []
}

function parties(reading: Reading, topWeight: number): Field[] {
  const [issuer, second] = findIssuers(reading.lines, { topWeight })
  const margin = issuer ? (issuer.score - (second?.score ?? 0)) / issuer.score : 0
  const customer = findCustomer(reading.lines, issuer?.name)
  return [
    ...(issuer ? [nameField(reading, 'issuer', issuer, (issuer.score / (issuer.score + ISSUER_HALF)) * (0.8 + 0.4 * margin))] : []),
    ...(customer ? [nameField(reading, 'customer', customer, customer.score)] : []),
  ]
}

/** The fields of an invoice, credit note, receipt or order as the page shows them. */
export function readInvoice(reading: Reading, documentClass: string): Field[] {
  const totals = findTotals(reading.lines, reading)
  const currency = currencyField(reading, totals)
  const code = typeof currency?.normalized === 'string' ? currency.normalized : undefined
  const known = (name: string, candidate: Candidate | undefined) =>
    candidate && candidate.score >= (REQUIRED.has(name) ? 0 : MIN_SCORE) ? [fieldOf(reading, name, candidate)] : []
  return [
    // A receipt has its shop's name at the top; a letter may begin with the addressee.
    ...parties(reading, documentClass === 'receipt' ? 2.6 : 0.8),
    ...known('invoiceNumber', findKnown(reading.lines, 'invoiceNumber', reading)[0]),
    ...known('orderNumber', findKnown(reading.lines, 'orderNumber', reading)[0]),
    ...known('deliveryNumber', findKnown(reading.lines, 'deliveryNumber', reading)[0]),
    ...known('date', dateOf(reading)),
    ...known('dueDate', findKnown(reading.lines, 'dueDate', reading)[0]),
    ...(currency ? [currency] : []),
    ...totalFields(reading, totals, code),
    ...amountDueField(reading, code),
    ...known('vatId', vatIdOf(reading)),
    ...known('iban', ibanOf(reading)),
  ]
}
