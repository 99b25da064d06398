import { AppError } from '../../domain/error'
import type { Keyword } from './keywords'
import { numberOf, patternOf } from './scalars'

type Members = Record<string, unknown>
const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

export const OBJECT_KEYWORDS: Readonly<Record<string, Keyword>> = {
  required({ argument, value, path, problems }) {
    if (!isObject(value) || !Array.isArray(argument)) return
    for (const name of argument)
      if (!Object.hasOwn(value, String(name))) problems.push({ path: at(path, String(name)), message: 'is missing' })
  },
  properties(site) {
    const schemas = membersOf(site.argument, 'properties')
    if (!isObject(site.value)) return
    for (const [name, schema] of Object.entries(schemas))
      if (Object.hasOwn(site.value, name)) site.check(schema, site.value[name], at(site.path, name))
  },
  patternProperties(site) {
    const schemas = Object.entries(membersOf(site.argument, 'patternProperties')).map(([pattern, schema]) => ({
      matches: patternOf(pattern),
      schema,
    }))
    if (!isObject(site.value)) return
    for (const [name, member] of Object.entries(site.value)) {
      for (const { matches, schema } of schemas) if (matches(name)) site.check(schema, member, at(site.path, name))
    }
  },
  additionalProperties(site) {
    if (!isObject(site.value)) return
    const known = isObject(site.schema.properties) ? site.schema.properties : {}
    const patterns = isObject(site.schema.patternProperties) ? Object.keys(site.schema.patternProperties).map(patternOf) : []
    for (const [name, member] of Object.entries(site.value)) {
      if (Object.hasOwn(known, name) || patterns.some((matches) => matches(name))) continue
      if (site.argument === false) site.problems.push({ path: at(site.path, name), message: `is not known; ${knownNames(known)}` })
      else site.check(site.argument, member, at(site.path, name))
    }
  },
  propertyNames(site) {
    if (isObject(site.value)) for (const name of Object.keys(site.value)) site.check(site.argument, name, at(site.path, name))
  },
  minProperties: count('minProperties', (size, limit) => size >= limit, 'at least'),
  maxProperties: count('maxProperties', (size, limit) => size <= limit, 'at most'),
  dependencies: depends,
  dependentRequired: depends,
  dependentSchemas: depends,
}

/** `{a: [b]}`: b must be there beside a; `{a: schema}`: the whole must fit the schema when a is there. */
function depends(site: Parameters<Keyword>[0]): void {
  if (!isObject(site.value) || !isObject(site.argument)) return
  for (const [name, needed] of Object.entries(site.argument)) {
    if (!Object.hasOwn(site.value, name)) continue
    if (!Array.isArray(needed)) site.check(needed, site.value, site.path)
    else
      for (const other of needed)
        if (!Object.hasOwn(site.value, String(other)))
          site.problems.push({ path: at(site.path, String(other)), message: `is missing; it is needed beside '${name}'` })
  }
}

const at = (path: string, name: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? (path === '' ? name : `${path}.${name}`) : `${path}[${JSON.stringify(name)}]`

const knownNames = (known: Members): string =>
  Object.keys(known).length === 0 ? 'leave it out' : `use ${Object.keys(known).slice(0, 20).join(', ')}`

function membersOf(argument: unknown, keyword: string): Members {
  if (isObject(argument)) return argument
  throw new AppError('invalid', `'${keyword}' in a schema must be an object.`)
}

function count(name: string, allowed: (size: number, limit: number) => boolean, words: string): Keyword {
  return ({ argument, value, path, problems }) => {
    const limit = numberOf(argument, name)
    if (isObject(value) && !allowed(Object.keys(value).length, limit))
      problems.push({ path, message: `must have ${words} ${limit} members` })
  }
}
