import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDemoTenant, type DemoTenant } from '../../scripts/client.ts'
import { launchSteward, localSecrets, type Steward } from '../../scripts/launch.ts'
import { canaryLetter, canaryModels, canaryWorkflow } from './canary-workflow.ts'

/** Unmistakable values, one for each place at which a secret or personal datum enters. */
const CANARIES: Record<string, string> = {
  webhookSecret: 'canary-webhook-7f3a9c51e2',
  mailCredential: 'canary-smtp-5d81b0c4aa',
  modelKey: 'sk-canary-model-91e07d22bf',
  bearer: 'canary-bearer-3c66f1098e',
  password: 'canary-password-b8d24e77',
  wrongPassword: 'canary-wrong-6a0f3392cd',
  person: 'Canaria Vogelsang',
  phone: '+49 30 5550 1122 99',
}

interface Seen {
  what: string
  text: string
}

let steward: Steward
let tenant: DemoTenant
let echo: Server
let echoUrl: string
const persistTo = mkdtempSync(join(tmpdir(), 'steward-canaries-'))
/** Every answer, whole. */
const answers: Seen[] = []
/** What other sides received. */
const received: string[] = []

beforeAll(async () => {
  // Repeats whatever it is sent, as badly behaved providers do; a path with /fail/ answers as a refusal.
  echo = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const said = `${JSON.stringify(request.headers)} ${Buffer.concat(chunks).toString('utf8')}`
      received.push(`${request.url} ${said}`)
      const refusal = { error: { message: `Incorrect API key provided: ${request.headers.authorization}. You sent ${said}` } }
      const isRefused = /chat\/completions|fail/.test(request.url ?? '')
      response.writeHead(isRefused ? 401 : 200, { 'content-type': 'application/json', 'x-echo': request.headers.authorization ?? '' })
      response.end(JSON.stringify(isRefused ? refusal : { youSent: said, headers: request.headers }))
    })
  })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  echoUrl = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`
  CANARIES.masterKey = localSecrets().STEWARD_MASTER_KEY
  CANARIES.adminToken = localSecrets().STEWARD_ADMIN_TOKEN
  steward = await launchSteward({ persistTo })
  tenant = await createDemoTenant(steward, { slug: 'canary', name: 'Canary GmbH' })
  CANARIES.apiKey = tenant.apiKey
  CANARIES.firstPassword = tenant.password
})
afterAll(async () => {
  await steward?.stop()
  echo?.close()
  rmSync(persistTo, { recursive: true, force: true })
})

/** Asks, and keeps the answer to be searched; `isShown` where the answer shows a secret once by its purpose. */
async function ask<T>(
  method: string,
  path: string,
  options: { token?: string; body?: unknown; type?: string; isShown?: boolean; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: T }> {
  const { token = tenant.apiKey, body, type = 'application/json', isShown = false, headers = {} } = options
  const response = await fetch(`${steward.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${token}`,
      ...headers,
      ...(body !== undefined && !(body instanceof FormData) && { 'content-type': type }),
    },
    ...(body !== undefined && { body: body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!isShown) answers.push({ what: `${method} ${path} → ${response.status}`, text: `${text} ${JSON.stringify([...response.headers])}` })
  return {
    status: response.status,
    body: (/json/.test(response.headers.get('content-type') ?? '') && !text.includes('\n{') ? JSON.parse(text) : text) as T,
  }
}

interface Run {
  id: string
  status: string
  input?: { contact?: string }
  outputs?: unknown
  approvals: { id: string; status: string; details: unknown }[]
  error?: { message: string }
}

async function ended(id: string): Promise<Run> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { body: run } = await ask<Run>('GET', `/api/v1/runs/${id}`, { isShown: true })
    const open = run.approvals.find((approval) => approval.status === 'open')
    if (open) await ask('PUT', `/api/v1/runs/${id}/continue`, { body: { approvalId: open.id, decision: 'approve' }, isShown: true })
    else if (['completed', 'failed', 'cancelled'].includes(run.status)) return run
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`run ${id} never ended`)
}

let runId: string
let reportId: string
let blindKey: string

test('what is marked as personal data reaches whom it is sent to, and readers who may see it', async () => {
  const put = (name: string, value: string) => ask('PUT', `/api/v1/tenants/me/secrets/${name}`, { body: { value } })
  await put('webhook:default', JSON.stringify({ url: `${echoUrl}/hook`, secret: CANARIES.webhookSecret }))
  await put('mail', CANARIES.mailCredential ?? '')
  await put('model-key', CANARIES.modelKey ?? '')
  await put('bearer', CANARIES.bearer ?? '')
  expect((await ask('PUT', '/api/v1/models', { body: canaryModels(echoUrl), type: 'application/yaml' })).status).toBe(200)
  const saved = await ask('PUT', '/api/v1/workflows/canary', { body: canaryWorkflow(echoUrl), type: 'application/yaml' })
  expect([saved.status, saved.body]).toMatchObject([expect.toSatisfy((status: number) => status < 300), {}])
  const form = new FormData()
  form.set('file', new Blob([canaryLetter(CANARIES.person ?? '')]), 'letter.txt')
  const { body: uploaded } = await ask<{ document: { id: string } }>('POST', '/api/v1/documents', { body: form })
  const started = await ask<Run>('POST', '/api/v1/runs', {
    body: { workflow: 'canary', input: { documentId: uploaded.document.id, contact: CANARIES.phone } },
    isShown: true,
  })
  runId = started.body.id
  const run = await ended(runId)
  expect(run.error).toBeUndefined()
  expect(run.status).toBe('completed')
  expect(run.input?.contact).toBe(CANARIES.phone)
  expect(run.outputs).toMatchObject({ greeting: `Dear ${CANARIES.person}, call ${CANARIES.phone}` })
  expect(received.find((request) => request.startsWith('/relay'))).toContain(`Dear ${CANARIES.person}, call ${CANARIES.phone}`)
  expect(received.find((request) => request.startsWith('/relay'))).toContain(`Bearer ${CANARIES.bearer}`)
  expect(received.find((request) => request.startsWith('/hook'))).toContain(`"patient":"${CANARIES.person}"`)
  expect(received.some((request) => request.includes(`Bearer ${CANARIES.modelKey}`))).toBe(true)
  const reports = await ask<{ items: { id: string; title: string }[] }>('GET', `/api/v1/runs/${runId}/reports`, { isShown: true })
  expect(reports.body.items[0]?.title).toContain(CANARIES.person)
  reportId = reports.body.items[0]?.id ?? ''
})

test('sign-in, refusals, keys and authenticator apps show a secret where they must and nowhere else', async () => {
  const login = (password: string | undefined, isShown: boolean) =>
    ask<{ accessToken: string; refreshToken: string }>('POST', '/auth/login', {
      body: { tenant: tenant.slug, email: tenant.email, password },
      isShown,
    })
  expect((await login(CANARIES.wrongPassword, false)).status).toBe(401)
  const { body: pair } = await login(tenant.password, true)
  Object.assign(CANARIES, { accessToken: pair.accessToken, refreshToken: pair.refreshToken })
  const { body: renewed } = await ask<{ refreshToken: string }>('POST', '/auth/refresh', {
    body: { refreshToken: pair.refreshToken },
    isShown: true,
  })
  CANARIES.renewedToken = renewed.refreshToken
  const totp = await ask<{ secret: string }>('POST', '/api/v1/account/totp', {
    token: pair.accessToken,
    body: { password: tenant.password },
    isShown: true,
  })
  expect(totp.status).toBe(201)
  CANARIES.totpSecret = totp.body.secret
  await ask('POST', '/api/v1/account/totp/confirm', { token: pair.accessToken, body: { code: '000000' } })
  // Broken bodies and refused ones: what was sent is not repeated.
  await ask('POST', '/auth/login', { body: `{"password":"${CANARIES.wrongPassword}",` })
  await ask('POST', '/auth/refresh', { body: { refreshToken: `${pair.refreshToken}x` } })
  await ask('PUT', '/api/v1/tenants/me/secrets/NOT-A-NAME', { body: { value: CANARIES.mailCredential } })
  await ask('POST', '/api/v1/tenant/keys/rotate')
  const all = Object.keys((await permissions()) as object)
  await ask('PUT', '/api/v1/roles/blind', { body: { permissions: all.filter((name) => name !== 'pii:read') } })
  const key = await ask<{ key: string }>('POST', '/api/v1/api-keys', { body: { name: 'Blind', role: 'blind' }, isShown: true })
  expect(key.status).toBe(201)
  blindKey = key.body.key
  CANARIES.blindKey = blindKey
  const models = await ask<{ items: { message?: string }[] }>('POST', '/api/v1/models/test', { body: {} })
  expect(JSON.stringify(models.body)).toMatch(/does not accept the API key/)
})

async function permissions(): Promise<Record<string, unknown>> {
  const { PERMISSIONS } = await import('../../workers/domain/auth.ts')
  return PERMISSIONS
}

test('who may not see personal data finds none on any route, and nobody finds a secret', async () => {
  const { body: description } = await ask<{ paths: Record<string, Record<string, unknown>> }>('GET', '/api/v1/openapi.json')
  const parts: Record<string, string> = {
    id: runId,
    runId,
    key: 'extract',
    seq: '1',
    name: 'canary',
    format: 'html',
    other: runId,
    workflow: 'canary',
  }
  // Documents are files: who may read them reads what they say.
  const routes = Object.entries(description.paths).filter(([path, operations]) => 'get' in operations && !/\/documents\/\{/.test(path))
  expect(routes.length).toBeGreaterThan(40)
  for (const [path] of routes) {
    const filled = path.includes('/reports/{') ? path.replace('{id}', reportId).replace('{format}', 'xlsx') : path
    await ask(
      'GET',
      filled.replace(/\{([^}]+)\}/g, (_, part: string) => parts[part] ?? 'x'),
      { token: blindKey },
    )
  }
  for (const key of ['read', 'extract', 'greeting', 'relay', 'refused', 'summary', 'report', 'tell'])
    await ask('GET', `/api/v1/runs/${runId}/steps/${key}/output`, { token: blindKey })
  await ask('GET', `/api/v1/usage?format=csv`, { token: blindKey })
  await ask('GET', '/api/v1/usage/export', { token: blindKey })
  const masked = await ask<Run>('GET', `/api/v1/runs/${runId}`, { token: blindKey })
  expect(masked.body.input?.contact).toBe('•••')
  await events(blindKey)
  expect(found(answers)).toEqual([])
})

/** The live feed from the first event on. */
async function events(token: string): Promise<void> {
  const { body } = await ask<{ ticket: string }>('POST', `/api/v1/runs/${runId}/events/ticket`, { token, isShown: true })
  const socket = new WebSocket(
    `${steward.url.replace(/^http/, 'ws')}/api/v1/runs/${runId}/events?after=0&ticket=${encodeURIComponent(body.ticket)}`,
  )
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('the live feed broke')))
    socket.addEventListener('message', (message) => {
      answers.push({ what: 'live event', text: String(message.data) })
      if (String(message.data).includes('run.completed')) resolve()
    })
  })
  socket.close()
}

/** Canaries by where they stand. */
const found = (seen: Seen[], names = Object.keys(CANARIES)): string[] =>
  seen.flatMap(({ what, text }) =>
    names.filter((name) => formsOf(CANARIES[name] ?? '').some((form) => text.includes(form))).map((name) => `${name} in ${what}`),
  )

/** As it is, as base64 at each of the three offsets would show it, and as a URL writes it. */
const formsOf = (value: string): string[] => [
  value,
  Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -2),
  encodeURIComponent(value),
]

test('an archive shows no secret, and marked fields only in files, and an export about a person what was asked for and no secret', async () => {
  const key = randomBytes(32).toString('base64')
  const archive = await ask<string>('GET', '/api/v1/tenants/me/archive', { headers: { 'X-Archive-Key': key }, isShown: true })
  expect(archive.status).toBe(200)
  expect(String(archive.body).length).toBeGreaterThan(1_000)
  const secrets = Object.keys(CANARIES).filter((name) => name !== 'person' && name !== 'phone')
  expect(found([{ what: 'archive', text: String(archive.body) }], secrets)).toEqual([])
  // Files are as they are stored: readable without SEAL_FILES, as docs/BACKUP.md says.
  const rows = String(archive.body)
    .split('\nSTW1 ')
    .filter((part) => !part.slice(0, 500).includes('"kind":"file"'))
  expect(rows.length).toBeGreaterThan(5)
  expect(found(rows.map((text, at) => ({ what: `part ${at} of the archive`, text })))).toEqual([])
  const order = { kind: 'name', identifier: CANARIES.person }
  const asked = await ask<{ id: string }>('POST', '/api/v1/data-subjects/export', { body: order, isShown: true })
  expect(asked.status).toBeLessThan(300)
  const path = `/api/v1/data-subjects/${asked.body.id}`
  await expect
    .poll(async () => (await ask<{ status: string }>('GET', path, { isShown: true })).body.status, { timeout: 60_000, interval: 200 })
    .toBe('done')
  const file = await ask<unknown>('GET', `${path}/export`, { isShown: true })
  const text = typeof file.body === 'string' ? file.body : JSON.stringify(file.body)
  expect(text).toContain(CANARIES.person)
  expect(found([{ what: 'export about a person', text }], secrets)).toEqual([])
  // Who may not see personal data gets neither the order nor the file, and finds nothing of it in the list.
  expect((await ask('POST', '/api/v1/data-subjects/export', { token: blindKey, body: order })).status).toBe(403)
  expect((await ask('GET', `${path}/export`, { token: blindKey })).status).toBe(403)
  for (const each of [path, '/api/v1/data-subjects']) expect((await ask('GET', each, { token: blindKey })).status).toBe(200)
  expect(found(answers)).toEqual([])
})

test("the Worker's log holds no secret and no personal datum", () => {
  expect(steward.log().length).toBeGreaterThan(0)
  expect(
    found(
      steward
        .log()
        .split('\n')
        .map((line) => ({ what: `log: ${line.slice(0, 200)}`, text: line })),
    ),
  ).toEqual([])
})

test('on disk no secret stands in clear, and no marked field outside of the document itself', async () => {
  await steward.stop()
  const files = readdirSync(persistTo, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const kept = (matches: (file: string) => boolean): Seen[] =>
    files.filter(matches).map((file) => ({ what: file.slice(persistTo.length), text: readFileSync(file, 'latin1') }))
  expect(kept((file) => /[/\\]d1[/\\]/.test(file)).length).toBeGreaterThan(0)
  expect(kept((file) => /[/\\]do[/\\].*Run/.test(file)).length).toBeGreaterThan(0)
  const people = ['person', 'phone']
  const secrets = Object.keys(CANARIES).filter((name) => !people.includes(name))
  expect(
    found(
      kept(() => true),
      secrets,
    ),
  ).toEqual([])
  expect(
    found(
      kept((file) => !/[/\\]r2[/\\]/.test(file)),
      people,
    ),
  ).toEqual([])
})
