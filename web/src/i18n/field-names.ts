import type { Language } from './translate'

/** German for the names that the built-in extraction gives its fields and classes. */
const GERMAN: Record<string, string> = {
  issuer: 'Aussteller',
  invoiceNumber: 'Rechnungsnummer',
  orderNumber: 'Bestellnummer',
  deliveryNumber: 'Lieferscheinnummer',
  date: 'Datum',
  dueDate: 'Fällig am',
  currency: 'Währung',
  totalNet: 'Nettobetrag',
  totalTax: 'Steuerbetrag',
  totalGross: 'Bruttobetrag',
  total: 'Summe',
  vatId: 'USt-IdNr.',
  customer: 'Kunde',
  address: 'Anschrift',
  parties: 'Parteien',
  effectiveDate: 'Gültig ab',
  term: 'Laufzeit',
  governingLaw: 'Anwendbares Recht',
  contractValue: 'Vertragswert',
  noticePeriod: 'Kündigungsfrist',
  accountHolder: 'Kontoinhaber',
  openingBalance: 'Anfangssaldo',
  closingBalance: 'Endsaldo',
  from: 'Von',
  to: 'An',
  subject: 'Betreff',
  title: 'Titel',
  author: 'Verfasser',
  document: 'Dokument',
  confidence: 'Sicherheit',
  reasons: 'Gründe',
  score: 'Bewertung',
  class: 'Klasse',
  summary: 'Zusammenfassung',
  invoice: 'Rechnung',
  credit_note: 'Gutschrift',
  receipt: 'Quittung',
  contract: 'Vertrag',
  order: 'Bestellung',
  delivery_note: 'Lieferschein',
  bank_statement: 'Kontoauszug',
  letter: 'Brief',
  resume: 'Lebenslauf',
  report: 'Bericht',
  table: 'Tabelle',
  email: 'E-Mail',
  newsletter: 'Newsletter',
  other: 'Sonstiges',
}

/** A name from data as people write it: `totalGross` and `total_gross` become `Total gross`, or the word of the language where there is one. */
export function fieldName(name: string, language: Language): string {
  const known = language === 'de' ? GERMAN[name] : undefined
  if (known !== undefined) return known
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\b(iban|bic|vat|id)\b/gi, (word) => word.toUpperCase())
}
