/** A date found in a text, as ISO 8601. */
export interface FoundDate {
  start: number
  end: number
  iso: string
}

/** Which comes first in `03/04/2024`. */
export type DateOrder = 'dmy' | 'mdy'

/** Beginnings of month names in the languages that are read; the longest one that fits decides. */
const MONTHS: [number, string[]][] = [
  [1, ['january', 'januar', 'jänner', 'janvier', 'enero', 'gennaio', 'januari', 'janeiro', 'stycznia', 'jan', 'janv', 'ene', 'gen']],
  [
    2,
    [
      'february',
      'februar',
      'feber',
      'février',
      'fevrier',
      'febrero',
      'febbraio',
      'februari',
      'fevereiro',
      'lutego',
      'feb',
      'févr',
      'fév',
      'fev',
      'febr',
    ],
  ],
  [3, ['march', 'märz', 'maerz', 'mars', 'marzo', 'maart', 'março', 'marca', 'mar', 'mär', 'mrz', 'mrt']],
  [4, ['april', 'avril', 'abril', 'aprile', 'kwietnia', 'apr', 'avr', 'abr']],
  [5, ['may', 'mai', 'mayo', 'maggio', 'mei', 'maio', 'maja', 'mag']],
  [6, ['june', 'juni', 'juin', 'junio', 'giugno', 'junho', 'czerwca', 'jun', 'giu']],
  [7, ['july', 'juli', 'juillet', 'julio', 'luglio', 'julho', 'lipca', 'jul', 'juil', 'lug']],
  [8, ['august', 'août', 'aout', 'agosto', 'augustus', 'sierpnia', 'aug', 'ago']],
  [9, ['september', 'septembre', 'septiembre', 'settembre', 'setembro', 'września', 'sept', 'sep', 'set']],
  [10, ['october', 'oktober', 'octobre', 'octubre', 'ottobre', 'outubro', 'października', 'oct', 'okt', 'ott', 'out']],
  [11, ['november', 'novembre', 'noviembre', 'novembro', 'listopada', 'nov']],
  [12, ['december', 'dezember', 'décembre', 'decembre', 'diciembre', 'dicembre', 'dezembro', 'grudnia', 'dec', 'dez', 'déc', 'dic']],
]
const MONTH_OF = new Map(MONTHS.flatMap(([number, names]) => names.map((name) => [name, number] as const)))
const MONTH = [...MONTH_OF.keys()].sort((a, b) => b.length - a.length).join('|')
/** Two digits are no year where four follow: `July 31, 2014`. */
const YEAR = "(?<year>\\d{4}|['’]?\\d{2}(?!\\s?,?\\s?\\d{4}))(?!\\d)"
const DAY = '(?<!\\d)(?<day>\\d{1,2})'

const NAMED = [
  new RegExp(
    `${DAY}(?:st|nd|rd|th|er|º|\\.)?(?:\\s+day)?[\\s.,-]*(?:of\\s+|de\\s+|del\\s+)?(?<month>${MONTH})\\.?[\\s,.-]*(?:de\\s+|del\\s+)?${YEAR}`,
    'giu',
  ),
  new RegExp(`(?<!\\p{L})(?<month>${MONTH})\\.?\\s*${DAY}(?:st|nd|rd|th)?\\s*[,.]?\\s+${YEAR}`, 'giu'),
  new RegExp(`(?<!\\p{L})(?<month>${MONTH})[-.]${DAY}[-.,]+\\s?${YEAR}`, 'giu'),
  new RegExp(`(?<!\\d)(?<year>\\d{4})[-\\s](?<month>${MONTH})[-\\s]${DAY}(?!\\d)`, 'giu'),
]
const ISO = /(?<![\d.-])(?<year>(?:19|20)\d{2})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?!\d|[./-]\d)/g
const NUMERIC = /(?<![\d./])(?<first>\d{1,2})\s?(?<sign>[./-])\s?(?<second>\d{1,2})\s?\k<sign>\s?(?<year>\d{4}|\d{2})(?!\d|\k<sign>\d)/g

const fullYear = (year: string): number => {
  const number = Number(year.replace(/\D/g, ''))
  return number > 99 ? number : number < 70 ? 2000 + number : 1900 + number
}

/** ISO text of a calendar day that exists, or undefined. */
export function isoDate(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  if (year < 1900 || year > 2199 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  return date.toISOString().slice(0, 10)
}

/** Day or month first: what an impossible month proves, else American English by its marks, else the day. */
export function dateOrder(text: string, language?: string): DateOrder {
  let proof = 0
  for (const { groups = {} } of text.matchAll(NUMERIC)) {
    if (Number(groups.first) > 12 && Number(groups.second) <= 12) proof += 1
    if (Number(groups.second) > 12 && Number(groups.first) <= 12) proof -= 1
  }
  if (proof !== 0) return proof > 0 ? 'dmy' : 'mdy'
  if (language !== undefined && !language.startsWith('en')) return 'dmy'
  return /\bUSA?\b|\bUSD\b|\$|\b[A-Z]{2} \d{5}\b/.test(text) && !/[£€]|\bVAT\b|\bABN\b|\bGST\b/.test(text) ? 'mdy' : 'dmy'
}

function numericDate(groups: Record<string, string | undefined>, order: DateOrder): string | undefined {
  const [first, second, year] = [Number(groups.first), Number(groups.second), fullYear(groups.year ?? '')]
  const dotted = groups.sign === '.'
  const dayFirst = dotted || order === 'dmy'
  return (
    (dayFirst ? isoDate(year, second, first) : isoDate(year, first, second)) ??
    (dayFirst ? isoDate(year, first, second) : isoDate(year, second, first))
  )
}

/** Dates of a text in order, without overlaps. Day and month of `03/04/2024` are told apart by `order`. Reads in time linear in the text. */
export function findDates(text: string, order: DateOrder): FoundDate[] {
  const iso = ({ groups = {} }: RegExpExecArray) => isoDate(Number(groups.year), Number(groups.month), Number(groups.day))
  const named = ({ groups = {} }: RegExpExecArray) =>
    isoDate(fullYear(groups.year ?? ''), MONTH_OF.get((groups.month ?? '').toLowerCase()) ?? 0, Number(groups.day))
  const numeric = ({ groups = {} }: RegExpExecArray) => numericDate(groups, order)
  let found = datesBy(text, ISO, iso)
  for (const pattern of NAMED) found = withFree(found, datesBy(text, pattern, named))
  return withFree(found, datesBy(text, NUMERIC, numeric))
}

/** The dates that one pattern finds, from left to right. */
const datesBy = (text: string, pattern: RegExp, read: (match: RegExpExecArray) => string | undefined): FoundDate[] =>
  [...text.matchAll(pattern)].flatMap((match) => {
    const iso = read(match)
    return iso === undefined ? [] : [{ start: match.index, end: match.index + match[0].length, iso }]
  })

/** Both lists are in order and free of overlaps: one walk over them adds what overlaps nothing found before. */
function withFree(found: FoundDate[], more: FoundDate[]): FoundDate[] {
  if (found.length === 0 || more.length === 0) return found.length === 0 ? more : found
  const all: FoundDate[] = []
  let next = 0
  for (const date of more) {
    for (let known = found[next]; known !== undefined && known.end <= date.start; known = found[++next]) all.push(known)
    const known = found[next]
    if (known === undefined || date.end <= known.start) all.push(date)
  }
  return [...all, ...found.slice(next)]
}
