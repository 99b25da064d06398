import type { Json } from '../../domain/json'
import { findDates } from '../text/dates'
import { spanOf } from '../text/lines'
import { type WholeText, wholeText } from '../text/whole'
import { renewal, termDates } from './contract-dates'
import { governingLaw, jurisdiction, type LegalPlace } from './contract-law'
import { noticePeriod } from './contract-notice'
import { findParties } from './contract-parties'
import { isRole, sameRole } from './contract-roles'
import { findTerm } from './contract-term'
import { type Candidate, findKnown } from './labelled'
import { wordsOf } from './property-labels'
import type { Weights } from './ranker'
import { fieldOf, type Reading } from './reading'
import type { Field, FieldProperty, ScalarProperty } from './schema'

const EFFECTIVE =
  /(?:dated?(?: and effective)?(?: as of)?|effective(?: as of| date| on)?|as of|entered into(?: on| as of| this)?|made(?: and entered into)?(?: this| on| as of)?|executed|commenc\p{L}+|this|vom|datum|mit wirkung (?:vom|ab)|beginnt (?:am|zum)|tritt (?:am|zum)|ab dem|vertragsbeginn|mietbeginn|starts? on|begins? on|en date du|fait à .{0,30} le|con fecha(?: de)?|in data|op datum)[\s:,(“"”)]*(?:the )?$/iu

/** What was learned of contracts and can be learned anew; absent: what ships with the product. */
export interface ContractWeights {
  parties?: Weights
  term?: Weights
}

/** The date that the opening words make the contract's own; only the beginning and, weakly, the end are looked at. */
function effectiveDate(text: string, reading: Reading, endDate: LegalPlace | undefined): LegalPlace | undefined {
  const dates = findDates(text.slice(0, 4_000), reading.order)
  const cued = dates.find((date) => EFFECTIVE.test(text.slice(Math.max(0, date.start - 60), date.start)))
  const chosen = cued ?? dates.find((date) => date.start < 2_000 && date.start !== endDate?.start)
  return chosen && { start: chosen.start, end: chosen.end, normalized: chosen.iso, score: cued ? 0.85 : 0.5 }
}

interface Place extends Omit<LegalPlace, 'normalized'> {
  normalized: string | boolean
}

function found(reading: Reading, whole: WholeText, name: string, place: Place | undefined): Field[] {
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

/** The names that a caller's property has for a side: its own, its title and the words of its description that name one. */
function rolesOf(name: string, property: ScalarProperty): string[] {
  const given = [wordsOf(name), property.title ?? '', ...(property['x-labels'] ?? [])].map((label) =>
    label.replace(/\bname\b/giu, '').trim(),
  )
  return [...given, ...(property.description ?? '').split(/[^\p{L}-]+/u).filter(isRole)].filter((role) => role !== '')
}

/** The side of a contract that a property of the caller's schema asks for: `landlord`, `Auftragnehmerin`. */
export function readSide(reading: Reading, name: string, property: ScalarProperty): Field | undefined {
  const roles = rolesOf(name, property)
  const whole = wholeText(reading.document.pages)
  const side = findParties(whole).find(({ role }) => role !== undefined && roles.some((wanted) => sameRole(wanted, role)))
  if (!side) return undefined
  const place: Candidate = { ...whole.rangeAt(side.start, side.end), normalized: side.name, score: side.score, line: 0 }
  return fieldOf(reading, name, place, 'pattern')
}

const NAME_WORD = /name|party|company|partei|firma/iu
const ROLE_WORDS = /role|rolle|side|capacity|funktion/iu

/** The sides of a contract as the objects that a schema wants: their names, and what the contract calls them. */
export function readSides(reading: Reading, parties: Field, { items }: FieldProperty): Field | undefined {
  const names = Object.keys(items?.properties ?? {})
  const sides = findParties(wholeText(reading.document.pages)).map(({ name, role }) =>
    Object.fromEntries(
      names.flatMap((property): [string, Json][] => {
        if (ROLE_WORDS.test(property)) return role === undefined ? [] : [[property, role]]
        return NAME_WORD.test(property) ? [[property, name]] : []
      }),
    ),
  )
  return sides.every((side) => Object.keys(side).length > 0) ? { ...parties, normalized: sides } : undefined
}

/** What is paid again and again is not what a contract is worth. */
const RECURRING =
  /\b(?:per|each|every|a)\s+(?:calendar\s+)?(?:month|year|annum|quarter|week|day|hour)\b|\b(?:monthly|annual(?:ly)?|yearly|quarterly|weekly|daily|hourly)\b|\b(?:pro|je|jeden?)\s+(?:angefangene[rn]?\s+)?(?:kalender)?(?:monat|jahr|quartal|woche|tag|stunde)|monatlich|jährlich|vierteljährlich|wöchentlich|täglich|stündlich|(?:stunden|tages)satz|p\.\s?[am]\.|\/\s?(?:month|year|hour|h\b|monat|jahr|std|tag)|mensuel|annuel|mensual|anual|mensile|annuo/iu
const AROUND_CHARS = 80

function isRecurring({ document }: Reading, { page, start, end }: Candidate): boolean {
  const text = (document.pages.find(({ number }) => number === page)?.text ?? '').slice(
    Math.max(0, start - AROUND_CHARS),
    end + AROUND_CHARS,
  )
  const at = Math.min(start, AROUND_CHARS)
  const before =
    text
      .slice(0, at)
      .split(/[.;]\s|\s{2,}/)
      .at(-1) ?? ''
  const after = text.slice(at + end - start).split(/[.;,]\s|\s{2,}/)[0] ?? ''
  return RECURRING.test(before) || RECURRING.test(after)
}

function contractValue(reading: Reading): Field[] {
  const found = findKnown(reading.lines, 'contractValue', reading)
  const value = found.find((candidate) => candidate.currency !== undefined && !isRecurring(reading, candidate))
  return value ? [fieldOf(reading, 'contractValue', value)] : []
}

/** The fields of a contract, read from its sentences; some only where a schema asks for them. */
export function readContract(reading: Reading, learned: ContractWeights = {}): Field[] {
  const whole = wholeText(reading.document.pages)
  const { startDate, endDate } = termDates(whole.text, reading.order)
  return [
    ...partiesField(reading, whole, learned.parties),
    ...found(reading, whole, 'effectiveDate', effectiveDate(whole.text, reading, endDate)),
    ...found(reading, whole, 'startDate', startDate),
    ...found(reading, whole, 'endDate', endDate),
    ...found(reading, whole, 'term', findTerm(whole.text, learned.term)),
    ...found(reading, whole, 'autoRenewal', renewal(whole.text)),
    ...found(reading, whole, 'governingLaw', governingLaw(whole.text)),
    ...found(reading, whole, 'jurisdiction', jurisdiction(whole.text)),
    ...contractValue(reading),
    ...found(reading, whole, 'noticePeriod', noticePeriod(whole.text)),
  ]
}
