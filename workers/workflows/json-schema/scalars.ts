import { AppError } from '../../domain/error'
import { memoise } from '../expressions/memo'
import { compilePattern } from '../pattern'
import type { Keyword } from './keywords'

/** Patterns of schemas, compiled once. */
export const patternOf = memoise(200, compilePattern)

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDate(`${text}T00:00:00Z`, text),
  'date-time': (text) =>
    /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/.test(text) && isDate(text.toUpperCase(), text),
  time: (text) => /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})?$/.test(text),
  email: (text) => text.length <= 254 && /^[^\s@"<>]{1,64}@[^\s@"<>.]+(\.[^\s@"<>.]+)*$/.test(text),
  uri: (text) => URL.canParse(text),
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  ipv4: (text) => /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/.test(text),
}

export const SCALAR_KEYWORDS: Readonly<Record<string, Keyword>> = {
  minimum: bound('minimum', (value, limit, exclusive) => (exclusive ? value > limit : value >= limit), 'at least', 'exclusiveMinimum'),
  maximum: bound('maximum', (value, limit, exclusive) => (exclusive ? value < limit : value <= limit), 'at most', 'exclusiveMaximum'),
  exclusiveMinimum: strictBound('exclusiveMinimum', (value, limit) => value > limit, 'above'),
  exclusiveMaximum: strictBound('exclusiveMaximum', (value, limit) => value < limit, 'below'),
  multipleOf({ argument, value, path, problems }) {
    const step = numberOf(argument, 'multipleOf')
    if (typeof value !== 'number') return
    const times = value / step
    // 0.3 / 0.1 is 2.9999999999999996: the error of the division is a few units in the last place.
    if (Math.abs(times - Math.round(times)) > Math.abs(times) * 1e-12 || !Number.isFinite(times))
      problems.push({ path, message: `must be a multiple of ${step}` })
  },
  minLength: length('minLength', (size, limit) => size >= limit, 'at least'),
  maxLength: length('maxLength', (size, limit) => size <= limit, 'at most'),
  pattern({ argument, value, path, problems }) {
    if (typeof argument !== 'string') throw new AppError('invalid', "'pattern' in a schema must be a string.")
    const matches = patternOf(argument)
    if (typeof value === 'string' && !matches(value)) problems.push({ path, message: `must match the pattern ${argument}` })
  },
  format({ argument, value, path, problems }) {
    const test = FORMATS[String(argument)]
    if (test && typeof value === 'string' && !test(value)) problems.push({ path, message: `must be a valid ${String(argument)}` })
  },
}

/** Draft 4 writes `exclusiveMinimum: true` beside `minimum`; later drafts give it a number of its own. */
function bound(name: string, fits: (value: number, limit: number, exclusive: boolean) => boolean, words: string, flag: string): Keyword {
  return ({ schema, argument, value, path, problems }) => {
    const limit = numberOf(argument, name)
    const exclusive = schema[flag] === true
    if (typeof value === 'number' && !fits(value, limit, exclusive))
      problems.push({ path, message: `must be ${words} ${limit}${exclusive ? ', excluded' : ''}` })
  }
}

function strictBound(name: string, fits: (value: number, limit: number) => boolean, words: string): Keyword {
  return ({ argument, value, path, problems }) => {
    if (typeof argument === 'boolean') return
    const limit = numberOf(argument, name)
    if (typeof value === 'number' && !fits(value, limit)) problems.push({ path, message: `must be ${words} ${limit}` })
  }
}

function length(name: string, fits: (size: number, limit: number) => boolean, words: string): Keyword {
  return ({ argument, value, path, problems }) => {
    const limit = numberOf(argument, name)
    if (typeof value === 'string' && !fits(Array.from(value).length, limit))
      problems.push({ path, message: `must have ${words} ${limit} characters` })
  }
}

export function numberOf(argument: unknown, keyword: string): number {
  if (typeof argument === 'number') return argument
  throw new AppError('invalid', `'${keyword}' in a schema must be a number.`)
}

/** Refuses 2026-02-31, which Date would take for 3 March. */
function isDate(iso: string, text: string): boolean {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  return !Number.isNaN(Date.parse(iso)) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10))
}
