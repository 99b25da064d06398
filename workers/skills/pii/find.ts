import { PII_TYPES, type PiiFinding, type PiiType } from '../../domain/guardrails'
import type { Lexicon } from '../entities/tagger/lexicon'
import { loadLexicon, loadPersonalTagger } from '../entities/tagger/load'
import type { TaggedSpan } from '../entities/tagger/model'
import { COMPANY } from '../extract/names'
import { literal } from '../text/pattern'
import { addressPieces } from './address-form'
import { findAddresses } from './addresses'
import { hasForm, speakersIn } from './evidence'
import { findNumbers } from './numbers'

/** The chain's choice is a judgement, not a proof. */
const TAGGED_CONFIDENCE = 0.75
/** A repeated name that was tagged once. */
const REPEATED_CONFIDENCE = 0.7
/** Shorter name parts are words too often. */
const MIN_NAME_PART = 4
/** Nobody's name, though it stands in names: forms of address and of companies. */
const NO_NAME = /^(?:herrn?|frau|mister|miss|madam|doctor|professor|limited|gmbh|company|group)$/iu

/** Kinds that a postal address contains: inside one they are no finding of their own. */
const PARTS_OF_ADDRESS: ReadonlySet<PiiType> = new Set(['age', 'postcode', 'place', 'date', 'phone'])
/** A rule's finding of so much confidence was announced by a word or has check digits: no address goes over it. */
const ANNOUNCED = 0.8
/** Characters between an address and figures that belong to it: a short line. */
const BESIDE = 24
const NAMES: ReadonlySet<PiiType> = new Set(['person', 'organisation', 'address'])

/**
 * Personal data of a text in order, without overlaps: checked numbers by rules, names, addresses and the like by a trained
 * tagger whose claims must have the form of their kind. A name that was found once is found wherever else it stands.
 */
export async function findPii(text: string): Promise<PiiFinding[]> {
  const [tagger, lexicon] = await Promise.all([loadPersonalTagger(), loadLexicon()])
  return combine(text, (barred) => tagger.tag(text, barred), lexicon)
}

/** The same of several texts that belong together: a name that is found in one is found in all. */
export async function findPiiTogether(texts: readonly string[]): Promise<PiiFinding[][]> {
  const found = await Promise.all(texts.map(findPii))
  const names = namesIn(found.flat())
  return texts.map((text, index) => inOrder([...(found[index] ?? []), ...occurrences(text, names)]))
}

/** Spans that a tagger sees in a text; `barred`: what it would see if nothing were of that type. */
export type Tagging = (barred?: string) => readonly TaggedSpan[]

/** Findings of the rules and of a tagger together. */
export function combine(text: string, tag: Tagging, lexicon: Lexicon): PiiFinding[] {
  const claims = tag().flatMap((span) => trimmed(text, span))
  const numbers = findNumbers(text)
  const announced = numbers.filter(({ type, confidence }) => confidence >= ANNOUNCED && type !== 'date' && type !== 'age')
  const claimed = claims.filter(({ type }) => type === 'address').flatMap((claim) => without(claim, announced))
  const pieces = claimed.map((claim) => addressPieces(text, claim))
  const addresses = joined(text, [
    ...findAddresses(text).flatMap((address) => without(address, announced)),
    ...pieces.flatMap(({ found }) => found.flatMap(({ start, end }) => trimmed(text, { type: 'address', start, end }))),
  ])
  const rest = pieces.flatMap((piece) => piece.rest)
  addresses.push(...beside(text, addresses, rest))
  // What is no address for want of form may still be a name: the tagger is asked again.
  const others =
    rest.length === 0
      ? []
      : tag('address')
          .flatMap((span) => trimmed(text, span))
          .filter((claim) => rest.some((piece) => overlap(claim, piece)))
  const inAddress = ({ type, start, end }: PiiFinding) =>
    PARTS_OF_ADDRESS.has(type) && addresses.some((address) => address.start <= start && address.end >= end)
  const found = withoutOverlaps([
    ...numbers.filter((finding) => !inAddress(finding)),
    ...companies(text),
    ...addresses,
    ...speakersIn(text, lexicon).flatMap((span) => trimmed(text, span)),
    ...[...claims.filter(({ type }) => type !== 'address'), ...others].filter((claim) => hasForm(claim, text, lexicon)),
  ])
  return inOrder([...found, ...occurrences(text, namesIn(found))])
}

