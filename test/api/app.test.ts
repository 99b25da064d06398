import { hc } from 'hono/client'
import { expect, expectTypeOf, test } from 'vitest'
import type { App } from '../../workers/api/app'
import type { RunStatus } from '../../workers/domain/runs'
import { call, createAccount, createKit } from './kit'

const kit = createKit()

test('an answer carries a request id, the own one if it is well-formed', async () => {
  expect((await call(kit, undefined, 'GET', '/health')).headers.get('X-Request-Id')).toMatch(/^req_[0-9a-f]{32}$/)
  expect((await call(kit, undefined, 'GET', '/health', undefined, { 'X-Request-Id': 'trace-0001' })).headers.get('X-Request-Id')).toBe(
    'trace-0001',
  )
  expect((await call(kit, undefined, 'GET', '/health', undefined, { 'X-Request-Id': 'a b"' })).headers.get('X-Request-Id')).toMatch(/^req_/)
})

test('a refusal is problem+json with the request id', async () => {
  const { status, headers, body } = await call(kit, undefined, 'GET', '/api/v1/runs')
  expect(status).toBe(401)
  expect(headers.get('Content-Type')).toBe('application/problem+json')
  expect(headers.get('WWW-Authenticate')).toBe('Bearer')
  expect(body).toMatchObject({
    type: 'urn:steward:problem:unauthenticated',
    status: 401,
    code: 'unauthenticated',
    requestId: headers.get('X-Request-Id'),
  })
})

test('an unknown API path is 404 and a wrong method 405, both as problems; the rest is the dashboard', async () => {
  expect(await call(kit, undefined, 'GET', '/api/v1/nope')).toMatchObject({ status: 404, body: { code: 'not_found' } })
  const wrong = await call(kit, undefined, 'PATCH', '/api/v1/documents')
  expect(wrong).toMatchObject({ status: 405, body: { reason: 'method_not_allowed' } })
  expect(wrong.headers.get('Allow')).toBe('GET, POST')
  expect((await call(kit, undefined, 'GET', '/runs/run_1')).text).toBe('the dashboard')
  expect((await call(kit, undefined, 'GET', '/workflows/document-intake')).text).toBe('the dashboard')
  expect(await call(kit, undefined, 'POST', '/somewhere')).toMatchObject({ status: 404, body: { code: 'not_found' } })
})

test('a body over 1 MB is refused', async () => {
  const acme = await createAccount(kit, 'large')
  expect(await call(kit, acme, 'POST', '/api/v1/runs', { workflow: 'x', input: 'x'.repeat(1_048_576) })).toMatchObject({
    status: 413,
    body: { code: 'too_large' },
  })
})

test('readiness names the part that does not answer, and no internals', async () => {
  expect(await call(kit, undefined, 'GET', '/ready')).toMatchObject({
    status: 200,
    body: { status: 'ready', checks: { d1: { status: 'ok' } } },
  })
  const fine = async () => undefined
  const broken = createKit({ checks: { d1: fine, object: fine, r2: () => Promise.reject(new Error('bucket secret-name')) } })
  const answer = await call(broken, undefined, 'GET', '/ready')
  expect(answer).toMatchObject({ status: 503, body: { status: 'not_ready', checks: { r2: { status: 'failed' }, d1: { status: 'ok' } } } })
  expect(answer.text).not.toContain('secret-name')
})

test('a defect answers 500 without internals', async () => {
  const broken = createKit({
    runs: () => {
      throw new Error('stack with secrets')
    },
  })
  const acme = await createAccount(broken, 'acme')
  const answer = await call(broken, acme, 'GET', '/api/v1/runs')
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
  expect(answer.text).not.toContain('secrets')
})

test('the docs page loads only what is ours', async () => {
  const { text, headers } = await call(kit, undefined, 'GET', '/api/v1/docs')
  expect(text).toContain('src="/docs/standalone.js"')
  expect(text).not.toMatch(/https?:\/\//)
  expect(headers.get('Content-Security-Policy')).toContain("script-src 'self'")
})

test('the typed client knows paths, inputs and answers', async () => {
  const acme = await createAccount(kit, 'typed')
  const client = hc<App>('http://steward.test', {
    fetch: async (input: string | URL | Request, init?: RequestInit) => kit.app.request(input, init),
    headers: { Authorization: `Bearer ${acme.apiKey}` },
  })
  const started = await client.api.v1.runs.$post({ json: { workflow: 'document-intake', input: { documentId: 'doc_1' } } })
  const run = await started.json()
  expectTypeOf(run.status).toEqualTypeOf<RunStatus>()
  const listed = await client.api.v1.runs.$get({ query: { status: 'running' } })
  expect((await listed.json()).items.map((item) => item.id)).toEqual([run.id])
  const found = await client.api.v1.runs[':id'].$get({ param: { id: run.id } })
  expect((await found.json()).workflow).toBe('document-intake')
})

test.each(['/api/v1/runs/', '/api/v1/documents//', '/api/v1/workflows/execute/'])('%s is told of its slash too many', async (path) => {
  const kit = createKit()
  for (const method of ['GET', 'POST'])
    expect(await call(kit, undefined, method, path, method === 'POST' ? {} : undefined)).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: expect.stringContaining(path.replace(/\/+$/, '')) },
    })
})
