import { classesIn } from './documents'
import { knownFields, type NamedField } from './fields'

export const OPERATORS = ['>', '>=', '<', '<='] as const
export type Operator = (typeof OPERATORS)[number]

/** What can be found out about a document without a number. */
export type Flag = 'pii' | 'suspicious' | 'missing' | 'failed' | 'duplicate' | 'abstained' | 'rejected' | 'approved' | 'missed' | 'changed'

export type Condition = { words: string; negated: boolean } & (
  | { kind: 'number'; field: string; operator: Operator; value: number; currency?: string }
  | { kind: 'class'; name: string }
  | { kind: 'sentiment'; name: 'negative' | 'positive' | 'neutral' }
  | { kind: 'flag'; flag: Flag }
)

/** What the goal has spoken of before the words at hand. */
export interface Mentioned {
  /** The numeric field that was named last. */
  number: NamedField | undefined
  /** The class that was named last. */
  documentClass: string | undefined
  /** The last thing that was checked for. */
  flag: Flag | undefined
  /** Names of the tenant's own classes. */
  labels: readonly string[]
}

const OPERATOR_WORDS: readonly (readonly [Operator, string])[] = [
  ['>=', 'at least|no less than|not less than|>=|≥|mindestens|ab|from(?= [^ ]*\\d[\\d.,]*k? ?(?:€|\\$|£|eur|usd|gbp|chf))|starting at'],
  ['<=', 'at most|no more than|not more than|up to|<=|≤|bis zu|höchstens|maximal'],
  [
    '>',
    '(?:is |are |goes |be |worth )?(?:over|above|more than|greater than|higher than|larger than|bigger than|beyond)|exceed(?:s|ing)?|surpass(?:es|ing)?|>|über|mehr als|höher als|größer als|übersteigt|überschreitet|oberhalb von',
  ],
  [
    '<',
    '(?:is |are |drops |falls |be )?(?:below|under|less than|lower than|smaller than|beneath)|<|unter|weniger als|kleiner als|niedriger als|unterhalb von',
  ],
]
const CURRENCY_AFTER = '€|\\$|£|eur(?:os?)?|usd|gbp|chf|dollars?|pounds?|franken'
const UNITS = `k|thousand|million|m|tsd\\.?|tausend|mio\\.?|millionen`
const COMPARISONS = OPERATOR_WORDS.map(
  ([operator, words]) =>
    [
      operator,
      new RegExp(
        `(?<![\\p{L}\\d])(?:${words})\\s*(?<before>${CURRENCY_AFTER})?\\s*(?<number>\\d+(?:[.,'’\\s]\\d{3})*(?:[.,]\\d+)?)\\s*(?<unit>(?:${UNITS})(?![\\p{L}]))?\\s*(?<after>${CURRENCY_AFTER}|%|percent|prozent)?(?!\\s*(?:days?|weeks?|hours?|minutes?|months?|pages?|tage?n?|wochen?|stunden?|minuten?|monate?n?|seiten|uhr)(?![\\p{L}]))`,
        'giu',
      ),
    ] as const,
)
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
  const grouped = /^\d{1,3}(?:[.,]\d{3})+$/.test(compact) ? compact.replace(/[.,]/g, '') : undefined
  if (grouped !== undefined) return Number(grouped)
  const last = Math.max(compact.lastIndexOf('.'), compact.lastIndexOf(','))
  if (last === -1) return Number(compact)
  return Number(`${compact.slice(0, last).replace(/[.,]/g, '')}.${compact.slice(last + 1)}`)
}

const CONFIDENCE = /confidence|certain|sure\b|konfidenz|sicherheit|sicher\b/i
const SCORE = /quality|score|qualität/i

