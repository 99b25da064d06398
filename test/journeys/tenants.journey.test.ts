import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PLANS } from '../../workers/domain/plans'

const url = process.env.STEWARD_URL ?? ''
const operator = process.env.STEWARD_ADMIN_TOKEN ?? ''
const PASSWORD = 'a long enough password'
/** What the answers of the model are said to have cost. */
const TOKENS_PER_ANSWER = 40

interface Created {
  tenant: { id: string; slug: string; residency: string }
  apiKey: { key: string }
}
let modelServer: Server
beforeAll(async () => {
  modelServer = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const message = { role: 'assistant', content: 'No plan comes to mind.' }
      const usage = { prompt_tokens: TOKENS_PER_ANSWER - 1, completion_tokens: 1, total_tokens: TOKENS_PER_ANSWER }
      response.end(JSON.stringify({ id: '1', model: 'm', choices: [{ index: 0, message, finish_reason: 'stop' }], usage }))
    })
  })
  await new Promise<void>((resolve) => modelServer.listen(0, '127.0.0.1', resolve))
})
afterAll(() => void modelServer.close())

async function ask(token: string | undefined, method: string, path: string, body?: unknown, type = 'application/json') {
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && !(body instanceof FormData) && { 'content-type': type }),
  }
  const sent = body === undefined || body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${url}${path}`, { method, headers, ...(sent !== undefined && { body: sent }) })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

async function create(slug: string, more: object = {}): Promise<Created & { key: string }> {
  const order = { slug, name: slug, adminEmail: `admin@${slug}.example`, adminPassword: PASSWORD, ...more }
  const { status, body } = await ask(operator, 'POST', '/api/v1/tenants', order)
  expect(status).toBe(201)
  return { ...body, key: body.apiKey.key }
}
const plan = async ({ tenant }: Created, limits: object) =>
  expect(await ask(operator, 'PUT', '/api/v1/budgets/plan', { tenantId: tenant.id, plan: { ...PLANS.trial, ...limits } })).toMatchObject({
    status: 200,
  })
const upload = (key: string, name: string, bytes: Uint8Array<ArrayBuffer> | string, query = '') => {
  const form = new FormData()
  form.set('file', new Blob([bytes]), name)
  return ask(key, 'POST', `/api/v1/documents${query}`, form)
}
const mail = (slug: string, body: string) =>
  ask(undefined, 'POST', `/cdn-cgi/handler/email?from=a@b.example&to=${encodeURIComponent(`document-intake+${slug}@in.example`)}`, body)
const letter = (body: string) =>
  `From: a@b.example\r\nTo: x@in.example\r\nSubject: Hi\r\nMessage-ID: <${crypto.randomUUID()}@b.example>\r\n\r\n${body}`

async function ended(key: string, id: string) {
  for (let tries = 0; tries < 300; tries += 1) {
    const { body } = await ask(key, 'GET', `/api/v1/runs/${id}`)
    if (['completed', 'failed', 'cancelled'].includes(body.status)) return body
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`run ${id} never ended`)
}

test('runs: above those of a day a start is refused with 429 and when to come again', async () => {
  const acme = await create('limits-runs')
  await plan(acme, { runsPerDay: 2 })
  await ask(
    acme.key,
    'PUT',
    '/api/v1/workflows/short',
    'name: short\ninput: { type: object }\nsteps: [{ id: a, set: 1 }]\n',
    'application/yaml',
  )
  const start = () => ask(acme.key, 'POST', '/api/v1/runs', { workflow: 'short', input: {} })
  expect([(await start()).status, (await start()).status]).toEqual([202, 202])
  const refused = await start()
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited', reason: 'plan_runsPerDay' } })
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
})

test('storage: an upload, a mail and a member of an archive above the plan are refused; deleting makes room', async () => {
  const acme = await create('limits-storage')
  await plan(acme, { storageBytes: 1_500 })
  expect(await upload(acme.key, 'large.txt', 'x'.repeat(1_501))).toMatchObject({
    status: 402,
    body: { code: 'over_budget', reason: 'plan_storageBytes' },
  })
  const first = await upload(acme.key, 'first.txt', 'y'.repeat(1_000))
  expect(first.status).toBe(201)
  expect(JSON.stringify((await mail('limits-storage', letter('z'.repeat(800)))).body)).toContain('no room for further documents')

  const archive = zipSync({
    'member.txt': new TextEncoder().encode(Array.from({ length: 100 }, (_, line) => `Position ${line}`).join('\n')),
  })
  const { status, body } = await upload(acme.key, 'all.zip', new Uint8Array(archive), '?workflow=document-intake')
  expect(status).toBe(201)
  const run = await ended(acme.key, body.run.id)
  expect(run).toMatchObject({ status: 'failed', error: { code: 'over_budget', reason: 'plan_storageBytes' } })
  const { items } = (await ask(acme.key, 'GET', '/api/v1/documents')).body
  expect(items.map(({ name }: { name: string }) => name).sort()).toEqual(['all.zip', 'first.txt'])

  expect((await ask(acme.key, 'DELETE', `/api/v1/documents/${first.body.document.id}`)).status).toBeLessThan(300)
  expect((await upload(acme.key, 'second.txt', 'w'.repeat(1_000))).status).toBe(201)
})

test('storage: a report counts', async () => {
  const acme = await create('limits-reports')
  const yaml = `name: told
