import { PII_TYPES, type PiiFinding, type PiiType } from '../../domain/guardrails'
import { loadPersonalTagger } from '../entities/tagger/load'
import type { TaggedSpan } from '../entities/tagger/model'
import { COMPANY } from '../extract/names'
import { literal } from '../text/pattern'
import { findAddresses } from './addresses'
import { findNumbers } from './numbers'

/** What a checksum or an unmistakable shape tells is no part of an address, whatever the tagger says. */
const PROVEN = 0.95
/** The chain's choice is a judgement, not a proof. */
const TAGGED_CONFIDENCE = 0.75
/** A repeated name that was tagged once. */
const REPEATED_CONFIDENCE = 0.7
/** Shorter name parts are words too often. */
const MIN_NAME_PART = 4

/** Kinds that a postal address contains: inside one they are no finding of their own. */
const PARTS_OF_ADDRESS: ReadonlySet<PiiType> = new Set(['phone', 'age', 'postcode', 'place', 'bank_account', 'identity_number', 'tax_id'])
/** Where a text uses capitals, these have one. */
const CAPITALISED: ReadonlySet<PiiType> = new Set(['person', 'organisation', 'place'])
const NAMES: ReadonlySet<PiiType> = new Set(['person', 'organisation', 'address'])

/**
 * Personal data of a text in order, without overlaps: checked numbers by rules, names, addresses and the like by a trained
 * tagger. A name that was found once is found wherever else it stands.
 */
export async function findPii(text: string): Promise<PiiFinding[]> {
  const tagger = await loadPersonalTagger()
  return combine(text, tagger.tag(text))
}

/** Findings of the rules and of a tagger together. */
export function combine(text: string, tagged: readonly TaggedSpan[]): PiiFinding[] {
  const capitals = /\p{Lu}\p{Ll}/u.test(text)
  const tags = tagged
    .flatMap((span) => trimmed(text, span))
    .filter((finding) => !capitals || !CAPITALISED.has(finding.type) || /\p{Lu}|\p{Lo}/u.test(finding.text))
  const addresses = joined(text, [...findAddresses(text), ...tags.filter(({ type }) => type === 'address')])
  const inAddress = ({ type, start, end, confidence }: PiiFinding) =>
    confidence < PROVEN && PARTS_OF_ADDRESS.has(type) && addresses.some((address) => address.start <= start && address.end >= end)
  const found = withoutOverlaps([
    ...findNumbers(text).filter((finding) => !inAddress(finding)),
    ...companies(text),
    ...addresses,
    ...tags.filter(({ type }) => type !== 'address'),
  ])
  return withoutOverlaps([...found, ...repeated(text, found)]).sort((a, b) => a.start - b.start)
}

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
  for (const finding of findings) if (!kept.some((other) => finding.start < other.end && finding.end > other.start)) kept.push(finding)
  return kept
}

/** Other places of the names: what is masked here and readable there is not masked. */
function repeated(text: string, found: PiiFinding[]): PiiFinding[] {
  const names = new Map<string, PiiType>()
  for (const { type, text: name } of found) {
    if (!NAMES.has(type) || name.length < MIN_NAME_PART || !/^[\p{Lu}\p{Lo}\d]/u.test(name)) continue
    names.set(name, type)
    if (type === 'person')
      for (const part of name.split(/\s+/)) if (part.length >= MIN_NAME_PART && /^\p{Lu}\p{Ll}/u.test(part)) names.set(part, type)
  }
  return [...names].flatMap(([name, type]) =>
    [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${literal(name)}(?![\\p{L}\\p{N}])`, 'gu'))].map(
      (match): PiiFinding => ({ type, start: match.index, end: match.index + name.length, text: name, confidence: REPEATED_CONFIDENCE }),
    ),
  )
}
