import { MALFORMED_STRINGS, NAUGHTY_STRINGS } from './naughty-strings.ts'

/** As much of JSON Schema as the API's own document uses. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  pattern?: string
  format?: string
  default?: unknown
  example?: unknown
}
export type Schemas = Record<string, Schema>

/** The same numbers for the same seed, so that a finding can be repeated (mulberry32). */
export class Dice {
  #state: number
  constructor(seed: number) {
    this.#state = seed >>> 0
  }
  /** From 0 to 1, without 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  below(end: number): number {
    return Math.floor(this.next() * end)
  }
  hits(chance: number): boolean {
    return this.next() < chance
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }
}

const FORMATS: Record<string, string> = {
  email: 'jo@acme.example',
  uri: 'https://acme.example/x',
  'date-time': '2026-11-21T09:00:00.000Z',
  date: '2026-11-21',
  uuid: '018c0ae5-4d9b-771b-bfd6-eef314bc7037',
}
/** One of them fits each pattern that the API has; where none does, the request is refused for it, which is a request too. */
const WORDS = [
  'hello',
  'document-intake',
  'default',
  'a',
  'read_only',
  '123456',
  'a1b2c3d4',
  'runs:read',
  'a'.repeat(48),
  '2026-11-21',
  'X1',
]

/** Whose names and ids a member of a body takes: a word of the path under which they were met. */
const PLACES: Record<string, string> = {
  documentId: 'documents',
  documentIds: 'documents',
  workflow: 'workflows',
  runId: 'runs',
  collection: 'collections',
  dataset: 'datasets',
  classifier: 'classifiers',
  serviceAccountId: 'service-accounts',
  baseline: 'evaluations',
}

/** Values for schemas: such as fit, and such as do not. `ids` are those of the caller and of other tenants, `places` what stands where. */
export class Values {
  readonly dice: Dice
  readonly schemas: Schemas
  readonly ids: readonly string[]
  readonly places: Record<string, string[]>

  constructor(dice: Dice, schemas: Schemas, ids: readonly string[], places: Record<string, string[]> = {}) {
    this.dice = dice
    this.schemas = schemas
    this.ids = ids
    this.places = places
  }

  /** Fits the schema, as far as a schema says what fits. */
  fitting(schema: Schema, depth = 0): unknown {
    const { dice } = this
    if (schema.$ref !== undefined) return this.fitting(this.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, depth + 1)
    if (schema.const !== undefined) return schema.const
    if (schema.example !== undefined && dice.hits(0.6)) return schema.example
    if (schema.enum !== undefined) return dice.pick(schema.enum)
    const either = schema.anyOf ?? schema.oneOf
    if (either !== undefined) return this.fitting(dice.pick(either), depth + 1)
    if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => this.fitting(part, depth + 1)))
    const type = Array.isArray(schema.type) ? dice.pick(schema.type) : schema.type
    if (type === 'object' || schema.properties !== undefined) return this.#object(schema, depth)
    if (type === 'array') return depth > 6 ? [] : this.#list(schema, depth)
    if (type === 'string') return this.#text(schema)
    if (type === 'integer' || type === 'number') return this.#number(schema)
    if (type === 'boolean') return dice.hits(0.5)
    if (type === 'null') return null
    return dice.pick<unknown>([null, 1, 'hello', true, { a: 1 }, ['x']])
  }

  /** Fits no schema that asks for anything. */
  hostile(): unknown {
    return this.dice.pick<() => unknown>([
      () => null,
      () => this.dice.pick([-1, 0, 1.5, 1e308, -1e308, 2 ** 53 + 2, 2 ** 31, -0]),
      () => this.naughty(),
      () => this.naughty(),
      () => this.dice.pick(MALFORMED_STRINGS),
      () => this.dice.pick(this.ids),
      () => 'é'.repeat(this.dice.pick([300, 5_000, 70_000])),
      () => [],
      () => ({}),
      () => this.dice.hits(0.5),
      () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
      () => this.#deep(this.dice.pick([20, 90])),
      () => Array.from({ length: 1_500 }, () => 1),
      () => ({ toString: 1, valueOf: 'x', then: true, length: -1 }),
    ])()
  }

  naughty(): string {
    return this.dice.pick(NAUGHTY_STRINGS)
  }

  /** The value with one place in it made hostile, taken away or added. */
  spoilt(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || this.dice.hits(0.15)) return this.hostile()
    if (Array.isArray(value)) {
      if (value.length === 0) return [this.hostile()]
      const at = this.dice.below(value.length)
      return value.map((item, place) => (place === at ? this.spoilt(item) : item))
    }
    const names = Object.keys(value)
    const name = names.length === 0 || this.dice.hits(0.15) ? this.naughty() : this.dice.pick(names)
    if (this.dice.hits(0.15)) return Object.fromEntries(Object.entries(value).filter(([each]) => each !== name))
    const next = this.spoilt((value as Record<string, unknown>)[name])
    return Object.fromEntries([...Object.entries(value).filter(([each]) => each !== name), [name, next]])
  }

  #object({ properties = {}, required = [], additionalProperties: more }: Schema, depth: number): unknown {
    const names = Object.keys(properties).filter((name) => required.includes(name) || (depth < 5 && this.dice.hits(0.4)))
    const known = names.map((name): [string, unknown] => [name, this.#member(name, properties[name] ?? {}, depth + 1)])
    const free = typeof more === 'object' && depth < 5 ? [[this.dice.pick(WORDS), this.fitting(more, depth + 1)] as const] : []
    return Object.fromEntries([...known, ...free])
  }

  /** One of what there is, where the name says what is meant. */
  #member(name: string, schema: Schema, depth: number): unknown {
    const there = this.places[PLACES[name] ?? ''] ?? []
    if (there.length === 0 || this.dice.hits(0.3)) return this.fitting(schema, depth)
    return schema.type === 'array' ? [this.dice.pick(there)] : this.dice.pick(there)
  }

  #list({ items = {}, minItems = 0, maxItems = 3 }: Schema, depth: number): unknown {
    const length = Math.max(minItems, this.dice.below(Math.min(maxItems, 3) + 1))
    return Array.from({ length: Math.min(length, 50) }, () => this.fitting(items, depth + 1))
  }

  #text({ format, pattern, minLength = 0, maxLength = 200 }: Schema): string {
    const known = FORMATS[format ?? '']
    if (known !== undefined) return known
    const candidates = [...WORDS, ...this.ids].filter((word) => pattern === undefined || new RegExp(pattern, 'u').test(word))
    const text = pattern === undefined && this.dice.hits(0.5) ? this.naughty() : this.dice.pick(candidates.length > 0 ? candidates : WORDS)
    return text.padEnd(minLength, 'x').slice(0, maxLength)
  }

  #number({ type, minimum = 0, maximum = 1_000 }: Schema): number {
    const value = minimum + this.dice.next() * (Math.min(maximum, minimum + 1_000) - minimum)
    return this.dice.pick([minimum, Math.min(maximum, minimum + 1_000), type === 'integer' ? Math.floor(value) : value])
  }

  #deep(levels: number): unknown {
    let value: unknown = 1
    for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value }
    return value
  }
}
