import { findPhoneNumbersInText } from 'libphonenumber-js/min'
import type { PiiFinding } from '../../domain/guardrails'

/** Countries whose national way of writing is tried where no code stands before the number. */
const COUNTRIES = ['DE', 'US', 'GB', 'FR', 'AT', 'CH', 'ES', 'IT', 'NL', 'SE', 'DK', 'PL', 'AU'] as const
const MIN_DIGITS = 7
const MAX_DIGITS = 15
/** Label and number stand at most so far apart. */
const LABEL_REACH = 48

const LABEL =
  /(?<![\p{L}])(?:tel(?:efon(?:nummer|isch)?|ephone|éfono|éphone|\.)?|tél\.?|phone(?: number)?|mobil(?:e|nummer|telefon|funk)?|cell|(?:tele)?fax(?:nummer)?|handy(?:nummer)?|rufnummer|durchwahl|hotline|call(?: me| us| back)?(?: back)?(?: at| on)?|ring (?:me|us)|(?:ruf|anruf)\p{L}*|unter(?: der nummer)?|gsm|desk|office|whatsapp|sms|reach (?:me|us))(?![\p{L}])[^\n\d]{0,16}$/iu
/** What another kind of number is called. */
const OTHER =
  /(?:(?:rechnungs?|bestell(?:ung)?|auftrags?|kunden|vertrags?|artikel|serien|vorgangs?|akten|beleg|liefer(?:schein)?|mitglieds|versicherungs|policen?|invoice|order|customer|contract|policy|serial|item|ticket|case|account|part|reference|membership|version)[ -]?(?:nummer|nr|number|no|num|code|id|#)?|\b(?:nr|no|ref|pos|az|isbn|konto|iban|bic|blz|vat|ust|steuernummer|ticket)\b)[^\n\p{L}\d]{0,8}(?:(?:is|lautet|ist|was)\s)?[^\n\p{L}\d]{0,4}$/iu
const SHAPE = /(?<![\p{L}\p{N}/.,-])(?:\+|00|\()?\d(?:[\d ./()-]{4,18})\d(?![\p{N}\p{L}%€]|[.,]\d)/gu
/** Shapes that are numbers to call without a word that says so: with a code, a leading zero, an area in brackets, or the American groups. */
const CALLABLE = /^(?:\+|00\d|\(|0\d)|^1?[-. ]?\d{3}[-. ]\d{3}[-. ]\d{4}(?!\d)/

/** Money, decimals, dates and years with a number: figures in groups, but nobody's telephone. */
const FIGURES =
  /^\d{1,3}(?:[.,' ]\d{3})*[.,]\d{1,2}$|^\d{1,3}(?:[.,]\d{3})+$|^\d+[.,]\d+$|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$|^\d{4}-\d{2}-\d{2}|^(?:19|20)\d\d[-/. ]\d+$/
const MONEY_AROUND = /^\s?(?:€|\$|£|%|EUR|USD|GBP|CHF|Euro|euros?|mm|cm|kg|Stück|pcs)(?![\p{L}])/iu
const MONEY_BEFORE = /(?:€|\$|£|EUR|USD|GBP|CHF)\s?$/u

const count = (text: string): number => text.replace(/\D/g, '').length
const before = (text: string, start: number): string => text.slice(Math.max(0, start - LABEL_REACH), start)

/** Whether figures at a place are called the number of an invoice, an order, a customer and the like. */
export const isNumberOfPaper = (text: string, start: number): boolean => OTHER.test(before(text, firstFigure(text, start)))

/** Where a number begins of which only the last groups were taken. */
const firstFigure = (text: string, start: number): number => start - (/\d[\d ()/-]{0,20}$/.exec(before(text, start))?.[0].length ?? 0)

/** Whether figures at a place can be a telephone number by their form, whoever takes them for one. */
export function hasPhoneForm(text: string, start: number, end: number): boolean {
  const number = text.slice(start, end)
  const digits = count(number)
  if (digits < MIN_DIGITS || digits > MAX_DIGITS + 6 || FIGURES.test(number.trim())) return false
  if (MONEY_AROUND.test(text.slice(end)) || MONEY_BEFORE.test(before(text, start)) || /[\p{L}\d][-/.,]?$/u.test(before(text, start)))
    return false
  return LABEL.test(before(text, start)) || !isNumberOfPaper(text, start)
}

/**
 * Telephone numbers: what libphonenumber takes for one and has the form of one, or the figures behind a word that announces one, in
 * English and German. Money, decimals, dates and the numbers of invoices, orders and customers are none.
 */
export function findPhones(text: string): PiiFinding[] {
  const parsed = COUNTRIES.flatMap((defaultCountry) =>
    findPhoneNumbersInText(text, { defaultCountry }).flatMap(({ startsAt: start, endsAt: end, number }) => {
      const labelled = LABEL.test(before(text, start))
      const sure = labelled || (CALLABLE.test(text.slice(start, end)) && (text[start] === '+' || number.isValid()))
      return sure && hasPhoneForm(text, start, end) ? [finding(text, start, end, 0.9)] : []
    }),
  )
  const shaped = [...text.matchAll(SHAPE)].flatMap(({ 0: { length }, index }) =>
    LABEL.test(before(text, index)) && hasPhoneForm(text, index, index + length) ? [finding(text, index, index + length, 0.85)] : [],
  )
  return [...parsed, ...shaped]
}

const finding = (text: string, start: number, end: number, confidence: number): PiiFinding => ({
  type: 'phone',
  start,
  end,
  text: text.slice(start, end),
  confidence,
})
