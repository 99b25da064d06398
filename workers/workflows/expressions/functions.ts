import { type Environment, EvaluationError } from '@marcbachmann/cel-js'
import { MAX_LOOP_TURNS, MAX_TEXT_CHARACTERS } from './limits'
import { refillWork, spendDeep, spendWork, WORK_REFUSAL, weightOf } from './work'

/** Turns left for the loops of the evaluation under way. Evaluation is synchronous, so one counter serves all. */
let turnsLeft = MAX_LOOP_TURNS
/** Before each evaluation: turns and work begin anew. */
export const refillTurns = (): void => {
  turnsLeft = MAX_LOOP_TURNS
  refillWork()
}

const DAY_MS = 86_400_000
const TIMESTAMP = 'google.protobuf.Timestamp'

type Handler = (...args: never[]) => unknown

/** What the language offers beside CEL's own functions: all deterministic, none reads a clock or a random source. */
const FUNCTIONS = {
  'each(dyn): list<dyn>': (value: unknown) => spendTurns(listOf(value)),
  // What the language itself then reads whole, and, for comparisons, with all that its members hold.
  'weigh(dyn): dyn': (value: unknown) => value,
  'weighAll(dyn): dyn': (value: unknown) => (spendDeep(value) ? value : fail(WORK_REFUSAL)),
  'split(dyn, string): list<string>': (value: unknown, separator: string) => split(value, separator),
  'split(dyn, string, double): list<string>': (value: unknown, separator: string, most: number) => split(value, separator, most),
  'number(dyn): double': toNumber,
  'lower(dyn): string': (value: unknown) => textOf(value).toLowerCase(),
  'upper(dyn): string': (value: unknown) => textOf(value).toUpperCase(),
  'trim(dyn): string': (value: unknown) => textOf(value).trim(),
  'contains(dyn, dyn): bool': (value: unknown, part: unknown) =>
    Array.isArray(value) ? value.includes(part) : textOf(value).includes(textOf(part)),
  'startsWith(dyn, string): bool': (value: unknown, start: string) => textOf(value).startsWith(start),
  'endsWith(dyn, string): bool': (value: unknown, end: string) => textOf(value).endsWith(end),
  'replace(dyn, string, string): string': (value: unknown, from: string, to: string) => capped(textOf(value).split(from), to),
  'join(dyn): string': (value: unknown) => capped(listOf(value).map(textOf), ''),
  'join(dyn, string): string': (value: unknown, separator: string) => capped(listOf(value).map(textOf), separator),
  'first(dyn): dyn': (value: unknown) => listOf(value).at(0) ?? null,
  'last(dyn): dyn': (value: unknown) => listOf(value).at(-1) ?? null,
  'keys(dyn): list<string>': keys,
  'flatten(dyn): list<dyn>': flatten,
  'abs(dyn): double': (value: unknown) => Math.abs(toNumber(value)),
  'round(dyn): double': (value: unknown) => round(toNumber(value), 0),
  'round(dyn, double): double': (value: unknown, digits: number) => round(toNumber(value), digits),
  'sum(dyn): double': (value: unknown) => numbersOf(value).reduce((total, n) => total + n, 0),
  'min(dyn): double': (value: unknown) => extreme(value, Math.min),
  'max(dyn): double': (value: unknown) => extreme(value, Math.max),
  [`date(string): ${TIMESTAMP}`]: toDate,
  [`days(${TIMESTAMP}, ${TIMESTAMP}): double`]: (from: Date, to: Date) => (to.getTime() - from.getTime()) / DAY_MS,
  [`addDays(${TIMESTAMP}, double): ${TIMESTAMP}`]: (from: Date, days: number) =>
    toDate(new Date(from.getTime() + days * DAY_MS).toISOString()),
  [`string(${TIMESTAMP}): string`]: (value: Date) => value.toISOString(),
  [`timestamp(double): ${TIMESTAMP}`]: (seconds: number) => toDate(new Date(seconds * 1000).toISOString()),
  'string.substring(double): string': (text: string, start: number) => text.slice(Math.max(0, start)),
  'string.substring(double, double): string': (text: string, start: number, end: number) =>
    text.slice(Math.max(0, start), Math.max(0, end)),
} as const satisfies Record<string, Handler>

interface Runner {
  run(node: unknown, context: unknown): unknown
}
interface Checker {
  check(node: unknown, context: unknown): unknown
  getType(name: string): unknown
}
interface DefaultCall {
  args: readonly [unknown, unknown]
}

/** Adds the functions above, `at(value)`, `default(value, instead)`, what `has(value)` is rewritten to, and `%` to an environment. */
export function registerFunctions(env: Environment): Environment {
  for (const [signature, handler] of Object.entries<Handler>(FUNCTIONS)) env.registerFunction(signature, weighed(handler), { async: false })
  env.registerFunction('at(dyn): dyn', withMembers, { async: false })
  env.registerFunction('default(ast, ast): dyn', defaultMacro, { async: false })
  env.registerFunction('present(ast): bool', presentMacro, { async: false })
  return env.registerOperator('double % double', (a: number, b: number) => a % b)
}

