import type { Problem } from '../../domain/error'
import { canonicalJson } from '../../domain/json'
import type { Keyword, Site } from './keywords'
import { numberOf } from './scalars'

export const ARRAY_KEYWORDS: Readonly<Record<string, Keyword>> = {
  items(site) {
    if (!Array.isArray(site.value)) return
    // Drafts before 2020-12 write a tuple as a list of schemas in `items`, later ones in `prefixItems`.
    if (Array.isArray(site.argument)) return checkTuple(site, site.argument, site.schema.additionalItems)
    const first = Array.isArray(site.schema.prefixItems) ? site.schema.prefixItems.length : 0
    for (const [at, item] of site.value.slice(first).entries()) site.check(site.argument, item, `${site.path}[${first + at}]`)
  },
  prefixItems(site) {
    if (Array.isArray(site.value) && Array.isArray(site.argument)) checkTuple(site, site.argument, undefined)
  },
  minItems: count('minItems', (size, limit) => size >= limit, 'at least'),
  maxItems: count('maxItems', (size, limit) => size <= limit, 'at most'),
  uniqueItems({ argument, value, path, problems }) {
    if (argument !== true || !Array.isArray(value)) return
    if (new Set(value.map(canonicalJson)).size !== value.length) problems.push({ path, message: 'must not hold the same item twice' })
  },
  contains(site) {
    if (!Array.isArray(site.value)) return
    const fitting = site.value.filter((item, at) => fits(site, site.argument, item, `${site.path}[${at}]`)).length
    const least = typeof site.schema.minContains === 'number' ? site.schema.minContains : 1
    const most = typeof site.schema.maxContains === 'number' ? site.schema.maxContains : Number.POSITIVE_INFINITY
    if (fitting < least || fitting > most)
      site.problems.push({ path: site.path, message: `holds ${fitting} items of the wanted form; ${least} to ${most} are needed` })
  },
}

function checkTuple(site: Site, schemas: unknown[], rest: unknown): void {
  if (!Array.isArray(site.value)) return
  site.value.forEach((item, at) => {
    const schema = at < schemas.length ? schemas[at] : rest
    if (schema !== undefined) site.check(schema, item, `${site.path}[${at}]`)
  })
}

function fits(site: Site, schema: unknown, value: unknown, path: string): boolean {
  const problems: Problem[] = []
  site.check(schema, value, path, problems)
  return problems.length === 0
}

function count(name: string, allowed: (size: number, limit: number) => boolean, words: string): Keyword {
  return ({ argument, value, path, problems }) => {
    const limit = numberOf(argument, name)
    if (Array.isArray(value) && !allowed(value.length, limit)) problems.push({ path, message: `must have ${words} ${limit} items` })
  }
}
