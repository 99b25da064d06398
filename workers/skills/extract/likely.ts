import type { Json } from '../../domain/json'
import { stem } from '../citations/stem'
import { ANY_STOPWORD } from '../language/stopwords'
import type { Line } from '../text/lines'
import type { Candidate } from './labelled'
import type { FieldKind, Label } from './labels'
import { wordsOf } from './property-labels'
import { READERS } from './readers'
import type { Reading } from './reading'
import type { ScalarProperty } from './schema'
import { findStated } from './stated'

/** A guess is never given as more. */
const CONFIDENCE = { twoWords: 0.62, oneWord: 0.5, sentence: 0.45, only: 0.55 } as const

/** Words that say of what kind a value is and not what it is of. */
const GENERIC = new Set(
  'date datum number nummer name amount betrag value wert total text type kind field feld document dokument person angabe anzahl code whether which when where wann what wer ob'
    .split(' ')
    .map((word) => stem(word)),
)

const stems = (text: string): string[] =>
  (text.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !ANY_STOPWORD.has(word.toLowerCase()) && word.length > 1).map((word) => stem(word))

/** Inflected and derived forms of a word: `limit` and `limited`, `admission` and `admitted` are not, `Kündigung` and `Kündigungen` are. */
const alike = (one: string, other: string): boolean =>
  one === other ||
  (Math.min(one.length, other.length) >= 5 && Math.abs(one.length - other.length) <= 3 && (one.startsWith(other) || other.startsWith(one)))

/** The label of a line or cell: what stands before its colon, or all of a short one. */
function labelIn(text: string): string {
  const head = /^[^:：]{2,60}(?=[:：])/u.exec(text)?.[0] ?? /^[^\d£$€:]{3,40}?(?=\s+[\d£$€])/u.exec(text)?.[0] ?? text
  return head.length <= 60 ? head : ''
}