/** Bare figures right beside an address: a house number or code that the tagger counts in and that has no form of its own. */
const beside = (text: string, addresses: readonly PiiFinding[], rest: readonly { start: number; end: number }[]): PiiFinding[] =>
  rest
    .filter(({ start, end }) => /^[\s,>]*\d{2,5}[\s,>]*$/.test(text.slice(start, end)))
    .filter(({ start, end }) => addresses.some((address) => start - address.end < BESIDE && address.start - end < BESIDE))
    .flatMap(({ start, end }) => trimmed(text, { type: 'address', start, end }))

const overlap = (one: { start: number; end: number }, other: { start: number; end: number }): boolean =>
  one.start < other.end && one.end > other.start

/** What is left of a finding beside others. */
function without(finding: PiiFinding, others: readonly PiiFinding[]): PiiFinding[] {
  const rest: PiiFinding[] = []
  let at = finding.start
  const cuts = others.filter((other) => overlap(finding, other)).toSorted((a, b) => a.start - b.start)
  for (const { start, end } of [...cuts, { start: finding.end, end: finding.end }]) {
    if (start > at) rest.push({ ...finding, start: at, end: start })
    at = Math.max(at, end)
  }
  return rest
}

const inOrder = (findings: PiiFinding[]): PiiFinding[] => withoutOverlaps(findings).sort((a, b) => a.start - b.start)

/** A tagged span without the signs around it, or nothing when only signs are left. */
function trimmed(text: string, { type, start, end }: TaggedSpan): PiiFinding[] {
  const known = PII_TYPES.find((candidate) => candidate === type)
  const raw = text.slice(start, end)
  const inner = raw.replace(/^[^\p{L}\p{N}(+#]+/u, '')
  const words = inner.replace(/[^\p{L}\p{N}.)]+$/u, '').replace(known === 'title' ? /$/ : /(?<=[\p{L}\p{N}]{3})\.$/u, '')
  if (known === undefined || !/[\p{L}\p{N}]/u.test(words)) return []
  const from = start + raw.length - inner.length
  return [{ type: known, start: from, end: from + words.length, text: words, confidence: TAGGED_CONFIDENCE }]
}

/** Names with a legal form are companies, whatever the tagger makes of them. */
const companies = (text: string): PiiFinding[] =>
  [...text.matchAll(COMPANY)].map((match) => ({
    type: 'organisation',
    start: match.index,
    end: match.index + match[0].length,
    text: match[0],
    confidence: 0.9,
  }))

/** Overlapping addresses as one that covers both. */
function joined(text: string, findings: PiiFinding[]): PiiFinding[] {
  const kept: PiiFinding[] = []
  for (const finding of findings.toSorted((a, b) => a.start - b.start)) {
    const open = kept.at(-1)
    if (open && finding.start < open.end) {
      open.end = Math.max(open.end, finding.end)
      open.text = text.slice(open.start, open.end)
      open.confidence = Math.max(open.confidence, finding.confidence)
    } else kept.push({ ...finding })
  }
  return kept
}

function withoutOverlaps(findings: PiiFinding[]): PiiFinding[] {
  const kept: PiiFinding[] = []
  for (const finding of findings) if (!kept.some((other) => overlap(finding, other))) kept.push(finding)
  return kept
}

/** Names and the parts of people's names: what is masked here and readable there is not masked. */
function namesIn(found: readonly PiiFinding[]): Map<string, PiiType> {
  const names = new Map<string, PiiType>()
  for (const { type, text: name } of found) {
    if (!NAMES.has(type) || name.length < MIN_NAME_PART || !/^[\p{Lu}\p{Lo}\d]/u.test(name)) continue
    names.set(name, type)
    if (type === 'person')
      for (const part of name.split(/\s+/))
        if (part.length >= MIN_NAME_PART && /^\p{Lu}\p{Ll}/u.test(part) && !NO_NAME.test(part)) names.set(part, type)
  }
  return names
}

const occurrences = (text: string, names: ReadonlyMap<string, PiiType>): PiiFinding[] =>
  [...names].flatMap(([name, type]) =>
    [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${literal(name)}(?![\\p{L}\\p{N}])`, 'gu'))].map(
      (match): PiiFinding => ({ type, start: match.index, end: match.index + name.length, text: name, confidence: REPEATED_CONFIDENCE }),
    ),
  )
