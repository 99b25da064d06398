import type { Problem } from '../../domain/error'
import { AppError } from '../../domain/error'
import { canonicalJson } from '../../domain/json'
import { ARRAY_KEYWORDS } from './arrays'
import { OBJECT_KEYWORDS } from './objects'
import { SCALAR_KEYWORDS } from './scalars'

export type Check = (schema: unknown, value: unknown, path: string, depth: number, problems: Problem[]) => void

/** One keyword of one schema, applied to one value. */
export interface Site {
  schema: Record<string, unknown>
  argument: unknown
  value: unknown
  path: string
  problems: Problem[]
  /** Checks an inner schema; into another list where its problems are not (yet) ours. */
  check(schema: unknown, value: unknown, path: string, into?: Problem[]): void
}
export type Keyword = (site: Site) => void

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Refuses a keyword whose argument has the wrong type. */
export function schemasOf(argument: unknown, keyword: string): unknown[] {
  if (Array.isArray(argument)) return argument
  throw new AppError('invalid', `'${keyword}' in a schema must be a list of schemas.`)
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  array: Array.isArray,
  object: isObject,
}

const problemsOf = (site: Site, schema: unknown): Problem[] => {
  const problems: Problem[] = []
  site.check(schema, site.value, site.path, problems)
  return problems
}

/** Every keyword that is checked. The order is that of the problems. */
export const KEYWORDS: Readonly<Record<string, Keyword>> = {
  type({ argument, value, path, problems }) {
    const names = Array.isArray(argument) ? argument : [argument]
    const tests = names.map((name) => TYPES[String(name)] ?? unknownType(name))
    if (!tests.some((test) => test(value))) problems.push({ path, message: `must be ${names.join(' or ')}, not ${nameOf(value)}` })
  },
  enum({ argument, value, path, problems }) {
    const allowed = schemasOf(argument, 'enum')
    if (!allowed.some((one) => canonicalJson(one) === canonicalJson(value)))
      problems.push({ path, message: `must be one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}` })
  },
  const({ argument, value, path, problems }) {
    if (canonicalJson(argument) !== canonicalJson(value)) problems.push({ path, message: `must be ${JSON.stringify(argument)}` })
  },
  ...SCALAR_KEYWORDS,
  ...ARRAY_KEYWORDS,
  ...OBJECT_KEYWORDS,
  allOf(site) {
    for (const schema of schemasOf(site.argument, 'allOf')) site.check(schema, site.value, site.path)
  },
  anyOf(site) {
    const tries = schemasOf(site.argument, 'anyOf').map((schema) => problemsOf(site, schema))
    if (!tries.some((problems) => problems.length === 0))
      site.problems.push({ path: site.path, message: `must fit at least one of the alternatives: ${reasons(tries)}` })
  },
  oneOf(site) {
    const tries = schemasOf(site.argument, 'oneOf').map((schema) => problemsOf(site, schema))
    const fitting = tries.filter((problems) => problems.length === 0).length
    if (fitting !== 1)
      site.problems.push({
        path: site.path,
        message:
          fitting === 0 ? `must fit one of the alternatives: ${reasons(tries)}` : `fits ${fitting} alternatives, but must fit exactly one`,
      })
  },
  not(site) {
    if (problemsOf(site, site.argument).length === 0)
      site.problems.push({ path: site.path, message: 'has a form that is not allowed here' })
  },
  if(site) {
    const taken = problemsOf(site, site.argument).length === 0 ? site.schema.then : site.schema.else
    if (taken !== undefined) site.check(taken, site.value, site.path)
  },
}

function unknownType(name: unknown): never {
  throw new AppError('invalid', `'${String(name)}' is no JSON type; use ${Object.keys(TYPES).join(', ')}.`)
}

const reasons = (tries: Problem[][]): string =>
  tries
    .map((problems) => problems[0]?.message ?? '')
    .filter((message) => message !== '')
    .slice(0, 5)
    .join('; ')

const nameOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : value === undefined ? 'absent' : typeof value
