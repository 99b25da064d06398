import type { Problem } from '../domain/error'
import { AppError } from '../domain/error'
import { type Check, isObject, KEYWORDS } from './json-schema/keywords'

/** Nesting of values and of references: a schema that refers to itself stops here. */
const MAX_DEPTH = 100
/** More problems than this help nobody. */
const MAX_PROBLEMS = 50

/**
 * Where a value does not fit a JSON Schema (drafts 4 to 2020-12; an empty list when it fits). Formats date, date-time, time, email,
 * uri, uuid and ipv4 are checked, others are notes. Throws AppError `invalid` for a schema that cannot be used: a `$ref` that leads
 * out of the schema or nowhere, an unsupported pattern, a keyword of the wrong type.
 */
export function checkAgainstSchema(schema: unknown, value: unknown): Problem[] {
  const problems: Problem[] = []
  checkWith(schema)(schema, value, '', 0, problems)
  return problems.slice(0, MAX_PROBLEMS)
}

/** What is wrong with a schema itself; an empty list when it can be used. References are followed by use, not here. */
export function checkSchema(schema: unknown): Problem[] {
  try {
    // The value fits few keywords, so this finds malformed schemas, not unfitting values.
    for (const probe of [null, '', 0, [null], { '': null }]) checkAgainstSchema(schema, probe)
    return []
  } catch (error) {
    if (error instanceof AppError) return [{ path: '', message: error.message }]
    throw error
  }
}

function checkWith(root: unknown): Check {
  const check: Check = (schema, value, path, depth, problems) => {
    if (depth > MAX_DEPTH) throw new AppError('invalid', `The schema or the value is nested deeper than ${MAX_DEPTH} levels; flatten it.`)
    if (problems.length >= MAX_PROBLEMS || schema === true) return
    if (schema === false) {
      problems.push({ path, message: 'no value is allowed here; leave it out' })
      return
    }
    if (!isObject(schema)) throw new AppError('invalid', `A schema must be an object or true or false, not ${JSON.stringify(schema)}.`)
    if (typeof schema.$ref === 'string') check(resolve(root, schema.$ref), value, path, depth + 1, problems)
    for (const [name, keyword] of Object.entries(KEYWORDS)) {
      if (Object.hasOwn(schema, name))
        keyword({
          schema,
          argument: schema[name],
          value,
          path,
          problems,
          check: (inner, of, at, into = problems) => check(inner, of, at, depth + 1, into),
        })
    }
  }
  return check
}

/** `#/$defs/line` within the root; anything else is refused, because nothing is fetched for a schema. */
function resolve(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#'))
    throw new AppError('invalid', `The schema refers to '${reference}'; only references within the schema ('#/$defs/…') are followed.`)
  let found = root
  for (const part of reference.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~')
    found = Array.isArray(found) ? found[Number(key)] : isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined
  }
  if (found === undefined || (reference !== '#' && !reference.startsWith('#/')))
    throw new AppError('invalid', `The schema has nothing at '${reference}'.`)
  return found
}