input: { type: object }
steps:
  - { id: r, agent: report, operation: write, input: { template: blocks, title: T, data: { title: T, blocks: [{ kind: text, text: "${'long '.repeat(500)}" }] }, formats: [html] } }
`
  expect((await ask(acme.key, 'PUT', '/api/v1/workflows/told', yaml, 'application/yaml')).status).toBeLessThan(300)
  const { body } = await ask(acme.key, 'POST', '/api/v1/runs', { workflow: 'told', input: {} })
  expect(await ended(acme.key, body.id)).toMatchObject({ status: 'completed' })
  await plan(acme, { storageBytes: 2_000 })
  expect(await upload(acme.key, 'a.txt', 'one byte is too much')).toMatchObject({ status: 402, body: { reason: 'plan_storageBytes' } })
})

test('tokens: once those of the month are used up, what needs a model is refused with 402', async () => {
  const acme = await create('limits-tokens')
  const modelUrl = `http://127.0.0.1:${(modelServer.address() as AddressInfo).port}/v1`
  const models = `providers:\n  p: { protocol: openai, url: "${modelUrl}" }\nmodels:\n  m: { provider: p, name: m }\npurposes:\n  default: { use: [m] }\n`
  expect((await ask(acme.key, 'PUT', '/api/v1/models', models, 'application/yaml')).status).toBe(200)
  await plan(acme, { tokensPerMonth: TOKENS_PER_ANSWER - 1 })
  const planned = () => ask(acme.key, 'POST', '/api/v1/workflows/plan', { goal: 'Summarise every uploaded contract.' })
  // The first call is let through: what it will use is known when it has been used.
  let answer = await planned()
  for (let tries = 0; tries < 3 && answer.status !== 402; tries += 1) answer = await planned()
  expect(answer).toMatchObject({ status: 402, body: { code: 'over_budget', reason: 'plan_tokensPerMonth' } })
})

test('seats: above the plan nobody is invited, provisioned or enabled', async () => {
  const acme = await create('limits-seats')
  await plan(acme, { seats: 2 })
  const provision = (name: string, active = true) => {
    const [userName, emails] = [`${name}@limits-seats.example`, [{ value: `${name}@limits-seats.example` }]]
    return ask(acme.key, 'POST', '/api/v1/scim/v2/Users', { userName, emails, active }, 'application/scim+json')
  }
  const one = await provision('one')
  expect(one.status).toBe(201)
  const refused = { status: 402, body: { code: 'over_budget', reason: 'plan_seats' } }
  expect(await ask(acme.key, 'POST', '/api/v1/invitations', { email: 'two@limits-seats.example', role: 'client' })).toMatchObject(refused)
  expect((await provision('two')).status).toBe(402)
  const closed = await provision('three', false)
  expect(closed.status, 'who is not active takes no seat').toBe(201)
  expect(await ask(acme.key, 'POST', `/api/v1/users/${closed.body.id}/enable`)).toMatchObject(refused)
  expect((await ask(acme.key, 'POST', `/api/v1/users/${one.body.id}/disable`)).status).toBeLessThan(300)
  expect((await ask(acme.key, 'POST', `/api/v1/users/${closed.body.id}/enable`)).status).toBeLessThan(300)
})

