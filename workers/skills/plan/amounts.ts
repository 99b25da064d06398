import { allClassesIn } from './documents'
import { customField, knownFields, type NamedField } from './fields'
import { comparisonsIn } from './numbers'
import type { Mentioned, TestPlace } from './tests'

const CONFIDENCE = /confidence|certain|sure\b|konfidenz|sicherheit|sicher\b/i
const SCORE = /quality|score|qualität/i

/** The comparisons with a number that a text states, and what is compared. */
export function numbers(text: string, mentioned: Mentioned): TestPlace[] {
  let from = 0
  let last: Subject | undefined
  return comparisonsIn(text).map(({ operator, value, currency, ofPages, start, end }) => {
    if (ofPages) return { test: { kind: 'pages', operator, value }, start, end }
    const head = text.slice(Math.min(from, start), start)
    from = end
    // "at least 500 and at most 900": one number is meant.
    const subject: Subject = last && NO_SUBJECT.test(head) ? { ...last, at: head.length, length: 0 } : subjectOf(head, mentioned)
    last = subject
    const begin = start - (head.length - (subject.at ?? head.length))
    const named = begin + (subject.at === undefined ? 0 : (subject.length ?? 0))
    const place = {
      start: begin,
      end,
      known: [
        { start: begin, end: Math.min(start, named) },
        { start, end },
      ],
    }
    if (subject.kind === 'judged') return { ...place, test: { kind: 'judged', by: subject.by, operator, value } }
    if (subject.kind === 'line') return { ...place, test: { kind: 'line', operator, value } }
    return { ...place, test: { kind: 'number', field: subject.field, operator, value, ...(currency && { currency }) } }
  })
}

/** `length`: of the words that name it, from `at` on. */
type Subject = { at?: number; length?: number } & (
  | { kind: 'judged'; by: 'confidence' | 'score' }
  | { kind: 'line' }
  | { kind: 'number'; field: NamedField }
)

const NO_SUBJECT = /^[\s,]*(?:and|but|or|und|aber|oder)?(?: (?:is|are|ist))?\s*$/iu
const TOTAL: NamedField = { name: 'totalGross', words: 'total', isNumber: true, isCustom: false }
const VALUE: NamedField = { name: 'contractValue', words: 'value', isNumber: true, isCustom: false }
const BALANCE: NamedField = { name: 'closingBalance', words: 'balance', isNumber: true, isCustom: false }
/** A noun before a comparison: "the damage amount is", "liegt der Gehaltswunsch". */
const NOUN =
  /(?:^|[^\p{L}])(?:the|der|die|das|dem|den|its|their|if|when|wenn|falls|ist|liegt|with an?|mit einer?)\s+(?<noun>(?!(?:the|der|die|das|it|es|sie|er|total|amount|one|this|that|ist|is|liegt|value|price)(?![\p{L}]))[\p{L}-]+(?: (?!(?:is|are|ist|liegt|of|von|mit|with|exceeds?|übersteigt|goes|be)(?![\p{L}]))[\p{L}-]+){0,2})\s*(?:is|are|ist|liegt|beträgt|exceeds?|goes|lies)?\s*$/iu

function subjectOf(head: string, mentioned: Mentioned): Subject {
  const confidence = CONFIDENCE.exec(head)
  if (confidence) return { kind: 'judged', by: 'confidence', at: confidence.index, length: confidence[0].length }
  const score = SCORE.exec(head)
  if (score) return { kind: 'judged', by: 'score', at: score.index, length: score[0].length }
  const own = mentioned.custom.findLast(({ words }) => head.toLowerCase().includes(words.toLowerCase()))
  if (own)
    return {
      kind: 'number',
      field: { ...own, isNumber: true },
      at: head.toLowerCase().lastIndexOf(own.words.toLowerCase()),
      length: own.words.length,
    }
  const known = knownFields(head).findLast(({ field }) => field.isNumber)
  if (known) return { kind: 'number', field: known.field, at: known.start, length: known.end - known.start }
  const noun = NOUN.exec(head)
  const named = noun?.groups?.noun
  if (noun && named !== undefined && allClassesIn(named).length === 0) {
    const field = customField(named, true)
    if (field) return { kind: 'number', field, at: noun.index + noun[0].indexOf(named), length: named.length }
  }
  if (mentioned.ofLine) return { kind: 'line' }
  const ofClass = allClassesIn(head).at(-1)?.name
  if (ofClass === undefined && mentioned.number) return { kind: 'number', field: mentioned.number }
  const own2 = ofClass ?? mentioned.documentClass
  return { kind: 'number', field: own2 === 'contract' ? VALUE : own2 === 'bank_statement' ? BALANCE : (mentioned.number ?? TOTAL) }
}
