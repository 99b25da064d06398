import { CEREMONIES, type Ceremonies, keepCeremony } from './ceremonies.ts'
import type { World } from './requests.ts'
import type { Dice } from './values.ts'

/** Whose sign-in the walk uses. */
export interface Person {
  tenant: string
  email: string
  password: string
}

/** What answers have told that goes into later requests, and that no schema could say. */
export interface Memory extends Ceremonies {
  accessToken?: string
  refreshToken?: string
  /** A tenant that the walk has made, and may close. */
  spare?: { id: string; slug: string; apiKey: string }
  approval?: { runId: string; approvalId: string }
  /** Calls of agents that their own list gives as examples. */
  calls?: { type: string; operation: string; input: unknown }[]
  collectionExport?: string
  archive?: string
  backup?: string
  /** A step that has ended, in its run. */
  step?: { id: string; key: string }
  ticket?: { runId: string; ticket: string }
}

/** What a request holds in place of what the schema alone would give it. */
export interface Order {
  /** By the names in the path. */
  path?: Record<string, string>
  query?: string
  token?: string
  headers?: Record<string, string>
  body?: unknown
  /** A body that is no JSON. */
  raw?: { type: string; body: string }
}

export type Making = (world: World, dice: Dice) => Order | undefined

const ARCHIVE_KEY = { 'X-Archive-Key': `${'A'.repeat(42)}I=` }
/** One that waits for a person, and one that ends at once. */
export const HELLO = [
  "name: hello\ntitle: Hello\ninput: { type: object }\nsteps:\n  - id: ask\n    approval: { title: 'Well?', details: {} }\n",
  'name: hello\ntitle: Hello\nsteps:\n  - id: greet\n    set: "${{ \'Hi\' }}"\n',
]
const CASES = '{"id":"a","input":{"text":"Dear Ms Doe"},"expected":"letter"}\n'
const MODELS =
  'providers:\n  own: { protocol: openai, url: "https://models.acme.example/v1" }\nmodels:\n  own: { provider: own, name: ours, can: [json] }\npurposes:\n  default: { use: [own] }\n'
const METRIC = { kind: 'exact', name: 'right' }

const asPerson: Making = ({ memory: { accessToken } }) => (accessToken === undefined ? undefined : { token: accessToken })
const withPassword: Making = (world, dice) => {
  const order = asPerson(world, dice)
  return order && world.person && { ...order, body: { password: world.person.password } }
}
const ofSpare =
  (more: (spare: NonNullable<Memory['spare']>) => Order = () => ({})): Making =>
  ({ memory: { spare } }) =>
    spare && { path: { id: spare.id }, ...more(spare) }
const known = ({ places }: World, word: string, dice: Dice): string | undefined => {
  const there = places[word] ?? []
  return there.length === 0 ? undefined : dice.pick(there)
}
/** The newest that was met: what one route does to it, the next one finds. */
const newestOf =
  (word: string): Making =>
  ({ places }) => {
    const id = places[word]?.at(-1)
    return id === undefined ? undefined : { path: { id } }
  }
const userOf = (dice: Dice) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `user-${dice.below(1_000_000)}@acme.example`,
  name: { givenName: 'Jo', familyName: 'Doe' },
  active: true,
})
const patch = (path: string, value: unknown): Order => ({
  body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', path, value }] },
})

const watching = (ticket: Memory['ticket']): Order | undefined =>
  ticket && { path: { id: ticket.runId }, query: `ticket=${encodeURIComponent(ticket.ticket)}`, headers: { Upgrade: 'websocket' } }

