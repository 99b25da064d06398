import { findDates } from '../text/dates'
import { spanOf } from '../text/lines'
import { type WholeText, wholeText } from '../text/whole'
import { findParties } from './contract-parties'
import { type Candidate, findKnown } from './labelled'
import { fieldOf, type Reading } from './reading'
import type { Field } from './schema'

const NUMBERS: Record<string, number> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  eighteen: 18,
  twenty: 20,
  'twenty-four': 24,
  thirty: 30,
  'thirty-six': 36,
  sixty: 60,
  ninety: 90,
  ein: 1,
  eine: 1,
  einem: 1,
  einer: 1,
  eines: 1,
  zwei: 2,
  drei: 3,
  vier: 4,
  fünf: 5,
  sechs: 6,
  sieben: 7,
  acht: 8,
  neun: 9,
  zehn: 10,
  zwölf: 12,
  achtzehn: 18,
  vierundzwanzig: 24,
  dreißig: 30,
  un: 1,
  une: 1,
  deux: 2,
  trois: 3,
  quatre: 4,
  cinq: 5,
  sept: 7,
  huit: 8,
  neuf: 9,
  dix: 10,
  douze: 12,
  trente: 30,
  uno: 1,
  una: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  seis: 6,
  doce: 12,
  due: 2,
  tre: 3,
  quattro: 4,
  cinque: 5,
  sei: 6,
  dodici: 12,
  een: 1,
  twee: 2,
  drie: 3,
  vijf: 5,
  zes: 6,
  twaalf: 12,
}
const UNITS: [string, RegExp][] = [
  ['day', /^(?:calendar |business )?(?:days?|tag\p{L}*|jours?|días?|giorn\p{L}|dag\p{L}*)/iu],
  ['week', /^(?:weeks?|wochen?|semaines?|semanas?|settiman\p{L}|wek\p{L}*)/iu],
  ['month', /^(?:months?|monat\p{L}*|mois|mes(?:es)?|mes\p{L}|maand\p{L}*)/iu],
  ['year', /^(?:years?|jahr\p{L}*|ans?|années?|años?|ann\p{L}|jaar|jaren)/iu],
]
const COUNT = `(?<count>${Object.keys(NUMBERS)
  .sort((a, b) => b.length - a.length)
  .join('|')}|\\d{1,3})`
const UNIT =
  '(?<unit>(?:calendar |business )?(?:days?|weeks?|months?|years?|tag\\p{L}*|wochen?|monat\\p{L}*|jahr\\p{L}*|jours?|semaines?|mois|années?|ans?|días?|semanas?|meses|mes|años?|giorn\\p{L}|mesi|mese|ann[io]|dagen|weken|maand\\p{L}*|jaar|jaren))'
const DURATION = `${COUNT}\\s*(?:\\(\\s*(?<digits>\\d{1,3})\\s*\\)\\s*)?[-]?\\s*${UNIT}(?![\\p{L}])`

/** How surely the words before or after a duration make it the contract's term. */
const TERM_CUES: [number, RegExp][] = [
  [
    0.9,
    new RegExp(
      `(?:term of this agreement|(?:initial )?term (?:shall be|is) |for a term of|remain in (?:full )?(?:force|effect)|(?:terminate|expire)s?(?: on| upon)?|in effect (?:for|until)|laufzeit(?: von| beträgt)?|durée de|duración de|durata di|looptijd van)[^.;]{0,120}?(?<![\\p{L}])${DURATION}`,
      'giu',
    ),
  ],
  [
    0.7,
    new RegExp(
      `(?<![\\p{L}\\d])${DURATION}[’']?\\s+(?:from|after|following) (?:the )?(?:date (?:hereof|of this)|effective|execution)`,
      'giu',
    ),
  ],
  [0.6, new RegExp(`(?:agreement|obligations?)[^.;]{0,100}?(?:for a )?period of(?: up to)?\\s+(?:approximately )?${DURATION}`, 'giu')],
]
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

interface Found {
  start: number
  end: number
  normalized: string
  score: number
}

function duration(groups: Record<string, string | undefined>): string | undefined {
  const count = Number(groups.digits ?? NUMBERS[(groups.count ?? '').toLowerCase()] ?? groups.count)
  const unit = UNITS.find(([, pattern]) => pattern.test(groups.unit ?? ''))?.[0]
  return unit && Number.isFinite(count) && count > 0 ? `${count} ${unit}${count === 1 ? '' : 's'}` : undefined
}

function durations(text: string, patterns: [number, RegExp][]): Found[] {
  return patterns.flatMap(([score, pattern]) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const groups = match.groups ?? {}
      const normalized = duration(groups)
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

function partiesField(reading: Reading, whole: WholeText): Field[] {
  const parties = findParties(whole)
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
export function readContract(reading: Reading): Field[] {
  const whole = wholeText(reading.document.pages)
  const terms = durations(whole.text, TERM_CUES).sort((a, b) => b.score - a.score || a.start - b.start)
  const notices = durations(
    whole.text,
    NOTICE.map((pattern) => [0.85, pattern]),
  )
  const value = findKnown(reading.lines, 'contractValue', reading).find((candidate) => candidate.currency !== undefined)
  return [
    ...partiesField(reading, whole),
    ...found(reading, whole, 'effectiveDate', effectiveDate(whole.text, reading)),
    ...found(reading, whole, 'term', terms[0]),
    ...found(reading, whole, 'governingLaw', governingLaw(whole.text)),
    ...(value ? [fieldOf(reading, 'contractValue', value)] : []),
    ...found(reading, whole, 'noticePeriod', notices[0]),
  ]
}
