import { AppError } from '../../domain/error'
import type { Json } from '../../domain/json'

export const MAX_EXPRESSION_CHARACTERS = 4 * 1024
/** One text that a template makes. */
export const MAX_TEXT_CHARACTERS = 256 * 1024
/** A template's result as JSON text: it is kept in a row of at most 2 MB. Larger things travel as document ids. */
export const MAX_OUTPUT_CHARACTERS = 1024 * 1024
export const MAX_DEPTH = 64
/** Loop turns of one expression. 200,000 take some tens of milliseconds; a loop in a loop over 10,000 items is refused. */
export const MAX_LOOP_TURNS = 200_000

/** A refusal of an expression or template, with the text that failed. */
export const badExpression = (text: string, problem: string, cause?: unknown): AppError =>
  new AppError('invalid', `In '${shortened(text, MAX_QUOTED_CHARACTERS)}': ${shortened(problem, MAX_PROBLEM_CHARACTERS)}`, {
    reason: 'expression',
    ...(cause !== undefined && { cause }),
  })

const MAX_QUOTED_CHARACTERS = 120
/** A problem may repeat a key, and a key is as long as whoever sent it likes. */
const MAX_PROBLEM_CHARACTERS = 500

const shortened = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 3)}…` : text)

/** What an expression gave, as JSON. Dates become ISO 8601 text; what JSON cannot hold is refused, as is too much or too deep. */
export function toJson(value: unknown, text: string): Json {
  const budget = { left: MAX_OUTPUT_CHARACTERS }
  return convert(value, 0, text, budget)
}

/** Refuses a JSON value that is larger than a template may give. */
export function assertSize(value: Json, text: string): void {
  convert(value, 0, text, { left: MAX_OUTPUT_CHARACTERS })
}

function convert(value: unknown, depth: number, text: string, budget: { left: number }): Json {
  if (depth > MAX_DEPTH) throw badExpression(text, `the result is nested deeper than ${MAX_DEPTH} levels; take a part of it`)
  if (value === null || typeof value === 'boolean') return spend(value, 5, text, budget)
  if (typeof value === 'string') return spend(value, value.length + 2, text, budget)
  if (typeof value === 'bigint' || typeof value === 'number') return finite(Number(value), text, budget)
  if (value instanceof Date) return spend(value.toISOString(), 26, text, budget)
  if (Array.isArray(value)) return value.map((item) => convert(item, depth + 1, text, spend(budget, 1, text, budget)))
  const entries = membersOf(value)
  if (!entries) throw badExpression(text, 'the result is not a JSON value; turn it into text with string(…)')
  const members = entries.map(
    ([key, member]) => [key, convert(member, depth + 1, text, spend(budget, key.length + 4, text, budget))] as const,
  )
  return Object.fromEntries(members)
}

function membersOf(value: unknown): [string, unknown][] | undefined {
  if (value instanceof Map) return [...value].map(([key, member]) => [String(key), member])
  if (typeof value !== 'object' || value === null) return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
    ? Object.entries(value).filter(([, member]) => member !== undefined)
    : undefined
}

function finite(value: number, text: string, budget: { left: number }): number {
  if (!Number.isFinite(value))
    throw badExpression(text, 'the result is not a finite number; guard the division, for example `n == 0 ? 0 : x / n`')
  return spend(value, 8, text, budget)
}

function spend<T>(value: T, characters: number, text: string, budget: { left: number }): T {
  budget.left -= characters
  if (budget.left >= 0) return value
  throw badExpression(text, `the result is larger than ${MAX_OUTPUT_CHARACTERS / 1024 / 1024} MB; take a part of it or pass a document id`)
}
