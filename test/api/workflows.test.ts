import { beforeEach, expect, test } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const source = (greeting: string) => `name: hello
steps:
  - id: greet
    set: '${greeting}'
`

async function put(text: string, headers: Record<string, string> = {}, name = 'hello') {
  const response = await kit.app.request(`/api/v1/workflows/${name}`, {
    method: 'PUT',
    body: text,
    headers: { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'application/yaml', ...headers },
  })
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
  return { status: response.status, etag: response.headers.get('ETag') ?? '', body: (await response.json()) as any }
}

test('a workflow is saved, read back with its text, and listed beside the built-in ones', async () => {
  const saved = await put(source('hi'))
  expect(saved.status).toBe(201)
  const read = await call(kit, acme, 'GET', '/api/v1/workflows/hello')
  expect(read.body).toMatchObject({ name: 'hello', source: source('hi'), builtIn: false, version: saved.body.version })
  expect(read.headers.get('ETag')).toBe(`"${saved.body.version}"`)
  const { body } = await call(kit, acme, 'GET', '/api/v1/workflows')
  expect(body.items.map((item: { name: string }) => item.name)).toEqual(['document-intake', 'hello'])
})

test('a text that is no workflow tells line and column and is not stored', async () => {
  const { status, body } = await put('name: hello\nsteps:\n  - id: greet\n    sett: 1\n')
  expect(status).toBe(400)
  expect(body.problems[0]).toMatchObject({
    file: 'hello.yaml',
    line: expect.any(Number),
    column: expect.any(Number),
    message: expect.any(String),
  })
  expect((await call(kit, acme, 'GET', '/api/v1/workflows/hello')).status).toBe(404)
})

test('the name in the text and in the path must agree', async () => {
  expect(await put(source('hi'), {}, 'other')).toMatchObject({ status: 400, body: { problems: [{ path: 'name' }] } })
})

test('an edit of an old version is refused with 412, one of the newest is saved', async () => {
  const first = await put(source('one'))
  const second = await put(source('two'), { 'If-Match': first.etag })
  expect(second.status).toBe(200)
  expect(await put(source('three'), { 'If-Match': first.etag })).toMatchObject({
    status: 412,
    body: { code: 'conflict', reason: 'precondition_failed' },
  })
  expect((await put(source('three'), { 'If-None-Match': '*' })).status).toBe(412)
  const { body } = await call(kit, acme, 'GET', '/api/v1/workflows/hello/versions')
  expect(body.items.map((item: { version: string }) => item.version)).toEqual([second.body.version, first.body.version])
  expect((await call(kit, acme, 'GET', `/api/v1/workflows/hello?version=${first.body.version}`)).body.source).toBe(source('one'))
})

test('settings are edited on the revision that was read', async () => {
  const read = await call(kit, acme, 'GET', '/api/v1/tenants/me/settings')
  const etag = read.headers.get('ETag') ?? ''
  const changed = { ...read.body, locale: 'de', branding: { ...read.body.branding, primaryColor: '#123456' } }
  expect(await call(kit, acme, 'PUT', '/api/v1/tenants/me/settings', changed, { 'If-Match': etag })).toMatchObject({
    status: 200,
    body: { locale: 'de' },
  })
  expect((await call(kit, acme, 'PUT', '/api/v1/tenants/me/settings', read.body, { 'If-Match': etag })).status).toBe(412)
  expect((await call(kit, acme, 'GET', '/api/v1/tenants/me')).body).toMatchObject({
    slug: 'acme',
    settings: { branding: { primaryColor: '#123456' } },
  })
  const wrong = { ...changed, branding: { ...changed.branding, primaryColor: 'red' } }
  expect(await call(kit, acme, 'PUT', '/api/v1/tenants/me/settings', wrong)).toMatchObject({
    status: 400,
    body: { problems: [{ path: 'branding.primaryColor' }] },
  })
})

test('a secret is set and cannot be read back', async () => {
  expect((await call(kit, acme, 'PUT', '/api/v1/tenants/me/secrets/webhook:demo', { value: 's3cret' })).status).toBe(204)
  expect(await kit.tenant(acme.tenantId).ports.secrets.get('webhook:demo')).toBe('s3cret')
  expect((await call(kit, acme, 'GET', '/api/v1/tenants/me/secrets/webhook:demo')).status).toBe(405)
})

test('a report is downloaded in the formats that were written', async () => {
  const { ports } = kit.tenant(acme.tenantId)
  await ports.reports.insert({
    id: 'rep_1',
    runId: 'run_1',
    title: 'Q3/2026 Übersicht',
    formats: ['csv'],
    createdAt: '2026-11-21T09:00:00.000Z',
  })
  await ports.files.put('reports/rep_1/report.csv', 'a,b\n', 'text/plain')
  const csv = await call(kit, acme, 'GET', '/api/v1/reports/rep_1/csv')
  expect(csv.text).toBe('a,b\n')
  expect(csv.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
  expect(csv.headers.get('Content-Disposition')).toContain("filename*=UTF-8''Q3-2026%20%C3%9Cbersicht.csv")
  expect((await call(kit, acme, 'GET', '/api/v1/reports/rep_1/pdf')).status).toBe(404)
})

test('a logo is a PNG or JPEG, or is not taken', async () => {
  const { body } = await call(kit, acme, 'GET', '/api/v1/tenants/me/settings')
  const save = (logo: string) => call(kit, acme, 'PUT', '/api/v1/tenants/me/settings', { ...body, branding: { ...body.branding, logo } })
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).toString('base64')
  for (const logo of [
    'javascript:alert(1)',
    'data:image/svg+xml;base64,PHN2Zy8+',
    `data:text/html;base64,${png}`,
    'https://x.example/a.png',
    'PHN2Zy8+',
  ])
    expect(await save(logo), logo).toMatchObject({ status: 400, body: { problems: [{ path: 'branding.logo' }] } })
  for (const logo of [png, `data:image/png;base64,${png}`, '']) expect((await save(logo)).status, logo).toBe(200)
})