/** `default(value, instead)`: `instead` when a part of `value` is missing or null. A macro, because a missing field is an error. */
function defaultMacro({ args }: DefaultCall) {
  return {
    args,
    async: false,
    typeCheck(checker: Checker, call: DefaultCall, context: unknown): unknown {
      for (const arg of call.args) checker.check(arg, context)
      return checker.getType('dyn')
    },
    evaluate(runner: Runner, call: DefaultCall, context: unknown): unknown {
      return presentValue(runner, call.args[0], context) ?? runner.run(call.args[1], context)
    },
  }
}

/** CEL's own has() fails when an earlier part of the path is missing; a path through a step that did not run is simply absent. */
function presentMacro({ args }: { args: readonly [unknown] }) {
  return {
    args,
    async: false,
    typeCheck(checker: Checker, call: { args: readonly [unknown] }, context: unknown): unknown {
      checker.check(call.args[0], context)
      return checker.getType('bool')
    },
    evaluate: (runner: Runner, call: { args: readonly [unknown] }, context: unknown): boolean =>
      presentValue(runner, call.args[0], context) !== undefined,
  }
}

function presentValue(runner: Runner, node: unknown, context: unknown): unknown {
  try {
    return runner.run(node, context)
  } catch (error) {
    if (error instanceof EvaluationError && (error.code === 'no_such_key' || error.code === 'index_out_of_bounds')) return undefined
    throw error
  }
}

/** What may be asked for a member: JSON and its lists. Of dates and durations the language would give what their prototypes hold. */
function withMembers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Map) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype ? value : fail('a date or duration has no members; use its methods')
}

/** A function pays for its arguments before it reads them. */
const weighed =
  (handler: Handler): Handler =>
  (...args) =>
    spendWork(args.reduce((total, arg) => total + weightOf(arg), 0)) ? handler(...args) : fail(WORK_REFUSAL)

/** Each key is a text of its own, so a list pays by the item. */
function keys(value: unknown): unknown[] {
  if (!Array.isArray(value)) return listOf(value)
  return spendWork(value.length) ? value.map((_, at) => String(at)) : fail(WORK_REFUSAL)
}

function split(value: unknown, separator: string, most?: number): string[] {
  const parts = textOf(value).split(separator, most === undefined ? undefined : Math.max(0, Math.trunc(most)))
  return spendWork(weightOf(parts)) ? parts : fail(WORK_REFUSAL)
}

/** Counted before it is made: a list of many references is short, what it flattens to is not. */
function flatten(value: unknown): unknown[] {
  const lists = listOf(value)
  const length = lists.reduce((total: number, item) => total + (Array.isArray(item) ? item.length : 1), 0)
  takeTurns(length)
  return spendWork(length) ? lists.flat() : fail(WORK_REFUSAL)
}

const fail = (message: string): never => {
  throw new EvaluationError({ code: 'function', message })
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (value instanceof Map) return [...value.keys()]
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) return Object.keys(value)
  return fail(`a list is needed here, not ${describe(value)}`)
}

function spendTurns(list: unknown[]): unknown[] {
  takeTurns(list.length)
  return list
}

function takeTurns(turns: number): void {
  turnsLeft -= turns
  if (turnsLeft < 0) fail(`loops of one expression may take ${MAX_LOOP_TURNS} turns; use a forEach step`)
}

function toNumber(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : typeof value === 'bigint' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : fail(`${describe(value)} is not a number`)
}

const numbersOf = (value: unknown): number[] => listOf(value).map(toNumber)

function extreme(value: unknown, pick: (a: number, b: number) => number): number {
  const numbers = numbersOf(value)
  return numbers.length === 0
    ? fail('an empty list has no least or greatest number; use default(…) or test size(…) first')
    : numbers.reduce((a, b) => pick(a, b))
}

function round(value: number, digits: number): number {
  const factor = 10 ** Math.min(12, Math.max(0, Math.trunc(digits)))
  return Math.round((value + Number.EPSILON * Math.sign(value)) * factor) / factor
}

function toDate(text: string): Date {
  const date = /^\d{4}-\d{2}-\d{2}($|T)/.test(text) ? new Date(text) : new Date(Number.NaN)
  return Number.isNaN(date.getTime()) ? fail(`'${text}' is not a date; write it as 2026-01-31 or 2026-01-31T09:30:00Z`) : date
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return value instanceof Date ? value.toISOString() : fail(`a text is needed here, not ${describe(value)}`)
}

/** Joins texts after checking the length, because the joined text of many references would fill the memory. */
function capped(parts: string[], separator: string): string {
  const length = parts.reduce((total, part) => total + part.length + separator.length, 0)
  return length <= MAX_TEXT_CHARACTERS ? parts.join(separator) : fail(`the joined text is longer than ${MAX_TEXT_CHARACTERS / 1024} KB`)
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `'${String(value).slice(0, 40)}'`
}
