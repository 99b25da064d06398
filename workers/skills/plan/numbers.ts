export const OPERATORS = ['>', '>=', '<', '<='] as const
export type Operator = (typeof OPERATORS)[number]

/** One comparison as it stands in a text. */
export interface Comparison {
  operator: Operator
  value: number
  currency?: string
  /** Pages are counted, not money. */
  ofPages: boolean
  start: number
  end: number
}

const OPERATOR_WORDS: readonly (readonly [Operator, string])[] = [
  [
    '>=',
    'at least|no less than|not less than|a minimum of|>=|≥|mindestens|wenigstens|ab|from(?= [^ ]*\\d[\\d.,]*k? ?(?:€|\\$|£|eur|usd|gbp|chf))|starting at',
  ],
  ['<=', 'at most|no more than|not more than|up to|a maximum of|<=|≤|bis zu|bis|höchstens|maximal'],
  [
    '>',
    '(?:is |are |goes |be |worth )?(?:over|above|more than|greater than|higher than|larger than|bigger than|beyond)|exceed(?:s|ing)?|surpass(?:es|ing)?|>|über|mehr als|höher als|größer als|übersteigt|überschreitet|oberhalb von',
  ],
  [
    '<',
    '(?:is |are |drops |falls |be )?(?:below|under|less than|lower than|smaller than|beneath)|<|unter|weniger als|kleiner als|niedriger als|geringer als|unterhalb von',
  ],
]
const CURRENCY = '€|\\$|£|eur(?:os?)?|usd|gbp|chf|dollars?|pounds?|franken'
const UNITS = `k|thousand|million|m|tsd\\.?|tausend|mio\\.?|millionen`
const FIGURE = (suffix: string) =>
  `(?<before${suffix}>${CURRENCY})?\\s*(?<number${suffix}>\\d+(?:[.,'’\\s]\\d{3})*(?:[.,]\\d+)?)\\s*(?<unit${suffix}>(?:${UNITS})(?![\\p{L}]))?\\s*(?<after${suffix}>(?:${CURRENCY})(?![\\p{L}])|%|percent|prozent|pages?|seiten?)?`
const NO_TIME =
  '(?!\\s*(?:days?|weeks?|hours?|minutes?|months?|tage?n?|wochen?|stunden?|minuten?|monate?n?|uhr|am|pm|o)(?![\\p{L}]))(?!\\d|[.,:]\\d)'
const COMPARISONS = OPERATOR_WORDS.map(
  ([operator, words]) => [operator, new RegExp(`(?<![\\p{L}\\d])(?:${words})\\s*${FIGURE('')}${NO_TIME}`, 'giu')] as const,
)
const RANGE = new RegExp(
  `(?<![\\p{L}\\d])(?:between|zwischen|from|von)\\s*${FIGURE('1')}\\s*(?:and|und|to|bis|-)\\s*${FIGURE('2')}${NO_TIME}`,
  'giu',
)
/** "1000 or more". */
const AFTERWARDS: readonly (readonly [Operator, RegExp])[] = [
  [
    '>=',
    new RegExp(
      `(?<![\\p{L}\\d.,])${FIGURE('')}\\s*(?:or more|or above|or higher|and above|and more|and up|oder mehr|und mehr|oder höher)(?![\\p{L}])`,
      'giu',
    ),
  ],
  [
    '<=',
    new RegExp(`(?<![\\p{L}\\d.,])${FIGURE('')}\\s*(?:or less|or below|or lower|and below|oder weniger|und weniger)(?![\\p{L}])`, 'giu'),
  ],
]
const FACTORS: readonly (readonly [RegExp, number])[] = [
  [/^(?:k|thousand|tsd\.?|tausend)$/i, 1_000],
  [/^(?:m|million|mio\.?|millionen)$/i, 1_000_000],
]
const CURRENCIES: readonly (readonly [RegExp, string])[] = [
  [/€|eur/i, 'EUR'],
  [/\$|usd|dollar/i, 'USD'],
  [/£|gbp|pound/i, 'GBP'],
  [/chf|franken/i, 'CHF'],
]

/** 1.000, 1,000 and 1 000 are a thousand; 1.5 and 1,5 one and a half. */
export function readNumber(digits: string): number {
  const compact = digits.replace(/[\s'’]/g, '')
  const grouped = /^[1-9]\d{0,2}(?:[.,]\d{3})+$/.test(compact) ? compact.replace(/[.,]/g, '') : undefined
  if (grouped !== undefined) return Number(grouped)
  const last = Math.max(compact.lastIndexOf('.'), compact.lastIndexOf(','))
  if (last === -1) return Number(compact)
  return Number(`${compact.slice(0, last).replace(/[.,]/g, '')}.${compact.slice(last + 1)}`)
}

/** The currency that some words name. */
export const currencyIn = (words: string): string | undefined => CURRENCIES.find(([sign]) => sign.test(words))?.[1]

/** The comparisons of a text, in order. A range is two of them. */
export function comparisonsIn(text: string): Comparison[] {
  const found: Comparison[] = []
  const isFree = (start: number, end: number) => !found.some((one) => start < one.end && end > one.start)
  for (const match of text.matchAll(RANGE)) {
    const [from, to] = [figureOf(match.groups, '1'), figureOf(match.groups, '2')]
    const place = { start: match.index, end: match.index + match[0].trimEnd().length }
    const isShared = to.unit !== undefined && from.unit === undefined
    const least = from.value * (isShared ? to.factor : 1)
    const currency = to.currency ?? from.currency
    const ofPages = to.ofPages
    found.push({ operator: '>=', value: least, ofPages, ...place, ...(currency && { currency }) })
    found.push({ operator: '<=', value: to.value, ofPages, ...place, ...(currency && { currency }) })
  }
  for (const [operator, pattern] of [...COMPARISONS, ...AFTERWARDS])
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].trimEnd().length
      if (/^over the\b/i.test(match[0]) || !isFree(match.index, end)) continue
      const { value, currency, ofPages } = figureOf(match.groups, '')
      found.push({ operator, value, ofPages, start: match.index, end, ...(currency && { currency }) })
    }
  return found.sort((a, b) => a.start - b.start)
}

interface Figure {
  value: number
  currency: string | undefined
  unit: string | undefined
  factor: number
  ofPages: boolean
}

function figureOf(groups: Record<string, string | undefined> = {}, suffix: string): Figure {
  const {
    [`number${suffix}`]: number = '',
    [`unit${suffix}`]: unit,
    [`before${suffix}`]: before = '',
    [`after${suffix}`]: after = '',
  } = groups
  const factor = FACTORS.find(([words]) => words.test(unit ?? ''))?.[1] ?? 1
  const value = /%|percent|prozent/i.test(after) ? readNumber(number) / 100 : readNumber(number) * factor
  return { value, currency: currencyIn(`${before}${after}`), unit, factor, ofPages: /page|seite/i.test(after) }
}
