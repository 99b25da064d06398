import { allClassesIn } from './documents'

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
    ['amountDue', 'amount due|outstanding amount|open amount|zahlbetrag|offene[rn]? betrag|fällige[rn]? betrag'],
    ['contractValue', 'contract value|value of the contract|vertragswert|auftragswert'],
    ['openingBalance', 'opening balance|anfangssaldo'],
    ['closingBalance', 'closing balance|(?:end|schluss)saldo|kontostand'],
    ['dueDate', 'due dates?|payment date|fälligkeits?(?:datum|termin)?|zahlungsziel'],
    ['effectiveDate', 'effective date|start date|vertragsbeginn|inkrafttreten'],
    ['invoiceNumber', 'invoice (?:number|no\\.?)|rechnungsnummer'],
    ['orderNumber', '(?:purchase )?order (?:number|no\\.?)|bestellnummer|auftragsnummer'],
    ['deliveryNumber', 'delivery (?:note )?number|lieferscheinnummer'],
    ['vatId', 'vat (?:id|number)|tax id|ust-?id(?:nr)?|umsatzsteuer-?id'],
    ['iban', 'iban|bank account'],
    ['governingLaw', 'governing law|applicable law|anwendbares recht|geltendes recht'],
    ['noticePeriod', 'notice period|kündigungsfrist'],
    ['parties', 'parties|vertragsparteien|vertragspartner'],
    ['term', '(?<!long-)(?<!short-)term(?! of)|duration|laufzeit'],
    ['issuer', 'suppliers?|vendors?|issuer|sellers?|merchants?|lieferant(?:en)?|aussteller|händler'],
    ['customer', '(?<=(?:the|extract|,|and) )(?:customer|buyer)(?! (?:mail|team|support|service|complaint|number))|kunden?name'],
    ['accountHolder', 'account holder|kontoinhaber'],
    ['subject', 'subject(?: line)?|betreff'],
    ['currency', 'currency|währung'],
    [
      'totalGross',
      'total(?:s? amount)?|(?:invoice|order) (?:amount|total|value|sum)|amounts?|gross|sum|(?:rechnungs|gesamt|brutto|end)?(?:betrag|beträge|summe)|bestellwert',
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

/** A word before a name that makes another name of it: "damage amount" is no total, "earliest start date" no effective date. */
const QUALIFIED =
  /(?<![\p{L}])(?!(?:the|an?|its|their|our|this|each|every|invoice|order|document|total|gross|and|or|with|if|read|extract|capture|is|no|for|of|on|by|to|from|when|as|their|per|neither|nor|without|missing|an?|der|die|das|den|dem|des|und|oder|mit|ohne|von|wenn|falls|ist|liegt|lies|beim?|nach|fehlt|both|all|einen?|eine|im|ein|contract|purchase|uploaded|put|write|check|compare|post|send|mail|only|nur|determine|prüfe|aus|find|note|store|einer|fehlende[rnms]?|show|name|note|take|take|use)(?![\p{L}]))[\p{Ll}][\p{L}-]+ $/iu
/** What after a name makes another one of it: "date of loss". */
const SPECIFIED = /^ of (?!(?:the|an?|each|every|this|all|our)(?![\p{L}]))[\p{Ll}][\p{L}]+/u
const GENERAL = new Set(['totalGross', 'date', 'effectiveDate', 'term', 'subject'])

/** The fields of document classes that a text names, in order; what two names share goes to the first of the table. */
export function knownFields(text: string): FieldPlace[] {
  const places: FieldPlace[] = []
  for (const [name, pattern] of FIELDS)
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length]
      if (places.some((place) => start < place.end && end > place.start)) continue
      if (GENERAL.has(name) && (QUALIFIED.test(text.slice(0, start)) || SPECIFIED.test(text.slice(end)))) continue
      places.push({ field: { name, words: match[0], isNumber: NUMBERS.has(name), isCustom: false }, start, end })
    }
  return places.sort((a, b) => a.start - b.start)
}

const NO_FIELD =
  /^(?:it|them|this|that|everything|all|information|details?|data|key|fields?|values?|text|findings?|result|results|list|report|contents?|documents?|files?|mails?|e-?mails?|messages?|attachments?|forms?|papers?|images?|scans?|pages?|pdfs?|angaben|felder|daten|werte|inhalte?|alles|ihn|sie|es|dokumente?|dateien?|nachrichten?|anhänge?|anhang|unterlagen|post|summary|answer|reply|one|lines?|items?|positionen|posten|person|someone|not|nicht|is|are|ist|sind|you|we|wir|man|handbook|handbuch|inbox|posteingang|question|frage|rest)$/i
const LEADING =
  /^(?:(?:the|an?|its|their|all|any|each|every|jede[rns]?|no|of|also|der|die|das|den|dem|des|alle|ein|eine[nrm]?|keine?|fehlende[rnms]?|missing|and|und)\s+)+/i
const MAX_FIELD_WORDS = 4

/** A field that no class knows: one to four words, as they stand in a list of what is to be read. Undefined for what names no field. */
export function customField(words: string, isNumber = false): NamedField | undefined {
  const bare = words
    .trim()
    .replace(LEADING, '')
    .replace(/[.:]+$/, '')
    .trim()
  const parts = bare.split(/\s+/)
  if (bare === '' || parts.length > MAX_FIELD_WORDS || parts.some((part) => NO_FIELD.test(part)) || !/^[\p{L}][\p{L} .’'&/-]*$/u.test(bare))
    return undefined
  if (allClassesIn(bare).some((place) => place.words.length === bare.length)) return undefined
  const latin = bare
    .toLowerCase()
    .replace(/ä/g, 'ae')
    .replace(/ö/g, 'oe')
    .replace(/ü/g, 'ue')
    .replace(/ß/g, 'ss')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
  const name = latin.map((part, index) => (index === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1))).join('')
  return /^[a-z]/.test(name) ? { name: name.slice(0, 40), words: bare, isNumber, isCustom: true } : undefined
}
