import type { DraftInput } from './schema'

/** Fields of documents under the names that people know them by. */
const FIELDS: Record<string, Record<DraftInput['language'], string>> = {
  invoiceNumber: { en: 'Invoice number', de: 'Rechnungsnummer' },
  orderNumber: { en: 'Order number', de: 'Bestellnummer' },
  customerNumber: { en: 'Customer number', de: 'Kundennummer' },
  issuer: { en: 'Issued by', de: 'Aussteller' },
  customer: { en: 'Customer', de: 'Kunde' },
  date: { en: 'Date', de: 'Datum' },
  dueDate: { en: 'Due date', de: 'Fällig am' },
  deliveryDate: { en: 'Delivery date', de: 'Lieferdatum' },
  total: { en: 'Total', de: 'Gesamtbetrag' },
  totalGross: { en: 'Total', de: 'Gesamtbetrag' },
  totalNet: { en: 'Net amount', de: 'Nettobetrag' },
  totalTax: { en: 'Tax', de: 'Steuer' },
  currency: { en: 'Currency', de: 'Währung' },
  parties: { en: 'Parties', de: 'Parteien' },
  effectiveDate: { en: 'Effective date', de: 'Gültig ab' },
  endDate: { en: 'End date', de: 'Ende' },
  term: { en: 'Term', de: 'Laufzeit' },
  noticePeriod: { en: 'Notice period', de: 'Kündigungsfrist' },
  contractValue: { en: 'Contract value', de: 'Vertragswert' },
  governingLaw: { en: 'Governing law', de: 'Anwendbares Recht' },
  iban: { en: 'IBAN', de: 'IBAN' },
}

/** The name of a fact for people: known fields in the language of the draft, identifiers as words, anything else as it was given. */
export function labelOf(name: string, language: DraftInput['language']): string {
  const known = FIELDS[name]
  if (known) return known[language]
  if (!/^\p{Ll}[\p{L}\d]*(?:\p{Lu}|[_-]\p{L})[\p{L}\d_-]*$/u.test(name)) return name
  const words = name
    .replace(/[_-]+/g, ' ')
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
