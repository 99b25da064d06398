import { findDates } from '../text/dates'
import type { FieldKind } from './labels'
import { READERS, type ReaderOptions, type Reading } from './readers'

/** A value in a cell and how sure its place against its label makes it. */
export interface Valued {
  reading: Reading
  score: number
}

/** Where a value stands against its label, when it stands in the label's own cell. */
const PLACE = { sign: 1, inline: 0.95, plain: 0.85, running: 0.88, before: 0.93, name: 0.72 } as const
/** The label's cell goes on after it: `Vehicle registration mark:`. */
const EXTENDED = 0.85
/** Characters between a label and a typed value past which they do not belong together. */
const MAX_DISTANCE = 34
const MAX_READ = 140
const MAX_TEXT = 160
/** Longer than this, what follows a label without a colon is a sentence, not a value. */
export const MAX_PLAIN = 70

/** Where a value in running text ends. */
const SENTENCE = /[.;!?](?=\s|$)|,\s|\)|\s\(|\s+(?:and|und|that|which|die|der|das|plus|zuzüglich)\s/u

/** A text value that begins at `from`: to the end of the cell, and of its clause where it stands in running text. */
function textAt(text: string, from: number, isRunning: boolean): Reading[] {
  const lead = /^[\s:=–-]*/u.exec(text.slice(from, from + 20))?.[0].length ?? 0
  const start = from + lead
  let value = text.slice(start, start + MAX_TEXT + 1)
  if (isRunning) value = value.slice(0, SENTENCE.exec(value)?.index ?? value.length)
  else value = value.split(/\.\s+(?=\p{Lu}\p{Ll}+\s\p{Ll})/u)[0] ?? ''
  value = value.replace(/\s+$/u, '')
  if (value === '' || value.length > MAX_TEXT || !/[\p{L}\p{N}]/u.test(value)) return []
  return [{ start, end: start + value.length, normalized: value, quality: 1 }]
}

const NUMERIC: ReadonlySet<FieldKind> = new Set(['number', 'amount'])
const DAY = /\d{1,2}(?:\.|st|nd|rd|th)?\s+(?:jan|feb|mar|mär|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])\p{L}*|\d{1,2}:\d{2}/giu

/** Dates, days and times: their figures are no numbers by themselves. */
const timesIn = (text: string, { order }: ReaderOptions): { start: number; end: number }[] => [
  ...findDates(text, order),
  ...[...text.matchAll(DAY)].map(({ index, 0: { length } }) => ({ start: index, end: index + length })),
]

/** Values of a typed kind near a place, in order. */
function typed(kind: FieldKind, text: string, from: number, options: ReaderOptions): Reading[] {
  const part = text.slice(from, from + MAX_READ)
  const taken = NUMERIC.has(kind) ? timesIn(part, options) : []
  return READERS[kind](part, options)
    .filter(({ start, end }) => start <= MAX_DISTANCE && !taken.some((time) => start < time.end && end > time.start))
    .slice(0, 3)
    .map((reading) => ({ ...reading, start: reading.start + from, end: reading.end + from }))
}

/** A yes or no, the one that is ticked where both are printed. */
function booleanAt(text: string, from: number, options: ReaderOptions): Reading[] {
  const part = text.slice(from, from + MAX_READ)
  const ticked = /(?:\[[xX✓✔]\]|\([xX✓✔]\)|[☑☒✓✔])\s*(?=\p{L})/u.exec(part)
  const printed = /^\s*(?:yes|ja)\s*\/\s*(?:no|nein)\s*[:：]?\s*(?=\p{L})/iu.exec(part)?.[0].length ?? 0
  const at = ticked ? ticked.index + ticked[0].length : printed
  if (!ticked && /^\s*(?:\[\s*\]|\(\s*\)|[☐□○])/u.test(part)) return []
  return READERS.boolean(part.slice(at), options).map((reading) => ({
    ...reading,
    start: reading.start + from + at,
    end: reading.end + from + at,
  }))
}

export const isTextual = (kind: FieldKind): boolean => kind === 'text' || kind === 'boolean'

/** The value that a text holds from a place on, where nothing but the value is expected there. */
export function valueAt(kind: FieldKind, text: string, from: number, options: ReaderOptions): Reading[] {
  if (kind === 'text') return textAt(text, from, false)
  return kind === 'boolean' ? booleanAt(text, from, options) : typed(kind, text, from, options)
}

/** The same in running text, where a text ends with its clause. */
const valueWithin = (kind: FieldKind, text: string, from: number, options: ReaderOptions): Reading[] =>
  kind === 'text' ? textAt(text, from, true) : valueAt(kind, text, from, options)

/** Where a label stands in its cell. */
export interface LabelPlace {
  start: number
  end: number
  /** Nothing but a bracket or a comma stands before it. */
  isOpening: boolean
}

