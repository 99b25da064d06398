import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { takesKey } from '../../workers/api/idempotent'
import type { Permission } from '../../workers/domain/auth'
import { ABANDONED_MS, RENEW_MS } from '../../workers/domain/idempotency'
import { PATIENCE } from '../patience'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

const ORDER = { workflow: 'document-intake', input: { documentId: 'doc_1' } }
const KEY = { 'Idempotency-Key': 'k1' }
let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const runs = () => kit.tenant(acme.tenantId).runs
const start = () => call(kit, acme, 'POST', '/api/v1/runs', ORDER, KEY)
/** Lets starts take place but never come to their end, as when the process dies. */
function dieWhileStarting(): () => void {
  const working = runs().start
  runs().start = async (order) => {
    await working(order)
    return await new Promise(() => undefined)
  }
  return () => {
    runs().start = working
  }
}

test('a start whose answer was lost by a failure on our side is found by the repetition, at once', async () => {
  const working = runs().start
  runs().start = async (order) => {
    await working(order)
    throw new Error('the connection broke')
  }
  expect((await start()).status).toBe(500)
  runs().start = working
  const again = await start()
  expect(again.status).toBe(202)
  expect([...runs().all.keys()]).toEqual([again.body.id])
})

test('a start whose process died is found by the repetition as soon as its key is given up', async () => {
  const revive = dieWhileStarting()
  void start()
  await vi.waitFor(() => expect(runs().all.size).toBe(1), PATIENCE)
  revive()
  expect((await start()).status).toBe(409)
  kit.clock.advance(ABANDONED_MS + 1)
  const again = await start()
  expect(again.status).toBe(202)
  expect([...runs().all.keys()]).toEqual([again.body.id])
})

test('a request that takes long keeps its key', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const revive = dieWhileStarting()
  void start()
  await vi.waitFor(() => expect(runs().all.size).toBe(1), PATIENCE)
  revive()
  for (let time = 0; time < 10; time += 1) {
    kit.clock.advance(RENEW_MS)
    await vi.advanceTimersByTimeAsync(RENEW_MS)
  }
  expect((await start()).status).toBe(409)
})

test('the same key with another request is refused, also when the first one died', async () => {
  dieWhileStarting()
  void start()
  await vi.waitFor(() => expect(runs().all.size).toBe(1), PATIENCE)
  kit.clock.advance(ABANDONED_MS + 1)
  const other = { ...ORDER, input: { documentId: 'doc_2' } }
  expect(await call(kit, acme, 'POST', '/api/v1/runs', other, KEY)).toMatchObject({ status: 422, body: { reason: 'key_reused' } })
})

describe('an upload', () => {
  const files = () => kit.tenant(acme.tenantId).ports.files.keys()
  async function upload(
    content: string,
    name: string,
    { query = '', fields = {} }: { query?: string; fields?: Record<string, string> } = {},
  ) {
    const form = new FormData()
    for (const [key, value] of Object.entries(fields)) form.append(key, value)
    form.append('file', new File([content], name))
    const whole = new Response(form)
    return await send(await whole.arrayBuffer(), { 'Content-Type': whole.headers.get('Content-Type') ?? '' }, query)
  }
  async function send(body: BodyInit, headers: Record<string, string>, query = '') {
    const sent = { Authorization: `Bearer ${acme.apiKey}`, ...KEY, ...headers }
    const response = await kit.app.request(`/api/v1/documents${query}`, { method: 'POST', body, headers: sent })
    // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
    return { status: response.status, headers: response.headers, body: (await response.json()) as any }
  }
  const reused = { status: 422, body: { reason: 'key_reused' } }

  test('that is repeated gives the first answer, whatever boundary its form has, and stores nothing', async () => {
    const first = await upload('one file', 'a.txt', { fields: { workflow: 'document-intake' } })
    const again = await upload('one file', 'a.txt', { fields: { workflow: 'document-intake' } })
    expect(first.status).toBe(201)
    expect(again).toMatchObject({ status: 201, body: first.body })
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect(files()).toHaveLength(1)
    expect(runs().all.size).toBe(1)
  })

  test('of a file that another document holds already is repeated under its own name', async () => {
    await call(kit, acme, 'POST', '/api/v1/runs', ORDER)
    await send('one file', { 'Content-Type': 'text/plain', 'X-File-Name': 'first.txt', 'Idempotency-Key': 'earlier' })
    const first = await upload('one file', 'second.txt')
    expect(first.body).toMatchObject({ duplicate: true, document: { name: 'first.txt' } })
    expect((await upload('one file', 'second.txt')).body).toEqual(first.body)
  })

  test.each([
    ['bytes of the same length', 'two file', 'a.txt', {}],
    ['name', 'one file', 'b.txt', {}],
    ['fields', 'one file', 'a.txt', { workflow: 'document-intake' }],
  ])('with other %s is refused, and nothing is lost unsaid', async (_, content, name, fields) => {
    await upload('one file', 'a.txt')
    expect(await upload(content, name, { fields })).toMatchObject(reused)
    expect(files()).toHaveLength(1)
  })

  test('as a bare body with other bytes or another name is refused', async () => {
    const bare = (content: string, name: string) => send(content, { 'Content-Type': 'text/plain', 'X-File-Name': name })
    expect((await bare('one file', 'a.txt')).status).toBe(201)
    expect((await bare('one file', 'a.txt')).headers.get('Idempotency-Replayed')).toBe('true')
    expect(await bare('two file', 'a.txt')).toMatchObject(reused)
    expect(await bare('one file', 'b.txt')).toMatchObject(reused)
  })

  test('of another file, after a try that broke off when its run had started, does not pass for its document', async () => {
    const working = runs().start
    runs().start = async (order) => {
      await working(order)
      throw new Error('the connection broke')
    }
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    expect((await upload('one file', 'a.txt', { query: '?workflow=document-intake' })).status).toBe(500)
    runs().start = working
    expect(await upload('two file', 'a.txt', { query: '?workflow=document-intake' })).toMatchObject(reused)
    const again = await upload('one file', 'a.txt', { query: '?workflow=document-intake' })
    expect(again).toMatchObject({ status: 200, body: { run: { documentId: again.body.document.id } } })
    expect(runs().all.size).toBe(1)
  })
})

