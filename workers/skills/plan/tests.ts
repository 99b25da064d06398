import { absences } from './absences'
import { numbers } from './amounts'
import { allClassesIn } from './documents'
import { currencies, equalities, ISSUER, languages, senders, unsure } from './equalities'
import type { NamedField } from './fields'
import type { Flag, Opinion } from './findings'
import { classes, flags, opinions } from './kinds'
import type { Operator } from './numbers'
import { blank } from './triggers'

/** One thing that is so or not so about a document or a run. */
export type Test =
  | { kind: 'number'; field: NamedField; operator: Operator; value: number; currency?: string }
  | { kind: 'judged'; by: 'confidence' | 'score'; operator: Operator; value: number; isAssumed?: true }
  | { kind: 'pages'; operator: Operator; value: number }
  | { kind: 'line'; operator: Operator; value: number }
  | { kind: 'class'; name: string }
  | { kind: 'sentiment'; name: Opinion }
  | { kind: 'absent'; field: NamedField }
  | { kind: 'text'; field: NamedField; value: string }
  | { kind: 'language'; code: string }
  | { kind: 'sender'; value: string }
  | { kind: 'flag'; flag: Flag }

/** Where a test stands in a text, from its subject on. */
export interface TestPlace {
  test: Test
  start: number
  end: number
  /** Of the words between, what is understood; absent: all. */
  known?: { start: number; end: number }[]
  /** The words state the opposite of the test. */
  turned?: true
  /** Joined to the test before by "or". */
  or?: true
}

/** What the goal has spoken of before the words at hand. */
export interface Mentioned {
  /** The numeric field that was named last. */
  number: NamedField | undefined
  /** The class that was named last. */
  documentClass: string | undefined
  /** The last thing that was checked for. */
  flag: Flag | undefined
  /** Names of the tenant's own classes. */
  labels: readonly string[]
  /** Fields of the goal that no class knows. */
  custom: readonly NamedField[]
  /** Each line item is looked at by itself. */
  ofLine: boolean
}

/** The tests that a text states, in order. Only a text that asks (`if`, `when`, `for`, …) states more than comparisons and currencies. */
export function testsIn(text: string, asks: boolean, mentioned: Mentioned): TestPlace[] {
  const found: TestPlace[] = []
  let rest = text
  const take = (places: TestPlace[]) => {
    for (const place of places) {
      found.push(place)
      rest = blank(rest, place.start, place.end)
    }
  }
  take(numbers(rest, mentioned))
  take(currencies(rest))
  if (!asks)
    take(
      equalities(rest, mentioned).filter(
        ({ start, test }) => test.kind === 'text' && test.field === ISSUER && endsWithClass(rest.slice(0, start)),
      ),
    )
  if (!asks) take(absences(rest, mentioned).filter(({ start }) => WITHOUT.test(rest.slice(start)) && endsWithClass(rest.slice(0, start))))
  if (!asks) take(opinions(rest).filter(({ start }) => OF_EACH.test(rest.slice(0, start))))
  if (asks) {
    take(senders(rest))
    take(absences(rest, mentioned))
    take(unsure(rest))
    take(languages(rest))
    take(equalities(rest, mentioned))
    take(flags(rest, mentioned))
    take(opinions(rest))
    take(classes(rest, mentioned))
  }
  return found.sort((a, b) => a.start - b.start)
}

/** "for each negative review" tests what "a positive answer" does not. */
const WITHOUT = /^(?:without|ohne|lacking|mit fehlende|with missing|missing|fehlende)/iu
const endsWithClass = (text: string): boolean => {
  const last = allClassesIn(text).findLast(({ isOwn }) => !isOwn)
  return last !== undefined && text.slice(last.start + last.words.length).trim() === ''
}
const OF_EACH = /(?<![\p{L}])(?:each|every|for|all|only|jede\p{L}*|alle[rn]?|nur|bei)\s+$/iu
