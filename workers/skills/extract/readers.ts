import type { Json } from '../../domain/json'
import { findAmounts, parseNumber } from '../text/amounts'
import { findIbans, findVatIds } from '../text/checksums'
import { type DateOrder, findDates } from '../text/dates'
import type { FieldKind } from './labels'

/** A value read from a text at `[start, end)`. `quality` 0–1 says how much it looks like what is wanted. */
export interface Reading {
  start: number
  end: number
  normalized: Json
  currency?: string
  quality: number
}

export interface ReaderOptions {
  order: DateOrder
}

const ID = /(?<![\p{L}\p{N}/_.-])[#]?(?<id>(?=[\p{L}\p{N}/_.-]*\d)[\p{L}\p{N}](?:[\p{L}\p{N}/_.-]{0,38}[\p{L}\p{N}])?)(?![\p{L}\p{N}])/gu
const CURRENCY = /(?<![\p{L}])(?:EUR|USD|GBP|CHF|JPY|INR|MYR|SGD|CAD|AUD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BRL)(?![\p{L}])/gu
const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu
const YES = /^(?:yes|true|ja|oui|sí|si|x|☑|✓)\b/iu
const NO = /^(?:no|false|nein|non|nee|☐)\b/iu

function readIds(text: string, { order }: ReaderOptions): Reading[] {
  const dates = findDates(text, order)
  return [...text.matchAll(ID)].flatMap((match) => {
    const id = match.groups?.id ?? ''
    const start = match.index + match[0].indexOf(id)
    const end = start + id.length
    if (dates.some((date) => start < date.end && end > date.start)) return []
    if (/[€$£%@]/.test(text.charAt(end)) || /^\d{1,3}(?:[.,]\d{3})*[.,]\d{2}$/.test(id)) return []
    return [{ start, end, normalized: id, quality: id.length >= 4 ? 1 : 0.8 }]
  })
}

/** An identifier as people write it: groups of digits and capitals may be parted by single blanks, `943 476 5919`. */
const REFERENCE =
  /(?<![\p{L}\p{N}/_.-])#?(?<id>(?:\p{Lu}{1,5}[ ])?(?=[\p{L}\p{N}/_.-]*\d)[\p{L}\p{N}](?:[\p{L}\p{N}/_.-]{0,38}[\p{L}\p{N}])?(?:[ ](?:(?=[\p{Lu}\d/.-]*\d)[\p{Lu}\d](?:[\p{Lu}\d/.-]{0,20}[\p{Lu}\d])?|\p{Lu}{1,3})(?![\p{L}\p{N}:]|[.,]\d)){0,7})(?![\p{L}\p{N}])/gu

function readReferences(text: string, { order }: ReaderOptions): Reading[] {
  const dates = findDates(text, order)
  return [...text.matchAll(REFERENCE)].flatMap((match) => {
    const id = match.groups?.id ?? ''
    const start = match.index + match[0].indexOf(id)
    const end = start + id.length
    if (dates.some((date) => start < date.end && end > date.start) || /[€$£%@]/.test(text.charAt(end))) return []
    return [{ start, end, normalized: id, quality: id.length >= 3 ? 1 : 0.8 }]
  })
}

const PHONE = /(?<![\p{L}\p{N}.,/-])(?:\+\d{1,3}|\(\+?\d{1,5}\)|0)[\d ()/–.-]{4,22}\d(?![\p{L}\p{N}])/gu

const readPhones = (text: string, { order }: ReaderOptions): Reading[] =>
  [...text.matchAll(PHONE)].flatMap(({ index, 0: number }) =>
    number.replace(/\D/g, '').length >= 6 && findDates(number, order).length === 0
      ? [{ start: index, end: index + number.length, normalized: number, quality: 1 }]
      : [],
  )

const PERCENT = /(?<![\p{L}\p{N}.,])(?<number>\d{1,3}(?:[.,]\d{1,4})?)\s?(?=%|percent\b|per cent\b|prozent)/giu

/** Any number, a percentage too. */
const readNumbers = (text: string): Reading[] => {
  const percents = [...text.matchAll(PERCENT)].flatMap(({ index, groups }) => {
    const number = groups?.number ?? ''
    const value = parseNumber(number)?.value
    return value === undefined ? [] : [{ start: index, end: index + number.length, normalized: value, quality: 1 }]
  })
  return [...percents, ...money(text).map((reading) => ({ ...reading, quality: 1 }))].sort((a, b) => a.start - b.start)
}

/** Without their label's leftovers: a colon, a dash, brackets. */
function readText(text: string): Reading[] {
  const lead = /^[\s:=.\-–)\]]*/.exec(text)?.[0].length ?? 0
  const value =
    text
      .slice(lead)
      .split(/\s{2,}|\t/)[0]
      ?.trimEnd() ?? ''
  if (value.length < 2 || value.length > 160 || !/\p{L}/u.test(value)) return []
  return [{ start: lead, end: lead + value.length, normalized: value, quality: 1 }]
}

const money = (text: string): Reading[] =>
  findAmounts(text).map(({ start, end, value, currency, decimals }) => ({
    start,
    end,
    normalized: value,
    ...(currency && { currency }),
    quality: currency ? 1 : decimals === 2 ? 0.95 : decimals === 0 ? 0.5 : 0.7,
  }))

const matches =
  (pattern: RegExp, normalize: (text: string) => Json) =>
  (text: string): Reading[] =>
    [...text.matchAll(pattern)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      normalized: normalize(match[0]),
      quality: 1,
    }))

function readBoolean(text: string): Reading[] {
  const [reading] = readText(text)
  if (!reading || typeof reading.normalized !== 'string') return []
  if (YES.test(reading.normalized)) return [{ ...reading, normalized: true }]
  return NO.test(reading.normalized) ? [{ ...reading, normalized: false }] : []
}

/** All values of a kind in a text, from left to right. */
export const READERS: Record<FieldKind, (text: string, options: ReaderOptions) => Reading[]> = {
  text: readText,
  id: readIds,
  reference: readReferences,
  phone: readPhones,
  date: (text, { order }) => findDates(text, order).map(({ start, end, iso }) => ({ start, end, normalized: iso, quality: 1 })),
  amount: money,
  number: readNumbers,
  vatId: (text) => findVatIds(text).map(({ start, end, vatId }) => ({ start, end, normalized: vatId, quality: 1 })),
  iban: (text) => findIbans(text).map(({ start, end, iban }) => ({ start, end, normalized: iban, quality: 1 })),
  currency: matches(CURRENCY, (text) => text),
  email: matches(EMAIL, (text) => text.toLowerCase()),
  boolean: readBoolean,
}
