import type { Page } from '../../domain/documents'

/** An amount of money or a plain number found in a text. */
export interface Amount {
  start: number
  end: number
  value: number
  /** ISO 4217, where a sign or code stands beside the number. */
  currency: string | undefined
  /** Digits after the decimal sign: two of them speak for money. */
  decimals: number
}

/** Signs and codes beside a number. `$` is read as US dollars unless the text names another dollar. */
const CURRENCIES: Record<string, string> = {
  '€': 'EUR',
  euro: 'EUR',
  euros: 'EUR',
  $: 'USD',
  us$: 'USD',
  c$: 'CAD',
  a$: 'AUD',
  '£': 'GBP',
  '¥': 'JPY',
  '₹': 'INR',
  rs: 'INR',
  'rs.': 'INR',
  rm: 'MYR',
  zł: 'PLN',
  kč: 'CZK',
  r$: 'BRL',
  sfr: 'CHF',
  'fr.': 'CHF',
  '₺': 'TRY',
  '₽': 'RUB',
  '₩': 'KRW',
}
const CODES = 'EUR|USD|GBP|CHF|JPY|INR|MYR|SGD|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|BRL|MXN|CNY|HKD|TRY|ZAR|AED|THB|IDR|ILS|KRW'
const SIGN = `(?:${CODES}|US\\$|[CAR]\\$|SFr|Fr\\.|Rs\\.?|RM|euros?|[€$£¥₹₺₽₩]|zł|Kč)`
const SIGNS = new RegExp(`(?<![\\p{L}])(?:${SIGN})(?![\\p{L}])`, 'gu')
const NUMBER = "(?:\\d{1,3}(?:[ \\u00a0\\u202f]\\d{3})+(?:[.,]\\d{1,4})?|\\d[\\d.,'’]*\\d|\\d)"
const AMOUNT = new RegExp(
  `(?<![\\p{L}\\p{N}.,/_:])(?<open>\\()?(?<minus>[-−–]\\s?)?(?:(?<before>${SIGN})[ \\u00a0\\u202f]?)?(?<minus2>[-−])?(?<number>${NUMBER})(?<trail>[-−](?!\\d))?(?:[ \\u00a0\\u202f]?(?<after>${SIGN})(?![\\p{L}]|[ \\u00a0]?\\d))?(?![\\p{L}\\p{N}_]|[.,/:]\\d|[-−]\\d|\\s?%)`,
  'giu',
)

export const currencyOf = (sign: string): string | undefined =>
  CURRENCIES[sign.toLowerCase()] ?? (/^[A-Z]{3}$/i.test(sign) ? sign.toUpperCase() : undefined)

interface Place {
  page: number
  start: number
  end: number
}

/** The first place of a currency's sign or code on the pages, or within one place of them. */
export function locateCurrency(pages: Page[], currency: string, within?: Place): Place | undefined {
  for (const page of pages) {
    if (within !== undefined && within.page !== page.number) continue
    const from = within?.start ?? 0
    for (const match of page.text.slice(from, within?.end).matchAll(SIGNS)) {
      const start = from + match.index
      if (currencyOf(match[0]) === currency) return { page: page.number, start, end: start + match[0].length }
    }
  }
  return undefined
}

/** The most used currency of a text, by signs and codes that stand in it. */
export function mainCurrency(text: string): string | undefined {
  const counts = new Map<string, number>()
  for (const match of text.matchAll(SIGNS)) {
    const currency = currencyOf(match[0])
    if (currency) counts.set(currency, (counts.get(currency) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** How the decimals of `1.234` and `1,234` are read: by the last separator, unless exactly three digits follow a lone one. */
function split(number: string): { whole: string; fraction: string } | undefined {
  const compact = number.replace(/[ \u00a0\u202f'’]/g, '')
  const last = Math.max(compact.lastIndexOf('.'), compact.lastIndexOf(','))
  if (last < 0) return { whole: compact, fraction: '' }
  const separator = compact.charAt(last)
  const fraction = compact.slice(last + 1)
  const whole = compact.slice(0, last)
  const repeated = whole.includes(separator)
  const mixed = /[.,]/.test(whole) && !repeated
  if (repeated || (fraction.length === 3 && !mixed && whole !== '0'))
    return grouped(compact) ? { whole: compact.replace(/[.,]/g, ''), fraction: '' } : undefined
  return !mixed || grouped(whole) ? { whole: whole.replace(/[.,]/g, ''), fraction } : undefined
}

/** Thousands in groups of three, or the Indian way: two and at the end three. */
const grouped = (number: string): boolean => /^\d{1,3}(?:[.,]\d{3})+$|^\d{1,2}(?:,\d{2})*,\d{3}$/.test(number)

/** The value of a written number (`1.234,56`, `1,234.56`, `1 234,56`, `1'234.56`), or undefined when it is none. */
export function parseNumber(number: string): { value: number; decimals: number } | undefined {
  const parts = split(number.trim())
  if (!parts || parts.fraction.length > 4 || parts.whole.length > 13 || !/^\d+$/.test(parts.whole)) return undefined
  return { value: Number(`${parts.whole}.${parts.fraction || '0'}`), decimals: parts.fraction.length }
}

/** Whether a cell or the text begins at a place. */
const standsApart = (text: string, at: number): boolean => at === 0 || /(?:\s{2}|[\t|])$/.test(text.slice(Math.max(0, at - 2), at))

/** Numbers of a text that can be amounts: percentages, dates, times and parts of codes are left out. */
export function findAmounts(text: string): Amount[] {
  const amounts: Amount[] = []
  for (const match of text.matchAll(AMOUNT)) {
    const groups = match.groups ?? {}
    const parsed = parseNumber(groups.number ?? '')
    if (!parsed) continue
    // Accountants write losses in brackets; in a sentence brackets are only brackets.
    const bracketed = groups.open !== undefined && text[match.index + match[0].length] === ')' && standsApart(text, match.index)
    const negative = groups.minus !== undefined || groups.minus2 !== undefined || groups.trail !== undefined || bracketed
    const lead = groups.open?.length ?? 0
    const sign = groups.before ?? groups.after
    amounts.push({
      start: match.index + lead,
      end: match.index + match[0].length,
      value: negative ? -parsed.value : parsed.value,
      currency: sign ? currencyOf(sign) : undefined,
      decimals: parsed.decimals,
    })
  }
  return amounts
}
