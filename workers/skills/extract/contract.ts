import { findDates } from '../text/dates'
import { spanOf } from '../text/lines'
import { type WholeText, wholeText } from '../text/whole'
import { findParties } from './contract-parties'
import { findTerm } from './contract-term'
import { DURATION, normalizeDuration } from './durations'
import { type Candidate, findKnown } from './labelled'
import type { Weights } from './ranker'
import { fieldOf, type Reading } from './reading'
import type { Field } from './schema'

const NOTICE = [
  new RegExp(`(?<![\\p{L}\\d])${DURATION}[’']?\\s*(?:prior |advance )?(?:written )?notice`, 'giu'),
  new RegExp(`(?:kündigungsfrist|frist|préavis|preaviso|preavviso|opzegtermijn)(?: von| de| di| van| beträgt)?\\s+${DURATION}`, 'giu'),
  new RegExp(`notice (?:period )?of(?: at least| not less than)?\\s+${DURATION}`, 'giu'),
]
/** Place names keep their capitals, so these patterns are case-sensitive where it counts. */
const PLACE =
  '(?<place>(?!Agreement|Parties|Company|State|STATE|Commonwealth|COMMONWEALTH|United)\\p{Lu}\\p{L}+(?:\\s+(?:of\\s+)?(?!Applicable|Without|As|And|The|This|Conflict)\\p{Lu}\\p{L}+){0,2})'
const OF_STATE =
  '(?:the\\s+)?(?:(?:[Ss]tate|STATE|[Cc]ommonwealth|COMMONWEALTH|[Pp]rovince|[Rr]epublic|[Kk]ingdom)\\s+(?:of|OF)\\s+)?(?:[Tt]he\\s+)?'
const LAW = [
  new RegExp(
    `(?:[Gg]overn|GOVERN|[Cc]onstrued|CONSTRUED|[Ii]nterpret|[Ee]nforc|[Ss]ubject)[^;]{0,220}?(?:[Ll]aws?|LAWS?)\\s+(?:of|OF)\\s+${OF_STATE}${PLACE}`,
    'gu',
  ),
  new RegExp(
    `(?:[Ll]aws?|LAWS?)\\s+(?:of|OF)\\s+(?:the|THE)\\s+(?:[Ss]tate|STATE|[Cc]ommonwealth|[Pp]rovince|[Rr]epublic)\\s+(?:of|OF)\\s+${PLACE}`,
    'gu',
  ),
  new RegExp(`(?:[Gg]overn|[Cc]onstru)[^.;]{0,120}?\\b(?:in accordance with|by|under)\\s+(?:the\\s+)?${PLACE}\\s+[Ll]aw`, 'gu'),
  /(?:[Rr]echt|[Gg]esetzen?) der (?<place>Bundesrepublik Deutschland|Schweiz|Republik Österreich)|(?<place2>[Dd]eutsche[sm]?|[Öö]sterreichische[sm]?|[Ss]chweizerische[sm]?) Recht|(?:droit|loi) (?<place3>français|belge|suisse|luxembourgeois)|(?:ley|legislación|leyes) (?<place4>española|de España)|legge (?<place5>italiana)|(?<place6>Nederlands) recht/gu,
]
const EFFECTIVE =
  /(?:dated?(?: and effective)?(?: as of)?|effective(?: as of| date| on)?|as of|entered into(?: on| as of| this)?|made(?: and entered into)?(?: this| on| as of)?|executed|commenc\p{L}+|this|vom|datum|mit wirkung (?:vom|ab)|en date du|fait à .{0,30} le|con fecha(?: de)?|in data|op datum)[\s:,(“"”)]*(?:the )?$/iu

/** What was learned of contracts and can be learned anew; absent: what ships with the product. */
export interface ContractWeights {
  parties?: Weights
  term?: Weights
}

interface Found {
  start: number
  end: number
  normalized: string
  score: number
}

function durations(text: string, patterns: [number, RegExp][]): Found[] {
  return patterns.flatMap(([score, pattern]) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const groups = match.groups ?? {}
      const normalized = normalizeDuration(groups)
      const inner = new RegExp(DURATION, 'iu').exec(match[0].slice(match[0].lastIndexOf(groups.count ?? '')))
      const offset = match[0].lastIndexOf(groups.count ?? '')
      return normalized && inner ? [{ start: match.index + offset, end: match.index + offset + inner[0].length, normalized, score }] : []
    }),
  )
}

function governingLaw(text: string): Found | undefined {
  for (const [index, pattern] of LAW.entries()) {
    for (const match of text.matchAll(pattern)) {
      const place = Object.values(match.groups ?? {}).find((group) => group !== undefined)
      if (!place || /^(?:the|any|such|united states of america)$/iu.test(place)) continue
      const start = match.index + match[0].lastIndexOf(place)
      return { start, end: start + place.length, normalized: place.replace(/^the /iu, '').replace(/\s+/g, ' '), score: 0.92 - 0.1 * index }
    }
  }
  return undefined
}

/** The date that the opening words make the contract's own; only the beginning and, weakly, the end are looked at. */
function effectiveDate(text: string, reading: Reading): Found | undefined {
  const dates = findDates(text.slice(0, 4_000), reading.order)
  const cued = dates.find((date) => EFFECTIVE.test(text.slice(Math.max(0, date.start - 60), date.start)))
  const chosen = cued ?? dates.find((date) => date.start < 2_000)
  return chosen && { start: chosen.start, end: chosen.end, normalized: chosen.iso, score: cued ? 0.85 : 0.5 }
}

function found(reading: Reading, whole: WholeText, name: string, place: Found | undefined): Field[] {
  if (!place) return []
  const candidate: Candidate = { ...whole.rangeAt(place.start, place.end), normalized: place.normalized, score: place.score, line: 0 }
  return [fieldOf(reading, name, candidate, 'pattern')]
}

function partiesField(reading: Reading, whole: WholeText, weights: Weights | undefined): Field[] {
  const parties = findParties(whole, weights)
  const spans = parties.map((party) => spanOf(reading.document.pages, whole.rangeAt(party.start, party.end), reading.documentId))
  const [first] = spans
  if (!first) return []
  const confidence = Math.round((parties.reduce((sum, party) => sum + party.score, 0) / parties.length) * 100) / 100
  return [
    {
      name: 'parties',
      value: parties.map((party) => party.name).join('; '),
      normalized: parties.map((party) => party.name),
      confidence,
      span: first,
      spans,
      source: 'pattern',
    },
  ]
}

/** The fields of a contract, read from its sentences. */
export function readContract(reading: Reading, learned: ContractWeights = {}): Field[] {
  const whole = wholeText(reading.document.pages)
  const notices = durations(
    whole.text,
    NOTICE.map((pattern) => [0.85, pattern]),
  )
  const value = findKnown(reading.lines, 'contractValue', reading).find((candidate) => candidate.currency !== undefined)
  return [
    ...partiesField(reading, whole, learned.parties),
    ...found(reading, whole, 'effectiveDate', effectiveDate(whole.text, reading)),
    ...found(reading, whole, 'term', findTerm(whole.text, learned.term)),
    ...found(reading, whole, 'governingLaw', governingLaw(whole.text)),
    ...(value ? [fieldOf(reading, 'contractValue', value)] : []),
    ...found(reading, whole, 'noticePeriod', notices[0]),
  ]
}
