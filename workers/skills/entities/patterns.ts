import { COMPANY } from '../extract/names'
import { findAmounts } from '../text/amounts'
import { findIbans, findVatIds } from '../text/checksums'
import { type DateOrder, findDates } from '../text/dates'
import type { EntityType } from './schema'

/** An entity in one text, not yet placed on its page. */
export interface Mention {
  type: EntityType
  start: number
  end: number
  normalized: string
}

const EMAIL =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}](?:[\p{L}\p{N}._%+-]*[\p{L}\p{N}_%+-])?@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,24}(?![\p{L}\p{N}])/gu
const URL_TEXT = /(?<![\p{L}\p{N}@])(?:https?:\/\/|www\.)[^\s<>"'()[\]{}]+[^\s<>"'()[\]{}.,;:!?]/giu
const PHONE =
  /(?<![\p{L}\p{N}/.,-])(?:(?:\+|00)\d{1,3}[\s./-]?)?(?:\(\d{1,5}\)[\s./-]?)?\d{1,5}(?:[\s./-]?\d{2,4}){2,5}(?![\p{N}\p{L}%€]|[.,]\d)/gu
const PHONE_LABEL = /(?:tel(?:efon|efoon|éfono|éphone|\.)?|phone|mobil[e]?|fax|handy|call|gsm|cell|ph)\s*[.:#]*\s*(?:no\.?\s*)?$/iu
const TITLED =
  /(?<![\p{L}])(?:Herrn?|Frau|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Prof\.?|Monsieur|Madame|Mme|Sr\.|Sra\.|Señor|Señora|Sig\.|Sig\.ra|Dott\.|Dhr\.|Mevr\.)\s+(?:(?:Dr|Prof)\.\s+)?(?<name>\p{Lu}[\p{L}'’-]+(?:[ ](?:von|van|de|der|del|di|\p{Lu}\.|\p{Lu}[\p{L}'’-]+)){0,3})/gu

const all = (type: EntityType, text: string, pattern: RegExp, normalize: (found: string) => string): Mention[] =>
  [...text.matchAll(pattern)].map((match) => ({
    type,
    start: match.index,
    end: match.index + match[0].length,
    normalized: normalize(match[0]),
  }))

/** Telephone numbers: written with a country code, or after a word that says so; other digit groups are no numbers to call. */
function phones(text: string): Mention[] {
  return [...text.matchAll(PHONE)].flatMap((match) => {
    const digits = match[0].replace(/\D/g, '')
    const labelled = PHONE_LABEL.test(text.slice(Math.max(0, match.index - 20), match.index))
    const international = match[0].startsWith('+')
    if (digits.length < 7 || digits.length > 15 || !(labelled || international)) return []
    return [
      {
        type: 'phone' as const,
        start: match.index,
        end: match.index + match[0].length,
        normalized: `${match[0].startsWith('+') ? '+' : ''}${digits}`,
      },
    ]
  })
}

const titledPeople = (text: string): Mention[] =>
  [...text.matchAll(TITLED)].flatMap((match) => {
    const name = match.groups?.name
    const start = match.index + match[0].length - (name?.length ?? 0)
    return name ? [{ type: 'person' as const, start, end: start + name.length, normalized: name }] : []
  })

/** Everything that rules can tell without knowing the language: checked numbers, addresses, money, dates, company names. */
export function findPatterns(text: string, order: DateOrder): Mention[] {
  return [
    ...findIbans(text).map(({ start, end, iban }): Mention => ({ type: 'iban', start, end, normalized: iban })),
    ...all('email', text, EMAIL, (found) => found.toLowerCase()),
    ...all('url', text, URL_TEXT, (found) => found),
    ...findVatIds(text).map(({ start, end, vatId }): Mention => ({ type: 'vat_id', start, end, normalized: vatId })),
    ...findDates(text, order).map(({ start, end, iso }): Mention => ({ type: 'date', start, end, normalized: iso })),
    ...findAmounts(text).flatMap(({ start, end, value, currency }): Mention[] =>
      currency ? [{ type: 'money', start, end, normalized: `${value} ${currency}` }] : [],
    ),
    ...phones(text),
    ...all('organisation', text, COMPANY, (found) => found.replace(/\s+/g, ' ')),
    ...titledPeople(text),
  ]
}
