import { HELLO, type Memory, type Order, orderOf, type Person } from './orders.ts'
import { type Dice, type Schema, type Schemas, Values } from './values.ts'

interface Parameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required?: boolean
  schema?: Schema
}
interface Operation {
  summary?: string
  parameters?: Parameter[]
  requestBody?: { content?: Record<string, { schema?: Schema; example?: unknown }> }
  'x-permission'?: string
}
/** What the fuzzer reads of an OpenAPI document. */
export interface Document {
  paths: Record<string, Record<string, Operation>>
  components?: { schemas?: Schemas }
}
export interface FuzzRequest {
  method: string
  path: string
  /** The path of the document, by which findings are counted. */
  route: string
  headers: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
}
/** Who is there to ask as, and about what. */
export interface World {
  /** Of the tenant that asks; used for most requests. */
  apiKey: string
  adminToken: string
  /** Of the caller and of others. */
  ids: string[]
  /** Ids and names by the word of the path after which they stand: `workflows: ['hello']`. The walk adds what answers show. */
  places: Record<string, string[]>
  /** Whose sign-in is used where a program's key is not enough. */
  person?: Person
  /** Ids that may be read but not changed: ending who asks would end the walk. */
  spared: string[]
  /** Where the pages of the installation lie, for passkeys, which sign that. */
  origin?: string
  /** What the installation takes for the time; absent: the clock of this machine. */
  now?: () => Date
  /** Mails that went out, the oldest first; absent: they cannot be read here. */
  mails?: () => { subject: string; text: string }[]
  /** What answers told; empty at first. */
  memory: Memory
}

const YAML = [
  ...HELLO,
  'name: hello\nsteps: [',
  'a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]\ne: [*d,*d]',
  '- 1\n- 2',
  '!!js/function "x"',
  'name: hello\nsteps:\n  - id: __proto__\n    set: 1\n',
  'routes: { default: { provider: embedded } }',
  '? {a: 1}\n: {b: 2}',
  '\u0000',
  '',
]
const NDJSON = [
  '{"id":"a","input":{},"expected":1}\n',
  '{"a":1}\n{',
  '\n\n\n',
  'null\n',
  '{"kind":"collection"}\n{"kind":"document"}\n',
  '[]',
]
const OWN_NAMES = ['hello', 'hello', 'classification']
/** Paths whose name is not one of what they are about. */
const FIXED: Record<string, string[]> = {
  format: ['csv', 'pdf', 'html', 'json', 'xlsx'],
  seq: ['1', '2'],
  key: ['greet', 'ask'],
  tenant: ['fuzz-own', 'fuzz-other'],
  type: ['ingestion', 'analysis', 'report', 'action', 'quality'],
  endpoint: ['default'],
}

export class Requests {
  readonly #values: Values
  readonly #operations: { method: string; route: string; operation: Operation }[]

  readonly dice: Dice
  readonly world: World