const LEAD = /^(?:[’']s)?(?:\s*\([^)]{0,40}\)|\s*\)(?=\s*[:：]))?\s*(?:(?<sign>[:：=?]|\.{3,})\s*)?/u
const EXTENSION = /^(?:[’']s)?(?<more>[^:：!?;\n]{1,44})[:：?](?:\s+|$)/u
const COPULA =
  /^(?:\s+[^.;:!?]{0,48}?)?\s+(?:is|was|are|lautet|beträgt|ist|war|heißt|sind)\s+(?:(?:the|a|an|der|die|das|den|in|am|on)\s+)?/iu
/** Words between a label and its colon in one cell, at most. */
const MAX_EXTENSION = 4

const placed = (readings: Reading[], score: number): Valued[] =>
  readings.map((reading, index) => ({ reading, score: score - 0.04 * index }))

/** A number straight before what it counts: `12 licences`. */
function countBefore(text: string, label: number, options: ReaderOptions): Valued[] {
  const from = Math.max(0, label - 24)
  const part = text.slice(from, label)
  const taken = timesIn(part, options)
  const counted = READERS.number(part, options).findLast(
    ({ end, start }) => /^\s{1,2}$/u.test(part.slice(end)) && !taken.some((time) => start < time.end && end > time.start),
  )
  return counted ? placed([{ ...counted, start: counted.start + from, end: counted.end + from }], PLACE.before) : []
}

/** A value of a typed kind after a label; what stands between must not begin another sentence or another label. */
function typedAfter(kind: FieldKind, text: string, { end, isOpening }: LabelPlace, options: ReaderOptions): Valued[] {
  const rest = text.slice(end)
  const lead = LEAD.exec(rest)
  const from = end + (lead?.[0].length ?? 0)
  const hasSign = lead?.groups?.sign !== undefined
  const extension = isOpening && !hasSign ? EXTENSION.exec(rest) : null
  if (extension) {
    const readings = typed(kind, text, end + extension[0].length, options)
    if (readings.length > 0 && (readings[0]?.start ?? 0) - end - extension[0].length < 8) return placed(readings, PLACE.sign * 0.92)
  }
  const readings = typed(kind, text, from, options).filter(({ start }) => !/[.!?;]\s+\p{Lu}|[:：]\s/u.test(text.slice(from, start)))
  if (hasSign) return placed(readings, PLACE.sign)
  const between = text.slice(from, readings[0]?.start ?? from)
  // Words between make it less sure, and what a number stands straight before may be what it counts.
  const loss = /,\s/u.test(between) ? 0.1 : between.trim() === '' ? 0 : isOpening ? 0.01 : 0.04
  return placed(readings, PLACE.inline - loss)
}

const NAME_WORD = "(?:\\p{Lu}\\.|(?:Dr|Prof|St|Mrs?|Ms)\\.|\\p{Lu}[\\p{L}’'-]+)"
const NAME_AFTER = new RegExp(
  `^\\s+(?:(?:of|to|by|as|von|durch|an|bei)\\s+)?(?<name>${NAME_WORD}(?:\\s+(?:(?:of|von|de|&)\\s+)?${NAME_WORD}){1,4})`,
  'u',
)

/** A name of several words straight after a label in running text: `You will report to Helen Yardley`. */
function nameWithin(text: string, end: number): Valued[] {
  const match = NAME_AFTER.exec(text.slice(end, end + MAX_READ))
  const name = match?.groups?.name?.replace(/['’-]+$/u, '')
  if (!match || !name) return []
  const start = end + match[0].indexOf(name)
  return placed([{ start, end: start + name.length, normalized: name, quality: 1 }], PLACE.name)
}

/** A text after a label without a sign: after a verb, in the label's bracket, or short and by itself on the line. */
function textWithoutSign(kind: FieldKind, text: string, { end, isOpening }: LabelPlace, options: ReaderOptions): Valued[] {
  const rest = text.slice(end)
  const copula = COPULA.exec(rest)
  if (copula) return placed(valueWithin(kind, text, end + copula[0].length, options), PLACE.running)
  const from = end + (LEAD.exec(rest)?.[0].length ?? 0)
  const plain = text.slice(from)
  const opened = text.lastIndexOf('(', end)
  if (opened >= 0 && end - opened < 40 && !text.slice(opened, end).includes(')'))
    return placed(valueWithin(kind, text, from, options), PLACE.running)
  const isValue = isOpening && plain.length <= MAX_PLAIN && /^[\p{Lu}\p{N}„"“(+]/u.test(plain) && !/[.!?]\s+\p{Lu}|[:：]\s/u.test(plain)
  if (!isValue) return kind === 'text' ? nameWithin(text, end) : []
  // A figure's row goes on after a comma with something else; an address with its postcode.
  const cut = /^[^,]*\d[^,]*(?=,\s+[^\d\s])/u.exec(plain)?.[0].length ?? plain.length
  return placed(valueAt(kind, text.slice(0, from + cut), from, options), PLACE.plain)
}

/** What a cell says of a label that ends at `end`. `goesOn`: nothing, the value is to be looked for in other cells, as sure as this share. */
export function valuesInCell(
  kind: FieldKind,
  text: string,
  label: LabelPlace,
  options: ReaderOptions,
): { found: Valued[]; goesOn: number } {
  const { start, end, isOpening } = label
  const rest = text.slice(end)
  const lead = LEAD.exec(rest)
  if (/^[\s?#*]*$/u.test(rest.slice(lead?.[0].length ?? 0))) return { found: [], goesOn: 1 }
  const extension = isOpening && !lead?.groups?.sign ? EXTENSION.exec(rest) : null
  const isExtended = extension !== null && (extension.groups?.more ?? '').trim().split(/\s+/).length <= MAX_EXTENSION
  if (isExtended && extension[0].length === rest.length) return { found: [], goesOn: EXTENDED }
  if (!isTextual(kind)) {
    const counted = kind === 'number' && !lead?.groups?.sign ? countBefore(text, start, options) : []
    const after = typedAfter(kind, text, label, options)
    return { found: isOpening ? [...after, ...counted] : [...counted, ...after], goesOn: 0 }
  }
  if (lead?.groups?.sign) return { found: placed(valueAt(kind, text, end + lead[0].length, options), PLACE.sign), goesOn: 0 }
  if (isExtended) return { found: placed(valueAt(kind, text, end + extension[0].length, options), PLACE.sign * EXTENDED), goesOn: 0 }
  return { found: textWithoutSign(kind, text, label, options), goesOn: 0 }
}
