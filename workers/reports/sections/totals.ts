import type { DocumentResult, FieldResult } from '../document-result'

/** An amount with its currency. */
export interface Amount {
  value: number
  currency: string
}

/** Fields that say what a document is worth, best first. */
const TOTAL_FIELDS = ['totalGross', 'total', 'grossTotal', 'amountDue', 'totalAmount', 'contractValue', 'totalNet', 'closingBalance']

const isNumber = (field: FieldResult): boolean => typeof (field.normalized ?? field.value) === 'number'

/** What a document is worth, where it says so. */
export function totalOf(result: DocumentResult, defaultCurrency: string): Amount | undefined {
  const fields = result.fields ?? []
  const field = TOTAL_FIELDS.map((name) => fields.find((candidate) => candidate.name === name && isNumber(candidate))).find(
    (found) => found !== undefined,
  )
  const value = field?.normalized ?? field?.value
  return typeof value === 'number' ? { value, currency: currencyOf(result, defaultCurrency, field?.currency) } : undefined
}

/** The currency of a document's amounts: the amount's own, the document's field, else the tenant's. */
export function currencyOf(result: DocumentResult, defaultCurrency: string, own?: string | null): string {
  const named = (result.fields ?? []).find((field) => field.name === 'currency')
  const code = own ?? (result.fields ?? []).find((field) => field.currency)?.currency ?? named?.normalized ?? named?.value
  return typeof code === 'string' && /^[A-Z]{3}$/.test(code) ? code : defaultCurrency
}

/** The sum of amounts of one currency; undefined when there are none, or when they are of several. */
export function sumOf(amounts: Amount[]): Amount | undefined {
  const [first, ...others] = amounts
  if (!first || others.some((amount) => amount.currency !== first.currency)) return undefined
  // In whole ten-thousandths, so that cents add up exactly.
  const value = amounts.reduce((sum, amount) => sum + Math.round(amount.value * 10_000), 0) / 10_000
  return { value, currency: first.currency }
}