/** Orders that hold, by route without the prefixes that several have. */
const ORDERS: Record<string, Making> = {
  ...CEREMONIES,
  // Where the authenticator app is on, a recovery code stands for its code: that one is good once in half a minute.
  'POST /auth/login': ({ person, memory: { recoveryCodes = [] } }) => {
    const code = recoveryCodes.pop()
    return person && { body: { ...person, ...(code !== undefined && { code }) } }
  },
  'POST /auth/refresh': ({ memory: { refreshToken } }) => (refreshToken === undefined ? undefined : { body: { refreshToken } }),
  'GET /account': asPerson,
  'POST /account/totp': withPassword,
  'POST /account/totp/disable': withPassword,
  'POST /account/passkeys/options': withPassword,
  'POST /account/email-verification': asPerson,
  'PUT /account/password': (world, dice) => {
    const order = asPerson(world, dice)
    return order && world.person && { ...order, body: { currentPassword: world.person.password, newPassword: world.person.password } }
  },
  'GET /sessions': asPerson,
  'DELETE /sessions/{id}': asPerson,
  'POST /tenants': (_, dice) => ({ body: { slug: `spare-${dice.below(1_000_000)}`, name: 'Spare', adminEmail: 'a@spare.example' } }),
  'POST /tenants/me/delete': ofSpare(({ slug, apiKey }) => ({ token: apiKey, body: { slug } })),
  'GET /tenants/{id}': ofSpare(),
  'GET /tenants/{id}/archive': ofSpare(() => ({ headers: ARCHIVE_KEY })),
  'GET /tenants/{id}/erasure': ofSpare(),
  'POST /tenants/{id}/suspend': ofSpare(),
  'POST /tenants/{id}/reactivate': ofSpare(),
  'POST /tenants/{id}/delete': ofSpare(({ slug }) => ({ body: { slug } })),
  'POST /tenants/{id}/take-back': ofSpare(),
  'GET /tenants/me/archive': () => ({ headers: ARCHIVE_KEY }),
  'POST /tenants/import': ({ memory: { archive } }) =>
    archive === undefined ? undefined : { headers: ARCHIVE_KEY, raw: { type: 'application/vnd.steward.backup', body: archive } },
  'POST /operations/restore': ({ memory: { backup } }) =>
    backup === undefined ? undefined : { query: '', raw: { type: 'application/vnd.steward.backup', body: backup } },
  'POST /data-subjects/erasure': (_, dice) => ({ body: { kind: 'email', identifier: `gone-${dice.below(1_000)}@else.example` } }),
  'GET /data-subjects/{id}/certificate': newestOf('erasures'),
  'POST /data-subjects/export': () => ({ body: { kind: 'email', identifier: 'jo@acme.example' } }),
  'PUT /prompts/{name}/weights': () => ({ path: { name: 'classification' }, body: { weights: { 1: 100 } } }),
  'GET /prompts/{name}/diff': () => ({ path: { name: 'classification' }, query: 'from=1&to=1' }),
  'PUT /prompts/{name}': () => ({ path: { name: 'classification' } }),
  'POST /collections': (_, dice) => ({ body: { name: `papers-${dice.below(1_000)}` } }),
  'POST /collections/{id}/documents': (world, dice) => {
    const documentId = known(world, 'documents', dice)
    return documentId === undefined ? undefined : { body: { documentId } }
  },
  'PUT /datasets/{name}': () => ({ path: { name: 'letters' }, raw: { type: 'application/x-ndjson', body: CASES } }),
  'GET /datasets/{name}/cases': () => ({ path: { name: 'letters' }, query: '' }),
  'PUT /documents/{id}/hold': newestOf('documents'),
  'DELETE /documents/{id}/hold': newestOf('documents'),
  'PUT /runs/{id}/hold': newestOf('runs'),
  'DELETE /runs/{id}/hold': newestOf('runs'),
  'PUT /models': () => ({ raw: { type: 'application/yaml', body: MODELS } }),
  'PUT /tenants/me/secrets/{name}': () => ({ path: { name: 'webhook:default' }, body: { value: 'x'.repeat(40) } }),
  'POST /collections/{id}/import': ({ memory: { collectionExport } }) =>
    collectionExport === undefined ? undefined : { raw: { type: 'application/x-ndjson', body: collectionExport } },
  'POST /agents/{type}/trigger': ({ memory: { calls = [] } }, dice) => {
    if (calls.length === 0) return undefined
    const { type, operation, input } = dice.pick(calls)
    return { path: { type }, body: { operation, input } }
  },
  'PUT /workflows/{name}': (_, dice) => ({ path: { name: 'hello' }, query: '', raw: { type: 'application/yaml', body: dice.pick(HELLO) } }),
  'POST /workflows/execute': () => ({ body: { workflow: 'hello', input: {} } }),
  'POST /runs': () => ({ body: { workflow: 'hello', input: {} } }),
  'POST /runs/{id}/fork': (_, dice) => ({ body: { fromStep: dice.pick(['greet', 'ask']) } }),
  'GET /runs/{id}/steps/{key}/output': ({ memory: { step } }) => step && { path: step },
  'GET /runs/{id}/events': ({ memory: { ticket } }) => watching(ticket),
  'GET /ws/runs/{id}': ({ memory: { ticket } }) => watching(ticket),
  'PUT /runs/{id}/continue': ({ memory: { approval } }, dice) =>
    approval && {
      path: { id: approval.runId },
      body: { approvalId: approval.approvalId, decision: dice.pick(['approve', 'reject']) },
    },
  'PUT /workflows/{name}/gate': (world, dice) => {
    const dataset = known(world, 'datasets', dice)
    return dataset === undefined ? undefined : { path: { name: 'hello' }, body: { dataset, rules: [{ metric: METRIC, min: 0 }] } }
  },
  'GET /workflows/{name}/gate': () => ({ path: { name: 'hello' } }),
  'DELETE /workflows/{name}/gate': () => ({ path: { name: 'hello' } }),
  'POST /evaluations': (world, dice) => {
    const dataset = known(world, 'datasets', dice)
    return dataset === undefined ? undefined : { body: { target: { skill: 'classify', config: {} }, dataset, metrics: [METRIC] } }
  },
  'GET /evaluations/compare': ({ places: { evaluations = [] } }) =>
    evaluations.length < 2 ? undefined : { query: `ids=${evaluations.slice(0, 2).join(',')}` },
  'POST /scim/v2/Users': (_, dice) => ({ body: userOf(dice) }),
  'PUT /scim/v2/Users/{id}': (_, dice) => ({ body: userOf(dice) }),
  'PATCH /scim/v2/Users/{id}': () => patch('displayName', 'Jo Doe'),
  'POST /scim/v2/Groups': () => ({ body: { displayName: 'client' } }),
  'PATCH /scim/v2/Groups/{id}': (world, dice) => patch('members', [{ value: known(world, 'users', dice) ?? 'nobody' }]),
  'PUT /users/{id}/role': () => ({ body: { role: 'client' } }),
}