test('a suspended tenant and one that is deleted is refused at every door until that is taken back', async () => {
  const acme = await create('doors', { residency: 'none' })
  const login = () => ask(undefined, 'POST', '/api/v1/auth/login', { tenant: 'doors', email: 'admin@doors.example', password: PASSWORD })
  const pair = (await login()).body
  await ask(
    acme.key,
    'PUT',
    '/api/v1/workflows/nap',
    'name: nap\ninput: { type: object }\nsteps: [{ id: a, wait: { for: 1h } }]\n',
    'application/yaml',
  )
  const run = (await ask(acme.key, 'POST', '/api/v1/runs', { workflow: 'nap', input: {} })).body
  const { secret } = (await ask(acme.key, 'POST', '/api/v1/webhooks/secret/rotate', {})).body
  const signed = () => {
    const [body, time] = [JSON.stringify({ n: crypto.randomUUID() }), Math.floor(Date.now() / 1_000)]
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
    return fetch(`${url}/api/v1/webhooks/signed/doors/nap`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'Steward-Signature': `t=${time},v1=${signature}` },
      body,
    })
  }
  const ticket = (await ask(pair.accessToken, 'POST', `/api/v1/runs/${run.id}/events/ticket`)).body.ticket
  const watch = (path: string) => ask(undefined, 'GET', `/api/v1/runs/${run.id}/events${path}`)
  expect((await signed()).status).toBe(202)
  // Let in, and told that this is no way to ask.
  expect((await watch(`?ticket=${ticket}`)).status).toBe(400)
  const operate = (act: string, body?: object) => ask(operator, 'POST', `/api/v1/tenants/${acme.tenant.id}/${act}`, body)

  for (const [close, open, status] of [
    [() => operate('suspend'), () => operate('reactivate'), 'suspended'],
    [() => operate('delete', { slug: 'doors', days: 1 }), () => operate('take-back'), 'deleting'],
  ] as const) {
    expect(await close()).toMatchObject({ status: 200, body: { status } })
    expect(await login()).toMatchObject({ status: 403, body: { reason: `tenant_${status}` } })
    await expect.poll(async () => (await ask(acme.key, 'GET', '/api/v1/runs')).status, { timeout: 30_000 }).toBe(401)
    await expect.poll(async () => (await ask(pair.accessToken, 'GET', '/api/v1/runs')).status, { timeout: 30_000 }).toBe(401)
    expect((await ask(acme.key, 'GET', '/api/v1/scim/v2/Users')).status).toBe(401)
    expect((await watch(`?ticket=${ticket}`)).status).toBe(401)
    expect((await signed()).status).toBe(401)
    expect(JSON.stringify((await mail('doors', letter('hello'))).body)).toContain('No such recipient')
    expect(await open()).toMatchObject({ status: 200, body: { status: 'active' } })
    await expect.poll(async () => (await ask(acme.key, 'GET', '/api/v1/runs')).status, { timeout: 30_000 }).toBe(200)
    expect((await login()).status).toBe(200)
  }
  await operate('suspend')
  expect(await ask(undefined, 'POST', '/api/v1/auth/refresh', { refreshToken: pair.refreshToken })).toMatchObject({
    status: 403,
    body: { reason: 'tenant_suspended' },
  })
})

test('a residency that is simulated is told, kept in the id, and carries a whole run', async () => {
  const acme = await create('residency', { residency: 'eu' })
  expect(acme.tenant).toMatchObject({ residency: 'eu', id: expect.stringMatching(/^ten_eu_[0-9a-f]{32}$/) })
  const { body } = await upload(acme.key, 'note.txt', 'A note about nothing in particular.', '?workflow=document-intake')
  expect((await ended(acme.key, body.run.id)).id).toBe(body.run.id)
  expect((await ask(acme.key, 'GET', '/api/v1/tenants/me')).body.residency).toBe('eu')
})