/** Labels all of whose words the property's name, title or description has: `Water used` for `water used in cubic metres`. */
function likelyLabels(lines: Line[], name: string, property: ScalarProperty): Label[] {
  const own = stems(`${wordsOf(name)} ${property.title ?? ''}`)
  const all = [...own, ...stems(property.description ?? '')]
  const labels = new Map<string, number>()
  for (const line of lines)
    for (const cell of line.cells) {
      const label = labelIn(cell.text)
        .replace(/[?*]+$/u, '')
        .trim()
      const words = stems(label)
      if (words.length === 0 || words.length > 6 || words.every((word) => GENERIC.has(word))) continue
      if (!words.every((word) => all.some((known) => alike(known, word)))) continue
      const isOwn = words.some((word) => !GENERIC.has(word) && own.some((known) => alike(known, word)))
      if (words.length === 1 && !isOwn && (words[0] ?? '').length < 5) continue
      labels.set(label, words.length >= 2 ? CONFIDENCE.twoWords : CONFIDENCE.oneWord)
    }
  return [...labels].slice(0, 20).map(([label, weight]): Label => [weight, label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')])
}

const IN_SENTENCES: ReadonlySet<FieldKind> = new Set(['date', 'amount', 'number'])
const UNIQUE: ReadonlySet<FieldKind> = new Set(['email', 'iban', 'phone'])

const MONEY =
  /\b(?:amount|price|cost|fee|sum|salary|rent|charge|budget|premium|deposit|value|limit)s?\b|kosten|betrag|preis|gehalt|lohn|miete|gebühr|gebuehr|beitrag|kaution|prämie|summe/iu

/** The only value of a kind in a sentence that has all words of one of the property's descriptions of itself. */
function inSentence(reading: Reading, kind: FieldKind, name: string, property: ScalarProperty): Candidate[] {
  const phrases = [wordsOf(name), property.title ?? '', property.description ?? '']
    .map((phrase) => [...new Set(stems(phrase).filter((word) => !GENERIC.has(word)))])
    .filter((words) => words.length >= 2)
  if (phrases.length === 0) return []
  return reading.document.pages.flatMap((page) => {
    const found: Candidate[] = []
    for (const match of page.text.matchAll(
      /(?:[^.;!?\n]|[.](?=\d|\s\p{Ll})|(?<=(?:^|\s)\d{1,2})\.(?=\s\p{Lu})|\n(?![ \t\r]*\n)){20,600}/gu,
    )) {
      const words = [...new Set(stems(match[0]))]
      if (!phrases.some((phrase) => phrase.every((word) => words.some((other) => alike(word, other))))) continue
      const all = READERS[kind](match[0], reading)
      const sums = all.filter(({ currency }) => currency !== undefined)
      const values = MONEY.test(`${wordsOf(name)} ${property.title ?? ''} ${property.description ?? ''}`) && sums.length > 0 ? sums : all
      const [value] = values
      if (!value || new Set(values.map(({ normalized }) => JSON.stringify(normalized))).size !== 1) continue
      const start = match.index + value.start
      found.push({
        page: page.number,
        start,
        end: match.index + value.end,
        normalized: value.normalized,
        ...(value.currency && { currency: value.currency }),
        score: CONFIDENCE.sentence,
        line: 0,
      })
    }
    return found
  })
}

const PERIODS: readonly (readonly [RegExp, RegExp])[] = [
  [/month|monat/iu, /(?:per|a|each|every|\/)\s?(?:calendar\s)?month|monthly|(?:pro|im|je|\/)\s?monat|monatlich/iu],
  [/year|annu|jahr|jähr/iu, /(?:per|a|each|every|\/)\s?(?:year|annum)|annual|yearly|p\.\s?a\.|(?:pro|im|je|\/)\s?jahr|jährlich/iu],
  [/hour|stunde/iu, /(?:per|an|each|\/)\s?hour|hourly|(?:pro|je|\/)\s?stunde|stundensatz/iu],
]
const PERIOD_CHARS = 28

/** The only amount that is paid in the period that the property speaks of: `4,500 GBP per month`. */
function perPeriod(reading: Reading, words: string): Candidate[] {
  const period = PERIODS.find(([asked]) => asked.test(words))?.[1]
  if (!period || !MONEY.test(words)) return []
  const found = reading.lines.flatMap((line) =>
    READERS.amount(line.text, reading).flatMap(({ start, end, normalized, currency }): Candidate[] => {
      const around = `${line.text.slice(Math.max(0, start - PERIOD_CHARS), start)} ${line.text.slice(end, end + PERIOD_CHARS)}`
      if (currency === undefined || !period.test(around)) return []
      const [from, to] = [line.start + start, line.start + end]
      return [{ page: line.page, line: line.index, start: from, end: to, normalized, currency, score: CONFIDENCE.only }]
    }),
  )
  return new Set(found.map(({ normalized }) => normalized)).size === 1 ? found.slice(0, 1) : []
}

/** Names for the one price that a letter speaks of. */
const THE_PRICE =
  /^(?:(?:purchase |total |the )?(?:price|amount|total|sum)|betrag|preis|kaufpreis|summe|gesamtbetrag|rechnungsbetrag|total amount)$/iu

/** An address of mail or an account that is the only one in the document. */
function onlyOne(reading: Reading, kind: FieldKind): Candidate[] {
  const found = reading.lines.flatMap((line) =>
    READERS[kind](line.text, reading)
      .filter(({ currency }) => kind !== 'amount' || currency !== undefined)
      .map(({ start, end, normalized, currency }): Candidate & { normalized: Json } => ({
        page: line.page,
        ...(currency && { currency }),
        start: line.start + start,
        end: line.start + end,
        normalized,
        score: CONFIDENCE.only,
        line: line.index,
      })),
  )
  return new Set(found.map(({ normalized }) => normalized)).size === 1 ? found.slice(0, 1) : []
}

/** Values that probably are a property's, though none of its labels stands beside them: best first, none surer than a guess. */
export function findLikely(reading: Reading, kind: FieldKind, name: string, property: ScalarProperty): Candidate[] {
  const labelled = findStated(reading, kind, likelyLabels(reading.lines, name, property))
  if (labelled.length > 0) return labelled
  if (UNIQUE.has(kind)) return onlyOne(reading, kind)
  if (THE_PRICE.test(wordsOf(name))) {
    const only = onlyOne(reading, 'amount').filter(({ currency }) => currency !== undefined)
    if (only.length > 0) return only
  }
  const paid =
    kind === 'amount' || kind === 'number'
      ? perPeriod(reading, `${wordsOf(name)} ${property.title ?? ''} ${property.description ?? ''}`)
      : []
  if (paid.length > 0) return paid
  return IN_SENTENCES.has(kind) ? inSentence(reading, kind, name, property) : []
}