describe('every guarded POST that does something', () => {
  const key = (order: object, account = acme) => call(kit, account, 'POST', '/api/v1/api-keys', { name: 'k', ...order }, KEY)

  test('makes one API key for one Idempotency-Key, and shows it again to who made it', async () => {
    const [first, again] = [await key({ role: 'client' }), await key({ role: 'client' })]
    expect(first.status).toBe(201)
    expect(again).toMatchObject({ status: 201, body: first.body })
    expect(again.headers.get('Cache-Control')).toBe('no-store')
    expect((await call(kit, acme, 'GET', '/api/v1/api-keys')).body.items).toHaveLength(2)
    expect(await key({ role: 'agent' })).toMatchObject({ status: 422, body: { reason: 'key_reused' } })
  })

  test('gives the answer of what only administrators may do to nobody but who asked first', async () => {
    const permissions = ['api_keys:write']
    await call(kit, acme, 'PUT', '/api/v1/roles/keeper', { permissions })
    const keeper = (await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'keeper', role: 'keeper' })).body.key
    expect((await key({ role: 'admin' })).status).toBe(201)
    const answer = await key({ role: 'admin' }, { ...acme, apiKey: keeper })
    expect(answer).toMatchObject({ status: 422, body: { reason: 'key_reused' } })
    expect(answer.text).not.toContain('stw_')
  })

  test('asks for the permission also when it is repeated', async () => {
    const { body } = await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'weak', role: 'admin', scopes: ['runs:read'] })
    await start()
    expect((await call(kit, { ...acme, apiKey: body.key }, 'POST', '/api/v1/runs', ORDER, KEY)).status).toBe(403)
  })

  test('is refused as wrong before it is entered, with a key that is too long', async () => {
    const long = { 'Idempotency-Key': 'k'.repeat(201) }
    expect((await call(kit, acme, 'POST', '/api/v1/invitations', { email: 'jo@acme.example', role: 'client' }, long)).status).toBe(400)
  })

  test('answers a repetition without a body as the first time, and enters the act once', async () => {
    const verbs = () => kit.tenant(acme.tenantId).audit.open.entries.filter(({ action }) => action.startsWith('post')).length
    const before = verbs()
    const order = { email: 'jo@acme.example', role: 'client' }
    const answers = [1, 2].map(() => call(kit, acme, 'POST', '/api/v1/invitations', order, KEY))
    const [first, second] = [await answers[0], await answers[1]]
    expect([first?.status, second?.status]).toContain(201)
    expect((await call(kit, acme, 'POST', '/api/v1/invitations', order, KEY)).headers.get('Idempotency-Replayed')).toBe('true')
    expect(verbs()).toBe(before + 1)
  })

  test('that reads, or is about the own account, does not take a key: each answer is its own', async () => {
    const { body } = await start()
    const ticket = () => call(kit, acme, 'POST', `/api/v1/runs/${body.id}/events/ticket`, {}, { 'Idempotency-Key': 'ticket' })
    await ticket()
    expect((await ticket()).headers.get('Idempotency-Replayed')).toBeNull()
    const claims = vi.spyOn(kit.tenant(acme.tenantId).idempotency, 'claim')
    await call(kit, acme, 'POST', '/api/v1/account/totp', { password: 'wrong' }, KEY)
    await call(kit, acme, 'POST', '/api/v1/collections/none/import', undefined, KEY)
    expect(claims).not.toHaveBeenCalled()
  })

  test('shows the header in the OpenAPI document, once, and no other route does but the signed webhook', async () => {
    type Shown = Record<string, Record<string, { parameters?: { name: string }[]; 'x-permission'?: Permission; responses: object }>>
    const { paths } = (await call(kit, undefined, 'GET', '/api/v1/openapi.json')).body as { paths: Shown }
    let shown = 0
    for (const [path, operations] of Object.entries(paths))
      for (const [method, operation] of Object.entries(operations)) {
        const times = (operation.parameters ?? []).filter(({ name }) => name === 'Idempotency-Key').length
        const permission = operation['x-permission']
        const isTaken = permission === undefined ? path.includes('/signed/') : takesKey({ method: method.toUpperCase(), path }, permission)
        expect(times, `${method} ${path}`).toBe(isTaken ? 1 : 0)
        if (times === 1 && permission !== undefined)
          expect(Object.keys(operation.responses), path).toEqual(expect.arrayContaining(['409', '422']))
        shown += times
      }
    expect(shown).toBeGreaterThan(30)
  })
})