/** The comparison of a number that a piece states, and what it is about. */
function numberIn(text: string, mentioned: Mentioned): Condition | undefined {
  for (const [operator, pattern] of COMPARISONS) {
    const match = [...text.matchAll(pattern)][0]
    const { number = '', unit = '', before = '', after = '' } = match?.groups ?? {}
    if (match === undefined || (operator === '>' && /^over the\b/i.test(match[0]))) continue
    const factor = FACTORS.find(([words]) => words.test(unit))?.[1] ?? 1
    const isPercent = /%|percent|prozent/i.test(after)
    const currency = CURRENCIES.find(([sign]) => sign.test(`${before}${after}`))?.[1]
    return {
      kind: 'number',
      field: subjectOf(text, match.index, mentioned),
      operator,
      value: isPercent ? readNumber(number) / 100 : readNumber(number) * factor,
      ...(currency !== undefined && { currency }),
      words: match[0].trim(),
      negated: false,
    }
  }
  return undefined
}

function subjectOf(text: string, at: number, { number, documentClass }: Mentioned): string {
  const head = text.slice(0, at)
  if (CONFIDENCE.test(head)) return 'confidence'
  if (SCORE.test(head)) return 'score'
  const named = knownFields(head).findLast(({ field }) => field.isNumber)?.field ?? number
  if (named !== undefined) return named.name
  const own = classesIn(head).at(-1)?.name ?? documentClass
  if (own === 'contract') return 'contractValue'
  return own === 'bank_statement' ? 'closingBalance' : 'totalGross'
}

