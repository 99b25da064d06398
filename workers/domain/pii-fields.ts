import { type Opened, type SealedFields, sealAgain, sealLeaves } from './sealed-fields'

/** A JSON Schema keyword: `"x-pii": true` says that values of this place are personal data. */
const KEYWORD = 'x-pii'
/** Nesting of schemas and of references; a schema that refers to itself ends here. */
const MAX_DEPTH = 50

type Schema = Record<string, unknown>
const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a place anywhere in the schema is marked. */
export function marksPii(schema: unknown, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false
  if (Array.isArray(schema)) return schema.some((part) => marksPii(part, depth + 1))
  if (!isObject(schema)) return false
  return schema[KEYWORD] === true || Object.values(schema).some((part) => marksPii(part, depth + 1))
}

/** A value with the places sealed that its schema marks. */
export async function sealMarked<T>(schema: unknown, value: T, fields: SealedFields): Promise<T>
export async function sealMarked(schema: unknown, value: unknown, fields: SealedFields): Promise<unknown> {
  const marked: unknown[] = []
  replaceMarked(schema, value, (found) => {
    marked.push(found)
    return found
  })
  if (marked.length === 0) return value
  const { value: sealed } = await sealLeaves(marked, fields)
  // The same places come in the same order.
  return replaceMarked(schema, value, () => sealed.shift())
}

/** Names of the fields that the schema of an extraction marks, in themselves or anywhere within. */
const markedFields = (schema: unknown): Set<string> =>
  new Set(
    isObject(schema) && isObject(schema.properties)
      ? Object.entries(schema.properties).flatMap(([name, property]) => (marksPii(property) ? [name] : []))
      : [],
  )

/**
 * The output of an extraction with the fields sealed that its schema marks: values, what stands in the document, and both wherever the
 * rest of the output repeats them.
 */
export async function sealExtraction(schema: unknown, output: unknown, fields: SealedFields): Promise<{ output: unknown; sealed: Opened }> {
  const names = markedFields(schema)
  const found = isObject(output) && Array.isArray(output.fields) ? output.fields.filter(isObject) : []
  const marked = found.filter(({ name }) => typeof name === 'string' && names.has(name))
  const { sealed } = await sealLeaves(
    marked.map(({ value, normalized, span, spans }) => [value, normalized, quotesOf(span), quotesOf(spans)]),
    fields,
  )
  const seals = new Map([...sealed].map(([token, plain]) => [plain, token]))
  const hide = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hide)
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hide(member)]))
    return (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? seals.get(value) : undefined) ?? value
  }
  const replaced = new Map(marked.map((field) => [field, { ...field, value: hide(field.value), normalized: hide(field.normalized) }]))
  if (!isObject(output) || !Array.isArray(output.fields) || marked.length === 0) return { output, sealed }
  const whole = { ...output, fields: output.fields.map((field: unknown) => (isObject(field) ? (replaced.get(field) ?? field) : field)) }
  return { output: sealAgain(whole, sealed), sealed }
}

/** The texts of the places at which a value stands. */
function quotesOf(place: unknown): unknown {
  if (Array.isArray(place)) return place.map(quotesOf)
  return isObject(place) ? (place.quote ?? null) : null
}

interface Walk {
  root: unknown
  onMarked(value: unknown): unknown
}

function replaceMarked(schema: unknown, value: unknown, onMarked: (value: unknown) => unknown): unknown {
  return replace({ root: schema, onMarked }, schema, value, 0)
}

function replace(walk: Walk, schema: unknown, value: unknown, depth: number): unknown {
  if (!isObject(schema) || depth > MAX_DEPTH || value === undefined) return value
  if (schema[KEYWORD] === true) return walk.onMarked(value)
  let result = replaceWithin(walk, schema, value, depth)
  for (const part of partsOf(walk.root, schema)) result = replace(walk, part, result, depth + 1)
  return result
}

function replaceWithin(walk: Walk, schema: Schema, value: unknown, depth: number): unknown {
  if (isObject(value)) return replaceMembers(walk, schema, value, depth)
  if (!Array.isArray(value)) return value
  const first: unknown[] = Array.isArray(schema.prefixItems) ? schema.prefixItems : []
  return value.map((item: unknown, at) => replace(walk, first[at] ?? schema.items, item, depth + 1))
}

function replaceMembers(walk: Walk, schema: Schema, value: Schema, depth: number): Schema {
  const properties = isObject(schema.properties) ? schema.properties : {}
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      replace(walk, Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties, member, depth + 1),
    ]),
  )
}

/** Further schemas that speak about the same value; whether it fits them does not matter for what they mark. */
function partsOf(root: unknown, schema: Schema): unknown[] {
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((name): unknown[] => (Array.isArray(schema[name]) ? schema[name] : []))
  return [...lists, schema.then, schema.else, ...(typeof schema.$ref === 'string' ? [resolve(root, schema.$ref)] : [])]
}

/** `#/$defs/person` within the root. */
function resolve(root: unknown, reference: string): unknown {
  let found = root
  for (const part of reference.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~')
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined
  }
  return reference.startsWith('#') ? found : undefined
}