/** The order of a route that means well, as far as what answers told allows one. */
export const orderOf = (method: string, route: string, world: World, dice: Dice): Order | undefined =>
  ORDERS[bare(method, route)]?.(world, dice)

/** A route without the prefix under which it answers. */
const bare = (method: string, route: string): string =>
  `${method} ${route.replace(/^\/api\/v1/, '').replace(/\/ai\/workflows(?=\/|$)/, '/runs')}`

/** Keeps of a good answer what later orders need. */
export function remember(world: Pick<World, 'memory' | 'places'>, request: Asked, type: string, text: string): void {
  const { memory, places } = world
  const { method, route, path } = request
  if (route.endsWith('/collections/{id}/export')) memory.collectionExport = text
  if (route.endsWith('/tenants/{id}/archive')) memory.archive = text
  if (route.endsWith('/operations/backup')) memory.backup = text
  const asked = bare(method, route)
  // From then on the password alone signs in.
  if (asked === 'POST /account/totp/disable') delete memory.recoveryCodes
  if (!type.startsWith('application/json') || !text.startsWith('{')) return
  const body = JSON.parse(text) as Record<string, unknown>
  keepCeremony(memory, asked, body)
  if (typeof body.accessToken === 'string') memory.accessToken = body.accessToken
  if (typeof body.refreshToken === 'string') memory.refreshToken = body.refreshToken
  if (asked === 'POST /tenants') {
    const { tenant, apiKey } = body as { tenant: { id: string; slug: string }; apiKey: { key: string } }
    memory.spare = { id: tenant.id, slug: tenant.slug, apiKey: apiKey.key }
  }
  if (asked === 'POST /data-subjects/erasure') places.erasures = [String(body.id)]
  const runId = /\/(run_[0-9a-f]{32})\//.exec(path)?.[1]
  if (typeof body.ticket === 'string' && runId !== undefined) memory.ticket = { runId, ticket: body.ticket }
  const items = Array.isArray(body.items) ? (body.items as Record<string, unknown>[]) : []
  const ended = items.find(({ status }) => status === 'completed')
  if (asked === 'GET /runs/{id}/steps' && runId !== undefined && ended !== undefined) memory.step = { id: runId, key: String(ended.key) }
  if (asked === 'GET /approvals') {
    const [open] = items as { approval: { id: string }; run: { id: string } }[]
    if (open?.run?.id !== undefined) memory.approval = { runId: open.run.id, approvalId: open.approval.id }
  }
  if (asked === 'GET /agents/status')
    memory.calls = (items as { type: string; operations: { name: string; example: unknown }[] }[]).flatMap(({ type: agent, operations }) =>
      operations.map(({ name, example }) => ({ type: agent, operation: name, input: example })),
    )
}

interface Asked {
  method: string
  route: string
  path: string
}
