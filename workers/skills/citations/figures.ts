import { currencyOf, parseNumber } from '../text/amounts'
import { findDates } from '../text/dates'
import { fold } from './stem'

/** A number or date of a text with all values that its writing allows: `1.234` is 1234 in German and 1.234 in English. */
export interface Figure {
  start: number
  end: number
  text: string
  kind: 'number' | 'percent' | 'money' | 'date'
  /** Values it can stand for: numbers as decimal texts, dates as ISO 8601. */
  readings: readonly string[]
  /** ISO 4217, for money. */
  currency?: string
  /** Written with a word that says it is not exact. */
  isRough: boolean
}

const SCALES: readonly (readonly [RegExp, number])[] = [
  [/^(?:thousand|tausend|tsd\.?|mille|mil|duizend)$/u, 1e3],
  [/^(?:millions?|millionen|mio\.?|mill\.?|millones|millón|milioni|miljoen|mn)$/u, 1e6],
  [/^(?:billions?|bn|mrd\.?|milliarden?|milliards?|miliardi|miljard)$/u, 1e9],
  [/^(?:trillions?|tn|billionen)$/u, 1e12],
]
/** Each with a small or a capital first letter: German writes nouns with a capital. */
const SCALE_WORD = SCALES.map(([pattern]) =>
  pattern.source.slice(1, -1).replace(/(?<=^\(\?:|\|)\p{Ll}/gu, (letter) => `[${letter}${letter.toUpperCase()}]`),
).join('|')
const SIGN = 'US\\$|[CAR]\\$|[€$£¥₹₺₽₩]|EUR|USD|GBP|CHF|JPY|INR|SEK|NOK|DKK|PLN|CZK|CAD|AUD|CNY|zł|Kč'
const PERCENT = '%|per\\s?cent\\b|percent\\b|percentage points?\\b|Prozent(?:punkte)?\\b|pour\\s?cent\\b|por\\s?ciento\\b|procent\\b'
const DIGITS = "\\d{1,3}(?:[ \\u00a0\\u202f]\\d{3})+(?:[.,]\\d+)?|\\d(?:[\\d.,'’]*\\d)?"
const NUMBER = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(?<before>${SIGN})\\s?)?(?<minus>[-−](?=\\d))?(?<digits>${DIGITS})(?:st|nd|rd|th)?(?<half>½)?` +
    `(?:[\\s\\u00a0-]?(?<scale>(?:${SCALE_WORD})(?!\\p{L})|[kK](?!\\p{L})|M(?![\\p{L}\\d²³/])|(?<=[€$£]\\s?[\\d.,]{1,15})m(?!\\p{L})))?(?:[\\s\\u00a0-]?(?:(?<percent>${PERCENT})|(?<after>${SIGN}|[Ee]uros?|[Dd]ollars?|[Pp]ounds?|Franken|Pfund)(?!\\p{L})))?`,
  'gu',
)
const ROUGH =
  /(?:about|around|approximately|roughly|nearly|almost|over|more than|less than|some|circa|ca\.|etwa|rund|ungefähr|knapp|environ|près de|plus de|unos|alrededor de|más de)\s+(?:\p{Sc}\s?)?$/iu

/** Numbers written as words, from two up: `one` is more often a pronoun than a figure. */
const WORDS: ReadonlyMap<string, number> = new Map(
  [
    ['two', 'zwei', 'deux', 'dos'],
    ['three', 'drei', 'trois', 'tres'],
    ['four', 'vier', 'quatre', 'cuatro'],
    ['five', 'fünf', 'cinq', 'cinco'],
    ['six', 'sechs', 'seis'],
    ['seven', 'sieben', 'sept', 'siete'],
    ['eight', 'acht', 'huit', 'ocho'],
    ['nine', 'neun', 'neuf', 'nueve'],
    ['ten', 'zehn', 'dix', 'diez'],
    ['eleven', 'elf', 'onze', 'once'],
    ['twelve', 'zwölf', 'douze', 'doce'],
    ['thirteen', 'dreizehn', 'treize', 'trece'],
    ['fourteen', 'vierzehn', 'quatorze', 'catorce'],
    ['fifteen', 'fünfzehn', 'quinze', 'quince'],
    ['sixteen', 'sechzehn', 'seize'],
    ['seventeen', 'siebzehn'],
    ['eighteen', 'achtzehn'],
    ['nineteen', 'neunzehn'],
    ['twenty', 'zwanzig', 'vingt', 'veinte'],
  ].flatMap((names, index) => names.map((name) => [fold(name), index + 2] as const)),
)
const TENS: ReadonlyMap<string, number> = new Map(
  [
    ['twenty', 'zwanzig', 'vingt', 'veinte'],
    ['thirty', 'dreissig', 'trente', 'treinta'],
    ['forty', 'vierzig', 'quarante', 'cuarenta'],
    ['fifty', 'funfzig', 'cinquante', 'cincuenta'],
    ['sixty', 'sechzig', 'soixante', 'sesenta'],
    ['seventy', 'siebzig', 'setenta'],
    ['eighty', 'achtzig', 'ochenta'],
    ['ninety', 'neunzig', 'noventa'],
  ].flatMap((names, index) => names.map((name) => [name, (index + 2) * 10] as const)),
)
const MULTIPLES: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['hundert', 100],
  ['thousand', 1e3],
  ['tausend', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
])

/** Numbers, amounts, percentages and dates of a text in order, without overlaps. */
export function figuresOf(text: string): Figure[] {
  const dates = datesOf(text)
  const outside = (found: { start: number; end: number }) => !dates.some(({ start, end }) => found.start < end && found.end > start)
  const numbers = [...text.matchAll(NUMBER)].flatMap((match) => numberOf(match, text))
  return [...dates, ...[...numbers, ...wordNumbers(text)].filter(outside)].sort((a, b) => a.start - b.start)
}

function datesOf(text: string): Figure[] {
  const other = findDates(text, 'mdy')
  return findDates(text, 'dmy').map(({ start, end, iso }) => {
    const swapped = other.find((date) => date.start === start)?.iso ?? iso
    return { start, end, text: text.slice(start, end), kind: 'date', readings: [...new Set([iso, swapped])], isRough: false }
  })
}

function numberOf(match: RegExpExecArray | RegExpMatchArray, text: string): Figure[] {
  const { before, after, digits = '', scale, percent, minus, half } = match.groups ?? {}
  const factor = scaleOf(scale)
  const values = valuesOf(digits).map((value) => (minus ? -1 : 1) * (value + (half ? 0.5 : 0)) * factor)
  if (values.length === 0) return []
  const start = match.index ?? 0
  const sign = before ?? after?.replace(/^dollars?$/i, '$').replace(/^(?:pounds?|Pfund)$/i, '£')
  const currency = sign === undefined ? undefined : currencyOf(sign)
  return [
    {
      start,
      end: start + match[0].length,
      text: match[0],
      kind: percent !== undefined ? 'percent' : currency !== undefined ? 'money' : 'number',
      readings: values.map(written),
      ...(currency !== undefined && { currency }),
      isRough: ROUGH.test(text.slice(Math.max(0, start - 24), start)),
    },
  ]
}

function scaleOf(word: string | undefined): number {
  if (word === undefined) return 1
  if (/^k$/i.test(word)) return 1e3
  if (/^m$/i.test(word)) return 1e6
  return SCALES.find(([pattern]) => pattern.test(word.toLowerCase()))?.[1] ?? 1
}

/** Both readings of a lone separator before three digits; one reading otherwise. */
function valuesOf(digits: string): number[] {
  const parsed = parseNumber(digits)?.value
  const plain = /^\d+[.,]\d+$/.test(digits) ? Number(digits.replace(',', '.')) : undefined
  const whole = /^\d+$/.test(digits) ? Number(digits) : undefined
  return [...new Set([parsed, plain, whole])].filter((value) => value !== undefined)
}

/** Binary fractions must not tell 0.1 + 0.2 from 0.3. */
const written = (value: number): string => String(Number(value.toPrecision(12)))

function wordNumbers(text: string): Figure[] {
  const figures: Figure[] = []
  for (const match of text.matchAll(/(?<![\p{L}\p{N}])\p{L}+(?:[-\s]\p{L}+){0,3}/gu)) {
    let at = match.index
    const words = match[0].split(/([-\s])/u)
    for (let index = 0; index < words.length; index += 2) {
      const read = readWords(words.slice(index))
      const length = read ? words.slice(index, index + read.parts).join('').length : (words[index]?.length ?? 0)
      if (read) {
        const isRough = ROUGH.test(text.slice(Math.max(0, at - 24), at))
        figures.push({
          start: at,
          end: at + length,
          text: text.slice(at, at + length),
          kind: 'number',
          readings: [written(read.value)],
          isRough,
        })
        at += length + (words[index + read.parts]?.length ?? 0)
        index += read.parts - 1
      } else at += length + (words[index + 1]?.length ?? 0)
    }
  }
  return figures
}

/** A number at the beginning of words and what separates them; `parts` counts both. */
function readWords(words: string[]): { value: number; parts: number } | undefined {
  const first = fold(words[0] ?? '')
  const tens = TENS.get(first)
  const unit = tens === undefined ? undefined : WORDS.get(fold(words[2] ?? ''))
  const small =
    tens !== undefined ? tens + (unit !== undefined && unit < 10 ? unit : fold(words[2] ?? '') === 'one' ? 1 : 0) : WORDS.get(first)
  if (small === undefined) return undefined
  let parts = tens !== undefined && small > tens ? 3 : 1
  const multiple = MULTIPLES.get(fold(words[parts + 1] ?? ''))
  if (multiple !== undefined) parts += 2
  return { value: small * (multiple ?? 1), parts }
}

/** A rough figure may leave out so much of the exact one: 1.2 million for 1,234,567. */
const ROUGH_SHARE = 0.05

/**
 * Whether two figures say the same in any of their readings. A currency or a percent sign that only one of them has makes them
 * different, but for money against a bare number: tables write the currency once, in the head.
 */
export function sameFigure(one: Figure, other: Figure): boolean {
  if ((one.kind === 'date') !== (other.kind === 'date') || (one.kind === 'percent') !== (other.kind === 'percent')) return false
  if (one.currency !== undefined && other.currency !== undefined && one.currency !== other.currency) return false
  if (one.readings.some((reading) => other.readings.includes(reading))) return true
  if (one.kind === 'date' || !(one.isRough || other.isRough)) return false
  return one.readings.some((a) => other.readings.some((b) => Math.abs(Number(a) - Number(b)) <= ROUGH_SHARE * Math.abs(Number(b))))
}

/** Figures of a statement that a source does not hold, not even as the year or day of one of its dates. */
export function missingFigures(statement: string, source: string): Figure[] {
  const held = figuresOf(source)
  return figuresOf(statement).filter((figure) => !held.some((other) => sameFigure(figure, other) || isPartOfDate(figure, other)))
}

/** `2026` stands in `5 March 2026`. */
const isPartOfDate = (figure: Figure, date: Figure): boolean =>
  figure.kind === 'number' &&
  date.kind === 'date' &&
  date.readings.some((iso) => iso.split('-').some((part) => figure.readings.includes(String(Number(part)))))
