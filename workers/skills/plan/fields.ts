/** A field of a document as goals name it. */
export interface NamedField {
  name: string
  /** Words of the goal; also the label to look for, where no class knows the field. */
  words: string
  isNumber: boolean
  isCustom: boolean
}

const NUMBERS = new Set(['totalNet', 'totalTax', 'totalGross', 'amountDue', 'contractValue', 'openingBalance', 'closingBalance'])

/** Longer names first: "net amount" is not the amount. */
const FIELDS: readonly (readonly [string, RegExp])[] = (
  [
    ['totalNet', 'net (?:amount|total|sum)|netto(?:betrag|summe)?'],
    ['totalTax', 'vat amount|tax amount|steuerbetrag|mehrwertsteuer(?:betrag)?|umsatzsteuer'],
    ['amountDue', 'amount due|outstanding amount|open amount|zahlbetrag|offener? betrag|fälliger? betrag'],
    ['contractValue', 'contract value|value of the contract|vertragswert|auftragswert'],
    ['openingBalance', 'opening balance|anfangssaldo'],
    ['closingBalance', 'closing balance|(?:end|schluss)saldo|kontostand'],
    ['dueDate', 'due dates?|payment date|fälligkeits?(?:datum|termin)?|zahlungsziel'],
    ['effectiveDate', 'effective date|start date|vertragsbeginn|inkrafttreten'],
    ['invoiceNumber', 'invoice (?:number|no\\.?)|rechnungsnummer'],
    ['orderNumber', 'order (?:number|no\\.?)|bestellnummer|auftragsnummer'],
    ['deliveryNumber', 'delivery (?:note )?number|lieferscheinnummer'],
    ['vatId', 'vat (?:id|number)|tax id|ust-?id(?:nr)?|umsatzsteuer-?id'],
    ['iban', 'iban|bank account'],
    ['governingLaw', 'governing law|applicable law|anwendbares recht|geltendes recht'],
    ['noticePeriod', 'notice period|kündigungsfrist'],
    ['parties', 'parties|vertragsparteien|vertragspartner'],
    ['term', '(?<!long-)(?<!short-)term(?! of)|duration|laufzeit'],
    ['issuer', 'suppliers?|vendors?|issuer|sellers?|merchants?|lieferant(?:en)?|aussteller|händler'],
    ['customer', '(?<=(?:the|extract|,|and) )(?:customer|buyer)(?! (?:mail|team|support|service))|kunden?name'],
    ['accountHolder', 'account holder|kontoinhaber'],
    ['subject', 'subject(?: line)?|betreff'],
    ['currency', 'currency|währung'],
    [
      'totalGross',
      'total(?:s? amount)?|invoice (?:amount|total|value|sum)|amounts?|gross|sum|(?:rechnungs|gesamt|brutto|end)?(?:betrag|beträge|summe)|bestellwert',
    ],
    ['date', '(?:invoice |issue |document )?date|(?:rechnungs|beleg)?datum'],
  ] as const
).map(([name, pattern]) => [name, new RegExp(`(?<![\\p{L}-])(?:${pattern})(?![\\p{L}-])`, 'giu')])

/** Where fields stand in a text. */
export interface FieldPlace {
  field: NamedField
  start: number
  end: number
}

/** The fields of document classes that a text names, in order; what two names share goes to the first of the table. */
export function knownFields(text: string): FieldPlace[] {
  const places: FieldPlace[] = []
  for (const [name, pattern] of FIELDS)
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length]
      if (places.some((place) => start < place.end && end > place.start)) continue
      places.push({ field: { name, words: match[0], isNumber: NUMBERS.has(name), isCustom: false }, start, end })
    }
  return places.sort((a, b) => a.start - b.start)
}

const NO_FIELD =
  /^(?:it|them|this|that|everything|all|information|details?|data|key|fields?|values?|text|findings?|result|results|list|report|contents?|angaben|felder|daten|werte|inhalte?|alles|ihn|sie|es)$/i
const LEADING = /^(?:(?:the|an?|its|their|all|of|der|die|das|den|dem|des|alle|ein|eine[nr]?)\s+)+/i

/** A field that no class knows: one to three words after a verb of extraction. Undefined for what names no field. */
export function customField(words: string): NamedField | undefined {
  const bare = words
    .trim()
    .replace(LEADING, '')
    .replace(/[.:]+$/, '')
    .trim()
  const parts = bare.split(/\s+/)
  if (bare === '' || parts.length > 3 || parts.some((part) => NO_FIELD.test(part)) || /[⟦\d]/.test(bare)) return undefined
  const latin = bare
    .toLowerCase()
    .replace(/ä/g, 'ae')
    .replace(/ö/g, 'oe')
    .replace(/ü/g, 'ue')
    .replace(/ß/g, 'ss')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
  const name = latin.map((part, index) => (index === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1))).join('')
  return /^[a-z]/.test(name) ? { name: name.slice(0, 40), words: bare, isNumber: false, isCustom: true } : undefined
}
