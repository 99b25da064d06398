import { AppError } from '../../domain/error'
import type { Column } from '../../domain/reports'

type Value = string | number | null

/** How numbers, money, shares and dates are written in one locale. Digits are always Latin: the embedded font has no others. */
export interface Formats {
  /** A cell as its column's kind asks; text in a column of numbers stays as it is. */
  cell(value: Value, column: Column): string
  number(value: number): string
  /** Short form for axes: 12K, 3.4M. */
  short(value: number): string
  money(value: number, currency: string | undefined): string
  /** A fraction: 0.42 is 42 %. */
  percent(value: number): string
  /** ISO 8601 date or date-time, shown as written: a zone is not converted. Text that is no such date stays as it is. */
  date(value: string): string
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/

/** Refuses a locale that is no BCP 47 tag with `invalid`. */
export function formatsFor(locale: string): Formats {
  const tag = canonicalLocale(locale)
  const number = new Intl.NumberFormat(tag, { maximumFractionDigits: 6, numberingSystem: 'latn' })
  const short = new Intl.NumberFormat(tag, { notation: 'compact', maximumFractionDigits: 1, numberingSystem: 'latn' })
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1, numberingSystem: 'latn' })
  const money = moneyFormats(tag)
  const date = dateFormat(tag)
  return {
    number: number.format,
    short: (value) => (Math.abs(value) < 10_000 ? number.format(value) : short.format(value)),
    money,
    percent: percent.format,
    date,
    cell: (value, column) => {
      if (value === null) return ''
      if (typeof value === 'string') return column.kind === 'date' ? date(value) : value
      return column.kind === 'money'
        ? money(value, column.currency)
        : column.kind === 'percent'
          ? percent.format(value)
          : number.format(value)
    },
  }
}

function canonicalLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en'
  } catch (cause) {
    throw new AppError('invalid', `The locale "${locale}" is not a language tag: write one such as en, en-GB or de.`, { cause })
  }
}

function moneyFormats(tag: string): Formats['money'] {
  const byCurrency = new Map<string, Intl.NumberFormat>()
  const create = (currency: string) => {
    const style = /^[A-Z]{3}$/i.test(currency)
      ? ({ style: 'currency', currency } as const)
      : { minimumFractionDigits: 2, maximumFractionDigits: 2 }
    return new Intl.NumberFormat(tag, { ...style, numberingSystem: 'latn' })
  }
  return (value, currency = '') => {
    const format = byCurrency.get(currency) ?? create(currency)
    byCurrency.set(currency, format)
    return format.format(value)
  }
}

function dateFormat(tag: string): Formats['date'] {
  const shared = { timeZone: 'UTC', calendar: 'gregory', numberingSystem: 'latn', dateStyle: 'medium' } as const
  const day = new Intl.DateTimeFormat(tag, shared)
  const minute = new Intl.DateTimeFormat(tag, { ...shared, timeStyle: 'short' })
  return (value) => {
    const time = isoTime(value)
    return time === undefined ? value : (ISO.exec(value)?.[4] === undefined ? day : minute).format(time)
  }
}

/** Milliseconds of the wall clock that an ISO 8601 text shows, read as if it were UTC; undefined for text that is no such date. */
export function isoTime(value: string): number | undefined {
  const match = ISO.exec(value)
  if (!match) return undefined
  const [year, month, day, hour, minute] = match.slice(1).map((part) => Number(part ?? 0))
  const time = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute)
  return new Date(time).toISOString().startsWith(match[0].slice(0, 10)) ? time : undefined
}
