import { beforeAll, expect, test } from 'vitest'
import { createDemoTenant } from '../../scripts/client.ts'
import { forgeriesOf, type PublishedKey } from '../api/forged-tokens.ts'

const url = process.env.STEWARD_URL ?? ''
const adminToken = process.env.STEWARD_ADMIN_TOKEN ?? ''
interface Pair {
  accessToken: string
  refreshToken: string
}
let pair: Pair
let ticket: string
let runId: string
let otherRunId: string
let otherTenant: string
let key: PublishedKey

/** Asks once more when the brake for strangers holds it up: it is the check of the token that is looked at here. */
async function ask(method: string, path: string, token?: string, body?: unknown): Promise<Response> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (answer.status !== 429) return answer
  await new Promise((resolve) => setTimeout(resolve, 1_000 * Number(answer.headers.get('Retry-After') ?? 1)))
  return await ask(method, path, token, body)
}
const read = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T
const startRun = async (apiKey: string): Promise<string> => {
  const yaml = 'name: hello\ntitle: Hello\nsteps:\n  - id: greet\n    set: "${{ \'Hi\' }}"\n'
  await fetch(`${url}/api/v1/workflows/hello`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/yaml' },
    body: yaml,
  })
  return (await read<{ id: string }>(ask('POST', '/api/v1/runs', apiKey, { workflow: 'hello' }))).id
}

beforeAll(async () => {
  const [acme, globex] = [
    await createDemoTenant({ url, adminToken }, { slug: 'forge-acme', name: 'Acme' }),
    await createDemoTenant({ url, adminToken }, { slug: 'forge-globex', name: 'Globex' }),
  ]
  pair = await read<Pair>(ask('POST', '/api/v1/auth/login', undefined, { tenant: acme.slug, email: acme.email, password: acme.password }))
  runId = await startRun(acme.apiKey)
  otherRunId = await startRun(globex.apiKey)
  otherTenant = (await read<{ tenantId: string }>(ask('GET', '/api/v1/auth/verify', globex.apiKey))).tenantId
  ticket = (await read<{ ticket: string }>(ask('POST', `/api/v1/runs/${runId}/events/ticket`, pair.accessToken))).ticket
  const { keys } = await read<{ keys: PublishedKey[] }>(ask('GET', '/.well-known/jwks.json'))
  key = keys[0] ?? { kid: '', kty: '' }
})

async function expectRefused(name: string, answer: Response): Promise<void> {
  expect(answer.status, name).toBe(401)
  expect(answer.headers.get('Content-Type'), name).toBe('application/problem+json')
  expect(await answer.json(), name).toMatchObject({ code: 'unauthenticated' })
}

test('nothing made from a good token and the published key opens the running Worker', async () => {
  expect((await ask('GET', '/api/v1/auth/verify', pair.accessToken)).status).toBe(200)
  const forgeries = Object.entries(forgeriesOf(pair.accessToken, key, otherTenant))
  expect(forgeries.length).toBeGreaterThan(75)
  for (const [name, token] of forgeries) await expectRefused(name, await ask('GET', '/api/v1/auth/verify', token))
  expect((await ask('GET', '/api/v1/auth/verify', pair.accessToken)).status).toBe(200)
})

test('no token serves for another purpose, and none reaches into another tenant', async () => {
  for (const [name, token] of Object.entries({ ticket, refresh: pair.refreshToken, operator: adminToken }))
    await expectRefused(name, await ask('GET', '/api/v1/auth/verify', token))
  for (const [name, token] of Object.entries({ access: pair.accessToken, refresh: pair.refreshToken }))
    await expectRefused(name, await ask('GET', `/api/v1/runs/${runId}/events?ticket=${token}`))
  await expectRefused('ticket of another tenant', await ask('GET', `/api/v1/runs/${otherRunId}/events?ticket=${ticket}`))
  expect((await ask('GET', `/api/v1/runs/${otherRunId}`, pair.accessToken)).status).toBe(404)
  await expectRefused(
    'creating a tenant',
    await ask('POST', '/api/v1/tenants', pair.accessToken, { slug: 'attacker', name: 'Attacker', adminEmail: 'x@x.example' }),
  )
})

test('after the sign-in has ended its token is refused', async () => {
  expect((await ask('DELETE', '/api/v1/sessions', pair.accessToken)).status).toBe(200)
  // An isolate may remember the sign-in for 15 seconds.
  await expect
    .poll(async () => (await ask('GET', '/api/v1/auth/verify', pair.accessToken)).status, { timeout: 25_000, interval: 500 })
    .toBe(401)
})