const FLAGS: readonly (readonly [Flag, RegExp])[] = [
  [
    'missed',
    /(?<![\p{L}])unless .*(?:arriv|comes|received|paid)|(?:no|kein\w*) (?:reply|answer|payment|zahlung|antwort) (?:arrives|comes|kommt|eintrifft)|außer wenn .*(?:eintrifft|kommt)/iu,
  ],
  [
    'pii',
    /(?:personal (?:data|information)|pii|personenbezogene\p{L}*(?: daten)?)(?= (?:is|are|was|were|has|gefunden|enthalten|vorkommen)| found|$)|contains? (?:any )?(?:personal|pii)|enthält .*personenbezogen/iu,
  ],
  ['suspicious', /suspicious|malicious|manipulat\p{L}*|verdächtig|auffällig/iu],
  ['duplicate', /duplicate|dublette|doppelt|already (?:exists|there|seen)/iu],
  ['missing', /missing|incomplete|not (?:there|found)|fehl(?:en|t)(?![\p{L}])|unvollständig/iu],
  [
    'failed',
    /checks? fail|(?:validation|verification) fails|fails?(?: the)? check|do(?:es)? not (?:add up|pass|match)|don['’]t add up|prüfung (?:fehlschlägt|scheitert)|nicht stimm|stimm\p{L}* nicht|(?:has|have|finds?|gibt es|enthält) (?:errors|fehler)/iu,
  ],
  ['abstained', /no answer|can(?:not|['’]t) (?:be )?answer|does not say|keine antwort|nicht beantworte/iu],
  ['rejected', /reject(?:s|ed)|declin(?:es|ed)|denied|abgelehnt|ablehn\p{L}*|nicht (?:frei|genehm)\p{L}*/iu],
  [
    'approved',
    /(?:is|was|gets|once|after) approved|approves(?: it)?$|genehmigt wurde|freigegeben (?:ist|wurde)|^(?:wenn |falls )?(?:sie |er |es )?(?:genehmigt|freigegeben)/iu,
  ],
  ['changed', /(?:has|have|anything|something) changed|(?:there are|gibt es) (?:changes|differences|änderungen|unterschiede)/iu],
]
const SENTIMENTS: readonly (readonly ['negative' | 'positive' | 'neutral', RegExp])[] = [
  [
    'negative',
    /(?<![\p{L}])(?:negative\p{L}*|negativ\p{L}*|angry|unhappy|upset|verärgert\p{L}*|unzufrieden\p{L}*|wütend\p{L}*)(?![\p{L}])/iu,
  ],
  ['positive', /(?<![\p{L}])(?:positive\p{L}*|positiv\p{L}*|happy|satisfied|zufrieden\p{L}*)(?![\p{L}])/iu],
  ['neutral', /(?<![\p{L}])neutral\p{L}*(?![\p{L}])/iu],
]
const FOUND =
  /(?:any|some|anything|something|etwas|welche) (?:(?:is|are|was|were) )?(?:found|detected|gefunden)|(?:is|are) (?:found|detected)|gefunden w(?:ird|erden|urde)/i
const IS_CLASS =
  /(?:it|this|that|document|file|mail|message|es|das|dies|sie|dokument|ist|is|are|for|nur|only)(?:['’]s| is| ist| are| handelt sich um| um)?\s+(?:es\s+)?(?:an?|eine?[nr]?|the)?\s*$/i

/** The class that a piece asks for: "if it is an invoice", "ist es eine Beschwerde", "only contracts". */
function classIn(text: string, { labels }: Mentioned): Condition | undefined {
  for (const label of labels) {
    const at = text.toLowerCase().indexOf(label.toLowerCase())
    if (at !== -1 && IS_CLASS.test(text.slice(0, at)))
      return { kind: 'class', name: label, words: label, negated: isNegated(text.slice(0, at)) }
  }
  const found = classesIn(text).find(({ start }) => IS_CLASS.test(text.slice(0, start)))
  return found && { kind: 'class', name: found.name, words: found.words, negated: isNegated(text.slice(0, found.start)) }
}

const isNegated = (text: string): boolean => /(?<![\p{L}])(?:not|no|n['’]t|unless|nicht|kein\p{L}*)(?![\p{L}])/iu.test(text)

export interface Stated {
  condition: Condition
  /** The piece without the condition: what is to be done, if it says so too. */
  rest: string
}

/** The condition that a piece states, or undefined. Only a piece that asks (`if`, `when`, …) can state more than a comparison. */
export function conditionIn(text: string, asks: boolean, mentioned: Mentioned): Stated | undefined {
  const condition = readCondition(text, asks, mentioned)
  if (condition === undefined) return undefined
  const at = text.indexOf(condition.words)
  const end = at + condition.words.length
  return { condition, rest: asks ? text.slice(end) : `${text.slice(0, at)} ${text.slice(end)}` }
}

function readCondition(text: string, asks: boolean, mentioned: Mentioned): Condition | undefined {
  const number = numberIn(text, mentioned)
  if (number !== undefined) return number
  const sentiment = sentimentIn(text)
  if (sentiment !== undefined && (asks || EACH.test(text))) return sentiment
  const isQuestion = asks || /^(?:ist|sind|fehl(?:en|t)|enthält|liegt|gibt)(?![\p{L}])/iu.test(text)
  return isQuestion ? (flagIn(text, mentioned) ?? classIn(text, mentioned)) : undefined
}

const EACH = /(?<![\p{L}])(?:each|every|for|all|jede\p{L}*|alle) \p{L}+(?= |$)/iu

function sentimentIn(text: string): Condition | undefined {
  for (const [name, pattern] of SENTIMENTS) {
    const match = pattern.exec(text)
    if (match) return { kind: 'sentiment', name, words: match[0], negated: isNegated(text.slice(0, match.index)) }
  }
  return undefined
}

function flagIn(text: string, mentioned: Mentioned): Condition | undefined {
  for (const [flag, pattern] of FLAGS) {
    const match = pattern.exec(text)
    if (match) return { kind: 'flag', flag, words: match[0], negated: flag !== 'missed' && isNegated(text.slice(0, match.index)) }
  }
  const found = FOUND.exec(text)
  return found && mentioned.flag
    ? { kind: 'flag', flag: mentioned.flag, words: found[0], negated: isNegated(text.slice(0, found.index)) }
    : undefined
}