  constructor(dice: Dice, document: Document, world: World) {
    this.dice = dice
    this.world = world
    this.#values = new Values(dice, document.components?.schemas ?? {}, world.ids, world.places)
    this.#operations = Object.entries(document.paths).flatMap(([route, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), route, operation })),
    )
  }

  get routes(): number {
    return this.#operations.length
  }

  /** `GET /api/v1/runs`, as `Walked.opened` has them. */
  get names(): string[] {
    return this.#operations.map(({ method, route }) => `${method} ${route}`)
  }

  /**
   * The request of that number: every route comes in turn. The first three rounds and a third of the others mean well, so that there is
   * something to read, change and delete; the rest do not.
   */
  make(number: number): FuzzRequest {
    const { method, route, operation } = this.#operations[number % this.#operations.length] ?? {
      method: 'GET',
      route: '/health',
      operation: {},
    }
    const isKind = number < 3 * this.#operations.length || this.dice.hits(0.33)
    const query = (operation.parameters ?? [])
      .filter((each) => each.in === 'query' && this.dice.hits(each.required ? 0.95 : isKind ? 0.1 : 0.4))
      .map((each) => this.#query(each, isKind))
    const order = isKind && this.dice.hits(0.85) ? orderOf(method, route, this.world, this.dice) : undefined
    const given = this.#ordered(order) ?? this.#body(operation, isKind)
    const hasBody = method !== 'GET' && method !== 'HEAD' && given !== undefined
    const asked = order?.query ?? query.join('&')
    return {
      method,
      route,
      path: `${this.#filled(route, method, isKind, order?.path)}${asked === '' ? '' : `?${asked}`}`,
      headers: {
        ...this.#credentials(operation, isKind),
        ...(order?.token !== undefined && { Authorization: `Bearer ${order.token}` }),
        ...order?.headers,
        // Each from somewhere else: whoever knocks often without a key is kept out.
        'CF-Connecting-IP': `10.${this.dice.below(256)}.${this.dice.below(256)}.${this.dice.below(256)}`,
        ...(!isKind && this.dice.hits(0.2) && { 'Idempotency-Key': visible(this.#values.naughty()).slice(0, 300) }),
        ...(!isKind && this.dice.hits(0.08) && { 'If-Match': visible(this.#values.naughty()).slice(0, 300) }),
        ...(hasBody && { 'Content-Type': given.type, 'X-File-Name': encodeURIComponent(this.#values.naughty()).slice(0, 500) }),
      },
      ...(hasBody && { body: given.body }),
    }
  }

  #filled(route: string, method: string, isKind: boolean, named: Record<string, string> = {}): string {
    return route.replace(/\{([^}]+)\}/g, (_, name: string, at: number) => {
      if (named[name] !== undefined) return encodeURIComponent(named[name])
      if (isKind && method === 'DELETE' && this.dice.hits(0.5)) return encodeURIComponent(this.#values.naughty().slice(0, 200))
      return this.#place(route.slice(0, at), name, isKind, method)
    })
  }

  #ordered(order: Order | undefined): { type: string; body: string | Uint8Array<ArrayBuffer> } | undefined {
    return order?.raw ?? (order?.body === undefined ? undefined : { type: 'application/json', body: JSON.stringify(order.body) })
  }

  #credentials({ summary = '', ...operation }: Operation, isKind: boolean): Record<string, string> {
    const { apiKey, adminToken } = this.world
    const isOperators = summary.includes('(operator)')
    const sure = isKind ? 1 : operation['x-permission'] === undefined && !isOperators ? 0.4 : 0.92
    const token = this.dice.hits(sure)
      ? isOperators
        ? adminToken
        : apiKey
      : this.dice.pick(['', adminToken, 'x', 'stw_aaaaaaaa_bad', 'a.b.c', visible(this.#values.naughty())])
    return token === '' ? {} : { Authorization: `Bearer ${token}`.slice(0, 2_000) }
  }

  /** What stands in a path: mostly what there is, of the caller or of another tenant; else what there cannot be. */
  #place(before: string, parameter: string, isKind: boolean, method: string): string {
    const { places, spared } = this.world
    const free = (some: string[]) => (method === 'GET' ? some : some.filter((each) => !spared.includes(each)))
    const ids = free(this.world.ids)
    // What is saved under a name: one of ours, or one of those that there are.
    if (isKind && method === 'PUT' && parameter === 'name' && this.dice.hits(0.5)) return this.dice.pick(OWN_NAMES)
    const word = wordOf(before)
    const known = free(FIXED[parameter] ?? places[parameter === 'runId' || parameter === 'other' ? 'runs' : word] ?? [])
    if (known.length > 0 && this.dice.hits(isKind ? 0.95 : 0.6)) return encodeURIComponent(this.dice.pick(known))
    if (isKind && parameter !== 'id') return 'hello'
    return this.dice.pick([
      () => encodeURIComponent(this.dice.pick(ids)),
      () => this.dice.pick(['me', 'csv', 'ingestion', '0', '1', '-1', '99999999999999999999']),
      () => encodeURIComponent(this.#values.naughty().slice(0, 200)),
      () => this.dice.pick(['%ff', '%00', '%', '%2e%2e', '%C0%AE', 'a%2Fb', '*', '{id}']),
    ])()
  }

  #query({ name, schema = {} }: Parameter, isKind: boolean): string {
    const value = isKind || this.dice.hits(0.5) ? this.#values.fitting(schema) : this.#values.hostile()
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    const pair = `${name}=${encodeURIComponent(text.toWellFormed().slice(0, 600))}`
    return !isKind && this.dice.hits(0.05) ? `${pair}&${pair}` : pair
  }

  #body({ requestBody }: Operation, isKind: boolean): { type: string; body: string | Uint8Array<ArrayBuffer> } | undefined {
    const content = Object.entries(requestBody?.content ?? {})
    if (content.length === 0) return !isKind && this.dice.hits(0.1) ? { type: 'application/json', body: this.#json({}) } : undefined
    const [type, { schema = {}, example = schema.example }] = this.dice.pick(content)
    if (isKind && typeof example === 'object' && type.includes('json') && this.dice.hits(0.4))
      return { type, body: JSON.stringify(example) }
    if (isKind) return this.#fittingBody(type, schema)
    const bytes = Uint8Array.from(new TextEncoder().encode(this.#values.naughty()))
    const sent = this.dice.hits(0.06)
      ? this.dice.pick(['text/plain', 'application/xml', 'application/json; charset=utf-16', 'x', '', type])
      : type
    if (type === 'application/yaml') return { type: sent, body: this.dice.hits(0.7) ? this.dice.pick(YAML) : this.#values.naughty() }
    if (type === 'application/x-ndjson') return { type: sent, body: this.dice.hits(0.7) ? this.dice.pick(NDJSON) : this.#json({}) }
    if (type === 'multipart/form-data') return { type: `${type}; boundary=b`, body: this.#parts() }
    if (type === 'application/octet-stream')
      return { type: this.dice.pick([sent, 'text/plain', 'text/csv', 'application/pdf']), body: bytes }
    return { type: sent, body: this.#json(schema) }
  }

  #fittingBody(type: string, schema: Schema): { type: string; body: string | Uint8Array<ArrayBuffer> } {
    const text = `A note of ${this.dice.next()}.`
    if (type === 'application/yaml') return { type, body: this.dice.pick(HELLO) }
    if (type === 'application/x-ndjson') return { type, body: NDJSON[0] ?? '' }
    if (type === 'multipart/form-data') return { type: `${type}; boundary=b`, body: this.#part() + END }
    if (type === 'application/octet-stream') return { type: 'text/plain', body: Uint8Array.from(new TextEncoder().encode(text)) }
    return { type, body: JSON.stringify(this.#values.fitting(schema)) }
  }

  #json(schema: Schema): string {
    const fitting = this.#values.fitting(schema)
    if (this.dice.hits(0.45)) return JSON.stringify(fitting)
    if (this.dice.hits(0.8)) return JSON.stringify(this.#values.spoilt(fitting))
    const text = JSON.stringify(fitting)
    return this.dice.pick([
      text.slice(0, -1),
      `${text}${text}`,
      '{"a":NaN}',
      '{"a":1,"a":2}',
      '[Infinity]',
      `${'['.repeat(500)}${']'.repeat(500)}`,
      `{"a":1e${'9'.repeat(50)}}`,
      '\uFEFF{}',
      '""',
      '',
      `{"a":"${'x'.repeat(1_100_000)}"}`,
    ])
  }

  #part(): string {
    const name = this.#values.naughty().replace(/[\r\n"]/g, '_')
    return `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/plain\r\n\r\nhello ${this.dice.next()}\r\n`
  }

  #parts(): string {
    const part = this.#part()
    return this.dice.pick([`${part}${END}`, `${part}${END}`, part, `${part}${part}${END}`, END, '--c\r\n\r\n', ''])
  }
}
/** The word of the path by which what stands after it is known. */
function wordOf(before: string): string {
  const word = before.split('/').at(-2) ?? ''
  if (word === 'Users' || word === 'Groups') return word.toLowerCase()
  return before.includes('/ai/workflows/') ? 'runs' : word
}

const END = '--b--\r\n'

/** What may stand in a header: anything else the client itself would refuse to send. */
const visible = (text: string): string => text.replace(/[^\x21-\x7e]/g, '_')

/** Ids of the people and keys that are there before the walk: who asks is among them. */
export async function standing(read: (path: string) => Promise<{ items: { id: string }[] }>): Promise<string[]> {
  const lists = await Promise.all(['/api/v1/users', '/api/v1/api-keys'].map(read))
  return lists.flatMap(({ items }) => items.map(({ id }) => id))
}
