import { type DateOrder, type FoundDate, findDates } from '../text/dates'
import type { LegalPlace } from './contract-law'

const BEFORE_CHARS = 60
/** What makes a date the first day; nothing but a few words may stand between. */
const BEGINS =
  /(?:\b(?:starts?|begins?|commenc\p{L}+|start date|commencement date|with effect from|takes? effect|effective(?: date)?|(?<!notice )from)|beginnt|beginn|mietbeginn|vertragsbeginn|startet|in kraft tritt|tritt|mit wirkung (?:vom|zum|ab)|ab dem|ab)\s*[:\s]*(?:(?:on|as of|the|am|zum|ab|dem|vom)\s+)*$/iu
const ENDS =
  /(?:\b(?:ends?|expires?|terminates?|ending|end date|expiry date|until|through|up to)|endet|vertragsende|mietende|läuft bis|befristet bis|bis)\s*[:\s]*(?:(?:on|and including|the|am|zum|einschließlich|mit|ablauf|des)\s+)*$/iu
/** Days of single acts: payments and answers are due by then, the contract goes on. */
const OTHER_ACT = /\b(?:pay|paid|payable|invoice|deliver|accept|repl)\p{L}*\b|zahl|überweis|rechnung|liefer|abnahme|antwort|erfolgt/iu

const sentenceBefore = (text: string, at: number): string =>
  text
    .slice(Math.max(0, at - 160), at)
    .split(/(?<=[\p{L})]|\d{3})[.;]\s/u)
    .at(-1) ?? ''

function dateAfter(text: string, dates: FoundDate[], cue: RegExp): LegalPlace | undefined {
  const found = dates.find(
    ({ start }) => cue.test(text.slice(Math.max(0, start - BEFORE_CHARS), start)) && !OTHER_ACT.test(sentenceBefore(text, start)),
  )
  return found && { start: found.start, end: found.end, normalized: found.iso, score: 0.82 }
}

/** The first and the last day of a contract, where it names them; nothing is reckoned from its term. */
export function termDates(text: string, order: DateOrder): { startDate?: LegalPlace; endDate?: LegalPlace } {
  const dates = findDates(text, order)
  const startDate = dateAfter(text, dates, BEGINS)
  const endDate = dateAfter(text, dates, ENDS)
  return { ...(startDate && { startDate }), ...(endDate && { endDate }) }
}

const RENEWAL =
  /\b(?:renews?\s+(?:itself\s+)?automatically|automatic(?:ally)?\s+(?:renew|extend|extension|prolong)\p{L}*|(?:shall|will)\s+(?:be\s+)?(?:tacitly\s+)?renew(?:ed)?\b)|verlängert\s+sich|automatische\s+verlängerung|stillschweigende?\s+verlängerung|tacite\s+reconduction/giu
const DENIED = /(?:\b(?:not|no|never|without)|nicht|keine?|ohne)(?![\p{L}])/iu

/** Whether a contract goes on by itself after its term; undefined where it says nothing of it. */
export function renewal(text: string): (Omit<LegalPlace, 'normalized'> & { normalized: boolean }) | undefined {
  const [match] = text.matchAll(RENEWAL)
  if (!match) return undefined
  const end = match.index + match[0].length
  const before =
    text
      .slice(Math.max(0, match.index - 40), match.index)
      .split(/[.;]\s/)
      .at(-1) ?? ''
  const after = text.slice(end, end + 30).split(/[.;,]|\b(?:unless|if|wenn|sofern|es sei)/)[0] ?? ''
  return { start: match.index, end, normalized: !DENIED.test(before) && !DENIED.test(after), score: 0.82 }
}
