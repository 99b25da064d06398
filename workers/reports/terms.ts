import { isGerman } from './render/words'

/** Names of classes, fields and kinds of entities, as the analysis writes them, in English and German. A name that is not here is made readable. */
const TERMS: Record<string, [english: string, german: string]> = {
  invoice: ['Invoice', 'Rechnung'],
  credit_note: ['Credit note', 'Gutschrift'],
  receipt: ['Receipt', 'Quittung'],
  contract: ['Contract', 'Vertrag'],
  order: ['Order', 'Bestellung'],
  delivery_note: ['Delivery note', 'Lieferschein'],
  bank_statement: ['Bank statement', 'Kontoauszug'],
  letter: ['Letter', 'Brief'],
  resume: ['Résumé', 'Lebenslauf'],
  report: ['Report', 'Bericht'],
  table: ['Table', 'Tabelle'],
  email: ['E-mail', 'E-Mail'],
  newsletter: ['Newsletter', 'Newsletter'],
  other: ['Other', 'Sonstiges'],
  issuer: ['Issuer', 'Aussteller'],
  invoiceNumber: ['Invoice number', 'Rechnungsnummer'],
  date: ['Date', 'Datum'],
  dueDate: ['Due date', 'Fällig am'],
  currency: ['Currency', 'Währung'],
  totalNet: ['Net total', 'Nettobetrag'],
  totalTax: ['Tax', 'Steuerbetrag'],
  totalGross: ['Gross total', 'Bruttobetrag'],
  vatId: ['VAT ID', 'USt-IdNr.'],
  iban: ['IBAN', 'IBAN'],
  customer: ['Customer', 'Kunde'],
  address: ['Address', 'Anschrift'],
  parties: ['Parties', 'Parteien'],
  effectiveDate: ['Effective date', 'Beginn'],
  term: ['Term', 'Laufzeit'],
  governingLaw: ['Governing law', 'Anwendbares Recht'],
  contractValue: ['Contract value', 'Vertragswert'],
  noticePeriod: ['Notice period', 'Kündigungsfrist'],
  orderNumber: ['Order number', 'Bestellnummer'],
  deliveryNumber: ['Delivery number', 'Lieferscheinnummer'],
  accountHolder: ['Account holder', 'Kontoinhaber'],
  openingBalance: ['Opening balance', 'Anfangssaldo'],
  closingBalance: ['Closing balance', 'Endsaldo'],
  from: ['From', 'Von'],
  to: ['To', 'An'],
  subject: ['Subject', 'Betreff'],
  title: ['Title', 'Titel'],
  author: ['Author', 'Verfasser'],
  person: ['People', 'Personen'],
  organisation: ['Organisations', 'Organisationen'],
  organization: ['Organisations', 'Organisationen'],
  place: ['Places', 'Orte'],
  location: ['Places', 'Orte'],
  money: ['Amounts', 'Beträge'],
  amount: ['Amounts', 'Beträge'],
  vat_id: ['VAT IDs', 'USt-IdNrn.'],
  required_fields: ['Required fields', 'Pflichtfelder'],
  totals_add_up: ['Totals add up', 'Summen stimmen'],
  line_items_add_up: ['Line items add up', 'Positionen stimmen'],
  date_plausible: ['Plausible date', 'Datum plausibel'],
  date_recent_enough: ['Recent date', 'Datum aktuell'],
  due_after_date: ['Due after issue', 'Fällig nach Ausstellung'],
  iban_valid: ['Valid IBAN', 'IBAN gültig'],
  vat_id_valid: ['Valid VAT ID', 'USt-IdNr. gültig'],
  confidence: ['Confidence', 'Sicherheit'],
  not_a_duplicate: ['No duplicate', 'Kein Doppel'],
  phone: ['Phone numbers', 'Telefonnummern'],
  url: ['Web addresses', 'Webadressen'],
}

/** A name in the reader's language. */
export function termFor(name: string, locale: string): string {
  const term = Object.hasOwn(TERMS, name) ? TERMS[name] : undefined
  return term ? term[isGerman(locale) ? 1 : 0] : readable(name)
}

/** `grossTotal` and `gross_total` are both "Gross total". */
function readable(name: string): string {
  const words = name
    .replace(/[_-]+/g, ' ')
    .replace(/(\p{Ll})(\p{Lu})/gu, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
