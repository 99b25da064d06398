import * as z from 'zod'
import { Origin, type UntrustedText } from './guardrails'

/** An argument, or a part of one, that stands in an untrusted text: what it may descend from. */
export const Taint = z.object({
  /** Where in the arguments: `to`, `lines[2].amount`. */
  path: z.string(),
  origin: Origin,
  /** Characters `[start, end)` of the untrusted text. */
  start: z.int(),
  end: z.int(),
  /** What stands there, verbatim. */
  quote: z.string(),
})
export type Taint = z.infer<typeof Taint>

/** Shorter values stand everywhere: a currency, a yes. */
const MIN_VALUE_CHARS = 4
/** Numbers with fewer figures are found in any document. */
const MIN_FIGURES = 4
/** So many words in a row are not written twice by chance. */
const SHARED_WORDS = 5
const MAX_DEPTH = 20

/** A text as it is compared: one case, one width, single spaces, and for each character its place in the original. */
interface Folded {
  text: string
  places: number[]
}

/**
 * The parts of action arguments that stand in untrusted texts, each with its place: whole values, amounts however they are written, and
 * runs of five words and more. Compared without regard to case, spacing and full-width letters. A value that was translated, computed or
 * rephrased is not found: arguments that a model wrote from untrusted texts stay untrusted even where this is empty.
 */
export function taintOf(args: unknown, sources: readonly UntrustedText[]): Taint[] {
  const leaves = leavesOf(args, '', 0)
  return sources.flatMap(({ text, origin }) => {
    const folded = fold(text)
    const numbers = numbersOf(text)
    return leaves.flatMap(({ path, value }) => {
      const place = locate(value, folded, numbers)
      return place ? [{ path, origin, ...place, quote: text.slice(place.start, place.end) }] : []
    })
  })
}

interface Leaf {
  path: string
  value: string | number
}

function leavesOf(value: unknown, path: string, depth: number): Leaf[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ path, value }]
  if (value === null || typeof value !== 'object' || depth >= MAX_DEPTH) return []
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, `${path}[${index}]`, depth + 1))
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, path === '' ? key : `${path}.${key}`, depth + 1))
}

function fold(text: string): Folded {
  let folded = ''
  const places: number[] = []
  let at = 0
  for (const character of text) {
    const plain = /\s/.test(character) ? ' ' : character.normalize('NFKC').toLowerCase()
    if (!(plain === ' ' && folded.endsWith(' '))) {
      folded += plain
      for (let index = 0; index < plain.length; index += 1) places.push(at)
    }
    at += character.length
  }
  places.push(text.length)
  return { text: folded, places }
}

/** Numbers of a text by their figures alone, trailing zeros of decimals left out: `1.234,50` and `1234.5` are alike. */
function numbersOf(text: string): Map<string, { start: number; end: number }> {
  const numbers = new Map<string, { start: number; end: number }>()
  for (const match of text.matchAll(/\d(?:[\d.,'’ \u00a0\u202f/-]*\d)?/g)) {
    const place = { start: match.index, end: match.index + match[0].length }
    for (const key of figuresOf(match[0])) if (!numbers.has(key)) numbers.set(key, place)
  }
  return numbers
}

function figuresOf(written: string): string[] {
  const figures = written.replace(/\D/g, '')
  const decimals = /[.,](\d{1,2})$/.exec(written)?.[1]
  return decimals === undefined
    ? [figures, `${figures}.`]
    : [figures, `${figures.slice(0, -decimals.length)}.${decimals.replace(/0+$/, '')}`]
}

function locate(
  value: string | number,
  source: Folded,
  numbers: Map<string, { start: number; end: number }>,
): { start: number; end: number } | undefined {
  const written = String(value)
  if (/^[\d\s.,'’/+-]*$/.test(written)) {
    const keys = figuresOf(written)
    if ((keys[0] ?? '').length < MIN_FIGURES) return undefined
    return keys.map((key) => numbers.get(key)).find((place) => place !== undefined)
  }
  const needle = fold(written).text.trim()
  if (needle.length < MIN_VALUE_CHARS) return undefined
  return wholeValue(needle, source) ?? sharedRun(needle, source)
}

function wholeValue(needle: string, { text, places }: Folded): { start: number; end: number } | undefined {
  const isInside = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character)
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    const end = at + needle.length
    if (isInside(text[at - 1]) && isInside(needle[0])) continue
    if (isInside(text[end]) && isInside(needle.at(-1))) continue
    return placed(places, at, end)
  }
  return undefined
}

/** The longest run of words that value and source share. */
function sharedRun(needle: string, { text, places }: Folded): { start: number; end: number } | undefined {
  const words = needle.split(' ')
  let best: { at: number; length: number } | undefined
  for (let from = 0; from + SHARED_WORDS <= words.length; from += 1) {
    let to = from + SHARED_WORDS
    let at = text.indexOf(words.slice(from, to).join(' '))
    if (at < 0) continue
    while (to < words.length) {
      const longer = text.indexOf(words.slice(from, to + 1).join(' '))
      if (longer < 0) break
      at = longer
      to += 1
    }
    const length = words.slice(from, to).join(' ').length
    if (best === undefined || length > best.length) best = { at, length }
    from = to - 1
  }
  return best && placed(places, best.at, best.at + best.length)
}

const placed = (places: number[], from: number, to: number): { start: number; end: number } => ({
  start: places[from] ?? 0,
  end: places[to] ?? places.at(-1) ?? 0,
})
