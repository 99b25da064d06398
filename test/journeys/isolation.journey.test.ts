import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { createDemoTenant } from '../../scripts/client.ts'
import { verify } from '../contracts/audit.ts'
import { leakOf, markerOf } from '../isolation/markers.ts'

interface Tenant {
  slug: string
  marker: string
  apiKey: string
  ids: string[]
  /** Ids of the other one that it has asked for: its own audit shows them to it. */
  asked: Set<string>
}
type Step = (own: Tenant, other: Tenant, pick: number) => Promise<{ status: number; text: string }>

const url = process.env.STEWARD_URL ?? ''
const adminToken = process.env.STEWARD_ADMIN_TOKEN ?? ''
let tenants: [Tenant, Tenant]

beforeAll(async () => {
  const make = async (slug: string): Promise<Tenant> => {
    const { apiKey } = await createDemoTenant({ url, adminToken }, { slug, name: markerOf(slug) })
    return { slug, marker: markerOf(slug), apiKey, ids: [], asked: new Set() }
  }
  tenants = [await make('isolated-one'), await make('isolated-two')]
})

async function ask(own: Tenant, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const isText = typeof body === 'string'
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${own.apiKey}`,
      ...(body !== undefined && { 'Content-Type': isText ? 'text/plain' : 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, text: `${text}\n${[...response.headers].map((pair) => pair.join(': ')).join('\n')}` }
}

const WORKFLOW = (marker: string) =>
  `name: hello\ntitle: ${marker}\ninput: { type: object }\nsteps:\n  - id: greet\n    set: "\${{ 'Hi ${marker}' }}"\noutputs: { greeting: '\${{ steps.greet.output }}' }\n`
const theirs = ({ ids }: Tenant, pick: number) => ids[pick % Math.max(1, ids.length)] ?? `run_${'0'.repeat(32)}`
const foreign =
  (method: string, path: (id: string) => string, body?: (id: string) => unknown): Step =>
  (own, other, pick) => {
    const id = theirs(other, pick)
    own.asked.add(id)
    return ask(own, method, path(id), body?.(id))
  }

const STEPS: Record<string, Step> = {
  'uploads the same bytes': (own) => ask(own, 'POST', '/api/v1/documents', 'the very same bytes', { 'X-File-Name': `${own.marker}.txt` }),
  'uploads its own text into the index': (own) =>
    ask(own, 'POST', '/api/v1/documents?workflow=document-intake', `Delivery note of ${own.marker}. Pay 42 EUR to Anna Keller.`, {
      'X-File-Name': `${own.marker}-note.txt`,
    }),
  'lists documents': (own) => ask(own, 'GET', '/api/v1/documents'),
  'saves a workflow of the same name': (own) =>
    ask(own, 'PUT', '/api/v1/workflows/hello', WORKFLOW(own.marker), { 'Content-Type': 'application/yaml' }),
  'reads the workflow': (own) => ask(own, 'GET', '/api/v1/workflows/hello'),
  'starts a run with the same key and body': (own) =>
    ask(own, 'POST', '/api/v1/runs', { workflow: 'hello' }, { 'Idempotency-Key': 'the same for both' }),
  'starts a run of its own': (own) => ask(own, 'POST', '/api/v1/runs', { workflow: 'hello', title: own.marker }),
  'lists runs': (own) => ask(own, 'GET', '/api/v1/runs'),
  'searches the collection': (own) => ask(own, 'POST', '/api/v1/collections/default/search', { text: 'delivery note payment' }),
  'asks the collection': (own) => ask(own, 'POST', '/api/v1/collections/default/ask', { question: 'Who is to be paid?' }),
  'lists approvals': (own) => ask(own, 'GET', '/api/v1/approvals'),
  'lists usage': (own) => ask(own, 'GET', '/api/v1/usage?groupBy=workflow'),
  'reads the budget': (own) => ask(own, 'GET', '/api/v1/budgets'),
  'reads the cache of models': (own) => ask(own, 'GET', '/api/v1/models/cache'),
  'saves a role of the same name': (own) =>
    ask(own, 'PUT', '/api/v1/roles/reader', { description: own.marker, permissions: ['runs:read'] }),
  'lists roles': (own) => ask(own, 'GET', '/api/v1/roles'),
  'makes a mistake': (own) => ask(own, 'PUT', '/api/v1/roles/reader', { permissions: [own.marker] }),
  'lists security events': (own) => ask(own, 'GET', '/api/v1/security-events'),
  'lists the audit': (own) => ask(own, 'GET', '/api/v1/audit?limit=200'),
  'exports the audit': (own) => ask(own, 'GET', '/api/v1/audit/export'),
  'is healthy': (own) => ask(own, 'GET', '/health'),
  'asks for a document of the other': foreign('GET', (id) => `/api/v1/documents/${id}`),
  'downloads a document of the other': foreign('GET', (id) => `/api/v1/documents/${id}/content`),
  'asks for a run of the other': foreign('GET', (id) => `/api/v1/runs/${id}`),
  'reads the log of the other': foreign('GET', (id) => `/api/v1/runs/${id}/logs`),
  'cancels a run of the other': foreign('DELETE', (id) => `/api/v1/runs/${id}`),
  'takes a ticket for a run of the other': foreign('POST', (id) => `/api/v1/runs/${id}/events/ticket`),
  'downloads a report of the other': foreign('GET', (id) => `/api/v1/reports/${id}/pdf`),
  'exports an evaluation of the other': foreign('GET', (id) => `/api/v1/evaluations/${id}/export`),
  'indexes a document of the other': foreign(
    'POST',
    () => '/api/v1/collections/default/documents',
    (documentId) => ({ documentId }),
  ),
  'starts a run about a document of the other': foreign(
    'POST',
    () => '/api/v1/runs',
    (documentId) => ({ workflow: 'hello', documentId }),
  ),
}
const ID = /\b(?:doc|run|rep)_[0-9a-f]{32}\b/g
/** Bounds the random part: what is not reached is reached by another seed. */
const MOST_MS = 30_000

test('what two tenants do at the running Worker in any order shows neither of them, nor the log, what is the other’s', async () => {
  const step = fc.record({ of: fc.constantFrom<0 | 1>(0, 1), name: fc.constantFrom(...Object.keys(STEPS)), pick: fc.nat(20) })
  const take = async (of: 0 | 1, name: string, pick: number) => {
    const [own, other] = of === 0 ? tenants : [tenants[1], tenants[0]]
    const { status, text } = (await STEPS[name]?.(own, other, pick)) ?? { status: 0, text: '' }
    expect(status, `${name}: ${text}`).toBeLessThan(500)
    if (name.includes('of the other')) expect(status, name).toBe(404)
    const news = other.ids.filter((id) => !own.asked.has(id))
    expect(leakOf(text, [other.marker, other.apiKey, ...news]), `the answer to '${name}'`).toBeUndefined()
    if (!name.includes('of the other'))
      for (const [id] of text.matchAll(ID)) if (!own.ids.includes(id) && !other.ids.includes(id)) own.ids.push(id)
  }
  for (const name of Object.keys(STEPS)) for (const of of [0, 1] as const) await take(of, name, 0)
  const until = Date.now() + MOST_MS
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      for (const { of, name, pick } of steps) if (Date.now() < until) await take(of, name, pick)
    }),
    { numRuns: 30, endOnFailure: true },
  )
  for (const of of [0, 1] as const)
    for (const name of Object.keys(STEPS).filter((each) => /^(?:lists|reads|searches|exports the)/.test(each))) await take(of, name, 0)
  // Text of customers has no place in the log, whoever reads it.
  expect(
    leakOf(
      readFileSync(process.env.STEWARD_LOG ?? '', 'utf8'),
      tenants.flatMap(({ marker, apiKey }) => [marker, apiKey]),
    ),
  ).toBeUndefined()
}, 240_000)

test('the attempts stand as security events of both tenants', async () => {
  for (const [own, other] of [tenants, [tenants[1], tenants[0]]] as [Tenant, Tenant][]) {
    const events = () => ask(own, 'GET', '/api/v1/security-events?kind=cross_tenant_access')
    await expect.poll(async () => (await events()).text, { timeout: 10_000 }).toContain('Somebody who is not of this tenant')
    const { text } = await events()
    expect(text).toContain('Asked for an id that belongs to another tenant')
    expect(text).toContain('Somebody who is not of this tenant')
    expect(leakOf(text, [other.marker])).toBeUndefined()
  }
})

test('an id in a body or a query is noticed as one in a path is', async () => {
  const [own, other] = tenants
  const upload = await ask(other, 'POST', '/api/v1/documents', `only of ${other.marker}`, { 'X-File-Name': 'own.txt' })
  const runOf = await ask(other, 'POST', '/api/v1/runs', { workflow: 'hello' })
  const [document, run] = [/doc_[0-9a-f]{32}/.exec(upload.text)?.[0] ?? '', /run_[0-9a-f]{32}/.exec(runOf.text)?.[0] ?? '']
  // A tenant of its own, so that the attempts before have not used up what is entered one by one.
  const { apiKey } = await createDemoTenant({ url, adminToken }, { slug: 'isolated-three', name: 'Three' })
  const third = { ...own, apiKey }
  expect((await ask(third, 'POST', '/api/v1/workflows/estimate', { workflow: 'document-intake', documentId: document })).status).toBe(404)
  expect((await ask(third, 'GET', `/api/v1/usage?groupBy=workflow&runId=${run}`)).text).toContain('"items":[]')
  const events = async () => (await ask(third, 'GET', '/api/v1/audit?action=cross_tenant_access')).text
  for (const id of [document, run]) await expect.poll(events, { timeout: 10_000 }).toContain(id)
})

test('the audit of the running Worker holds who started each run, and its export is whole', async () => {
  const [own] = tenants
  const started = () => ask(own, 'GET', '/api/v1/audit?action=run.started')
  await expect.poll(async () => (await started()).text, { timeout: 15_000 }).toContain('"kind":"api_key"')
  const { keys } = (await (await fetch(`${url}/api/v1/audit/keys`)).json()) as { keys: object[] }
  const response = await fetch(`${url}/api/v1/audit/export`, { headers: { Authorization: `Bearer ${own.apiKey}` } })
  const lines = (await response.text()).trim().split('\n')
  const verdict = await verify(
    lines.map((line) => JSON.parse(line) as object),
    keys,
  )
  expect(verdict.findings).toEqual([])
  expect(verdict.signedThrough).toBe(verdict.entries)
  expect(verdict.entries).toBeGreaterThan(10)
})
