import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fileKeys } from '../../workers/domain/documents'
import { createRateLimits } from '../../workers/domain/rate-limits'
import { type Account, call, createAccount, createKit, type Kit } from '../api/kit'
import { leakOf, markerOf } from './markers'

interface Tenant {
  account: Account
  marker: string
  /** Ids that its own answers have shown, by which the other one asks. */
  ids: string[]
  /** Ids of the other one that it has asked for: its own audit shows them to it. */
  asked: Set<string>
  /** How often it has asked for one that is known to be the other's. */
  attempts: number
}
interface World {
  kit: Kit
  tenants: [Tenant, Tenant]
}
type Asked = { status: number; text: string; headers: Headers }
type Step = (world: World, own: Tenant, other: Tenant, pick: number) => Promise<Asked | undefined>

const ask = (world: World, own: Tenant, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  call(world.kit, own.account, method, path, body, headers)

/** The same names, keys and bytes for both, so that whatever is kept by them alone would be shared. */
const WORKFLOW = (marker: string) =>
  `name: hello\ntitle: ${marker}\nsteps:\n  - id: greet\n    set: "\${{ 'Hi' }}"\noutputs: { greeting: '${marker}' }\n`
const idOf = (tenant: Tenant, pick: number) => tenant.ids[pick % Math.max(1, tenant.ids.length)]

/** A request for something of the other tenant: never found, whatever the path. */
const foreign =
  (method: string, path: (id: string) => string, body?: (id: string) => unknown): Step =>
  async (world, own, other, pick) => {
    const id = idOf(other, pick)
    if (id === undefined) return undefined
    note(own, other, id)
    const answer = await ask(world, own, method, path(id), body?.(id))
    expect(answer.status, `${method} ${path(id)}`).toBeGreaterThanOrEqual(400)
    return answer
  }

/** A list that is narrowed to something of the other tenant: empty, as for an id of nobody. */
const narrowed =
  (path: (id: string) => string): Step =>
  async (world, own, other, pick) => {
    const id = idOf(other, pick)
    if (id === undefined) return undefined
    note(own, other, id)
    const answer = await ask(world, own, 'GET', path(id))
    expect(answer.text, path(id)).toMatch(/"(?:items|Resources)":\[\]/)
    return answer
  }

function note(own: Tenant, other: Tenant, id: string): void {
  own.asked.add(id)
  if (owners.get(id) === other.account.tenantId) own.attempts += 1
}

const upload: Step = async (world, own) => {
  const response = await world.kit.app.request('/api/v1/documents', {
    method: 'POST',
    headers: { Authorization: `Bearer ${own.account.apiKey}`, 'Content-Type': 'text/plain', 'X-File-Name': `${own.marker}.txt` },
    body: 'the very same bytes for both tenants',
  })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

const STEPS: Record<string, Step> = {
  'uploads the same bytes': upload,
  'lists documents': (world, own) => ask(world, own, 'GET', '/api/v1/documents'),
  'saves a workflow of the same name': async (world, own) => {
    const response = await world.kit.app.request('/api/v1/workflows/hello', {
      method: 'PUT',
      headers: { Authorization: `Bearer ${own.account.apiKey}`, 'Content-Type': 'application/yaml' },
      body: WORKFLOW(own.marker),
    })
    return { status: response.status, text: await response.text(), headers: response.headers }
  },
  'reads the workflow': (world, own) => ask(world, own, 'GET', '/api/v1/workflows/hello'),
  'lists workflows': (world, own) => ask(world, own, 'GET', '/api/v1/workflows'),
  'starts a run with the same key and body': (world, own) =>
    ask(world, own, 'POST', '/api/v1/runs', { workflow: 'hello', input: {} }, { 'Idempotency-Key': 'the same for both' }),
  'starts a run of its own': (world, own) => ask(world, own, 'POST', '/api/v1/runs', { workflow: 'hello', input: {}, title: own.marker }),
  'makes a collection with the same key': (world, own) =>
    ask(world, own, 'POST', '/api/v1/collections', { name: 'papers' }, { 'Idempotency-Key': 'papers' }),
  'lists runs': (world, own) => ask(world, own, 'GET', '/api/v1/runs'),
  'indexes a text': async ({ kit }, own) => {
    const text = `Paper about ${own.marker} and nothing else.`
    const documentId = SHARED_ID
    const span = { documentId, page: 1, start: 0, end: text.length, quote: text }
    await kit.tenant(own.account.tenantId).ports.knowledge.index('papers', {
      documentId,
      name: own.marker,
      metadata: { class: 'note' },
      chunks: [{ id: 'chk_1', text, context: own.marker, span }],
    })
    return undefined
  },
  'searches the collection': (world, own) =>
    ask(world, own, 'POST', '/api/v1/collections/papers/search', { text: 'paper about nothing else' }),
  'lists collections': (world, own) => ask(world, own, 'GET', '/api/v1/collections'),
  'writes a report': async ({ kit }, own) => {
    const { reports, files, newId } = kit.tenant(own.account.tenantId).ports
    const id = newId('report')
    await reports.insert({
      id,
      runId: newId('run'),
      title: own.marker,
      formats: ['csv'],
      createdAt: kit.clock.now().toISOString(),
    } as never)
    await files.put(fileKeys.report(id, 'csv'), own.marker, 'text/csv')
    own.ids.push(id)
    return undefined
  },
  'saves a dataset of the same name': (world, own) =>
    ask(world, own, 'PUT', '/api/v1/datasets/cases', [{ id: 'a', input: { text: own.marker }, expected: own.marker }]),
  'reads the dataset': (world, own) => ask(world, own, 'GET', '/api/v1/datasets/cases/cases'),
  'saves a prompt': (world, own) =>
    ask(world, own, 'PUT', '/api/v1/prompts/classification', { text: `${own.marker} {{ labels }}`, weight: 'all', tests: [] }),
  'reads the prompt': (world, own) => ask(world, own, 'GET', '/api/v1/prompts/classification'),
  'saves a role of the same name': (world, own) =>
    ask(world, own, 'PUT', '/api/v1/roles/reader', { description: own.marker, permissions: ['runs:read'] }),
  'lists roles': (world, own) => ask(world, own, 'GET', '/api/v1/roles'),
  'makes a key': (world, own) => ask(world, own, 'POST', '/api/v1/api-keys', { name: own.marker, role: 'client' }),
  'lists keys': (world, own) => ask(world, own, 'GET', '/api/v1/api-keys'),
  'sets a secret of the same name': (world, own) => ask(world, own, 'PUT', '/api/v1/tenants/me/secrets/crm', { value: own.marker }),
  'saves the settings': (world, own) => ask(world, own, 'PUT', '/api/v1/tenants/me/settings', { branding: { name: own.marker } }),
  'reads the settings': (world, own) => ask(world, own, 'GET', '/api/v1/tenants/me/settings'),
  'invites somebody': (world, own) =>
    ask(world, own, 'POST', '/api/v1/invitations', { email: `${own.marker}@same.example`, role: 'client' }),
  'lists users': (world, own) => ask(world, own, 'GET', '/api/v1/users'),
  'makes a mistake': (world, own) => ask(world, own, 'PUT', '/api/v1/roles/reader', { permissions: [own.marker] }),
  'lists security events': (world, own) => ask(world, own, 'GET', '/api/v1/security-events'),
  'lists the audit': (world, own) => ask(world, own, 'GET', '/api/v1/audit'),
  'exports the audit': (world, own) => ask(world, own, 'GET', '/api/v1/audit/export'),
  'asks for a document of the other': foreign('GET', (id) => `/api/v1/documents/${id}`),
  'downloads a document of the other': foreign('GET', (id) => `/api/v1/documents/${id}/content`),
  'deletes a document of the other': foreign('DELETE', (id) => `/api/v1/documents/${id}`),
  'asks for a run of the other': foreign('GET', (id) => `/api/v1/runs/${id}`),
  'reads the log of the other': foreign('GET', (id) => `/api/v1/runs/${id}/logs`),
  'cancels a run of the other': foreign('DELETE', (id) => `/api/v1/runs/${id}`),
  'takes a ticket for a run of the other': foreign('POST', (id) => `/api/v1/runs/${id}/events/ticket`),
  'watches a run of the other with a ticket of its own': async (world, own, other, pick) => {
    const mine = own.ids.find((id) => id.startsWith('run_'))
    const theirs = idOf(other, pick)
    if (mine === undefined || theirs === undefined) return undefined
    // Whoever shows a ticket alone is nobody yet: this one is refused unseen.
    own.asked.add(theirs)
    const { body } = await ask(world, own, 'POST', `/api/v1/runs/${mine}/events/ticket`)
    const answer = await call(world.kit, undefined, 'GET', `/api/v1/runs/${theirs}/events?ticket=${body.ticket}`)
    expect(answer.status).toBe(401)
    return answer
  },
  'downloads a report of the other': foreign('GET', (id) => `/api/v1/reports/${id}/csv`),
  'exports an evaluation of the other': foreign('GET', (id) => `/api/v1/evaluations/${id}/export`),
  'reads a user of the other': foreign('GET', (id) => `/api/v1/users/${id}`),
  'revokes a key of the other': foreign('DELETE', (id) => `/api/v1/api-keys/${id}`),
  'indexes a document of the other': foreign(
    'POST',
    () => '/api/v1/collections/papers/documents',
    (documentId) => ({ documentId }),
  ),
  'starts a run about a document of the other': foreign(
    'POST',
    () => '/api/v1/runs',
    (documentId) => ({ workflow: 'hello', input: {}, documentId }),
  ),
  'makes a key for a program of the other': foreign(
    'POST',
    () => '/api/v1/api-keys',
    (serviceAccountId) => ({ name: 'mine', serviceAccountId }),
  ),
  'compares evaluations of the other': foreign('GET', (id) => `/api/v1/evaluations/compare?ids=${id},evl_${'0'.repeat(32)}`),
  'narrows documents to those in one of the other': narrowed((id) => `/api/v1/documents?parentId=${id}`),
  'narrows people to one of the other': narrowed((id) => `/api/v1/scim/v2/Users?filter=${encodeURIComponent(`id eq "${id}"`)}`),
}

const logged: string[] = []
beforeEach(() => {
  logged.length = 0
  for (const method of ['log', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => void logged.push(parts.map(String).join(' ')))
})
afterEach(() => vi.restoreAllMocks())

const later: Promise<unknown>[] = []
const owners = new Map<string, string>()
/** One API for all worlds, as in an installation: each world is two new tenants in it. */
const kit = createKit({ later: (work) => void later.push(work), ownerOf: async (id) => owners.get(id) })
let worlds = 0

async function createWorld(): Promise<World> {
  worlds += 1
  const make = async (slug: string): Promise<Tenant> => ({
    account: await createAccount(kit, `${slug}-${worlds}`),
    marker: markerOf(`${slug}${worlds}`),
    ids: [],
    asked: new Set(),
    attempts: 0,
  })
  return { kit, tenants: [await make('acme'), await make('globex')] }
}

async function settle(): Promise<void> {
  while (later.length > 0) await Promise.all(later.splice(0))
}

/** Everything that tells the other one apart: what it put in, who it is, what opens it. Ids that one asks for by itself are no news. */
const secretsOf = ({ account, marker }: Tenant) => [marker, account.tenantId, account.apiKey, account.email]
/** Both index a document of this id, as an installation that was copied may have it. */
const SHARED_ID = `doc_${'1'.repeat(32)}`
const ID = /\b(?:doc|run|rep|evl|usr|key|ott|sva)_[0-9a-f]{32}\b/g

async function take(world: World, of: 0 | 1, name: string, pick: number): Promise<void> {
  const own = world.tenants[of]
  const other = world.tenants[of === 0 ? 1 : 0]
  logged.length = 0
  const answer = await STEPS[name]?.(world, own, other, pick)
  await settle()
  if (answer === undefined) return
  const headers = [...answer.headers].map(([header, value]) => `${header}: ${value}`).join('\n')
  expect(answer.status, `${name}: ${answer.text}`).toBeLessThan(500)
  const news = other.ids.filter((id) => !own.asked.has(id))
  expect(leakOf(`${answer.text}\n${headers}`, [...secretsOf(other), ...news]), `the answer to '${name}'`).toBeUndefined()
  // The operator's line about an attempt names both tenants, by their ids; nothing else may.
  const lines = logged.filter((line) => !line.includes('cross_tenant_access'))
  expect(leakOf(lines.join('\n'), secretsOf(other)), `the log of '${name}'`).toBeUndefined()
  expect(leakOf(logged.join('\n'), [own.marker, other.marker]), `the log of '${name}'`).toBeUndefined()
  if (!name.includes('of the other'))
    for (const [id] of answer.text.matchAll(ID)) {
      // An id that it has asked the other for stands in its own audit, and is not its own for that.
      if (own.ids.includes(id) || other.ids.includes(id) || id === SHARED_ID) continue
      own.ids.push(id)
      owners.set(id, own.account.tenantId)
    }
}

/** As many attempts of an hour are entered one by one; the clock of these worlds stands still. */
const ENTERED_EACH = 20
const attemptsIn = ({ account }: Tenant): number =>
  kit.tenant(account.tenantId).audit.open.entries.filter(({ kind, actor }) => kind === 'cross_tenant_access' && actor.id !== 'outside')
    .length

const sequence = fc.array(fc.record({ of: fc.constantFrom<0 | 1>(0, 1), name: fc.constantFrom(...Object.keys(STEPS)), pick: fc.nat(50) }), {
  minLength: 20,
  maxLength: 60,
})

test('whatever two tenants do in whatever order, nothing that one is shown holds what is the other’s', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(sequence, async (steps) => {
      const world = await createWorld()
      for (const { of, name, pick } of steps) await take(world, of, name, pick)
      for (const of of [0, 1] as const) {
        for (const name of Object.keys(STEPS).filter((each) => /^(?:lists|reads the|exports the)/.test(each)))
          await take(world, of, name, 0)
        const [own, other] = of === 0 ? world.tenants : [world.tenants[1], world.tenants[0]]
        expect(attemptsIn(own), 'entries of attempts').toBe(Math.min(own.attempts, ENTERED_EACH))
        const { mailer, files } = world.kit.tenant(own.account.tenantId).ports
        expect(leakOf(JSON.stringify(mailer.sent), secretsOf(other)), 'mails').toBeUndefined()
        expect(leakOf(JSON.stringify(files), secretsOf(other)), 'files').toBeUndefined()
      }
    }),
    { numRuns: 40, endOnFailure: true },
  )
})

test('every step does what it is for: most of them are answered with success', async () => {
  const world = await createWorld()
  const own: string[] = []
  for (let round = 0; round < 2; round += 1)
    for (const name of Object.keys(STEPS).filter((each) => !each.includes('of the other') && each !== 'makes a mistake')) {
      const answer = await STEPS[name]?.(world, world.tenants[0], world.tenants[1], 0)
      if (round === 1 && answer !== undefined && answer.status >= 400) own.push(`${name}: ${answer.status} ${answer.text}`)
    }
  expect(own).toEqual([])
})

test('what one tenant spends of its rate is not spent by the other', async () => {
  const leases = { granted: 3, limit: 3, resetMs: 60_000, untilMs: 60_000 }
  const asked: string[] = []
  const limits = createRateLimits({
    lease: async (tenantId) => {
      asked.push(tenantId)
      return leases as never
    },
    now: () => 0,
    onLeaseFailed: () => undefined,
  })
  await limits.check('ten_a', 'key_same', 'read')
  await limits.check('ten_b', 'key_same', 'read')
  expect(asked).toEqual(expect.arrayContaining(['ten_a', 'ten_b']))
})
