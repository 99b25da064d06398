import { beforeEach, expect, test, vi } from 'vitest'
import { leavesEntry, operationOf } from '../../workers/api/audit-acts'
import { INSTALLATION } from '../../workers/domain/audit'
import type { Permission } from '../../workers/domain/auth'
import { verify } from '../contracts/audit'
import { PATIENCE } from '../patience'
import { type Account, ADMIN_TOKEN, call, createAccount, createKit, type Kit } from './kit'
import { addMember, asPerson, mailedCode, PASSWORD } from './members'

/** Changing routes that no guard stands before: each has its own way into the audit, or changes nothing worth one. */
const WITHOUT_GUARD: Record<string, string> = {
  'POST /api/v1/auth/login': 'signed_in, sign_in_failed',
  'POST /api/v1/auth/passkeys': 'signed_in',
  'POST /api/v1/auth/oidc/token': 'signed_in',
  'POST /api/v1/auth/refresh': 'renews what signed_in began; refresh_token_reused when it goes wrong',
  'POST /api/v1/auth/passkeys/options': 'changes nothing: a challenge for a sign-in',
  'POST /api/v1/account/password-reset': 'changes nothing: a mail with a code',
  'POST /api/v1/account/password-reset/confirm': 'password_reset',
  'POST /api/v1/account/email-verification/confirm': 'email_verified',
  'POST /api/v1/invitations/accept': 'user_joined',
  'POST /api/v1/tenants': 'begun and ended in the chain of the installation',
  'POST /api/v1/operations/restore': 'entered in the chain of the installation once all is there: that chain is itself restored',
  'POST /api/v1/tenants/import': 'entered in the chain of the installation once all is there',
  'POST /api/v1/tenants/{id}/delete': 'begun and ended in the chain of the installation',
  'POST /api/v1/tenants/{id}/reactivate': 'begun and ended in the chain of the installation',
  'POST /api/v1/tenants/{id}/suspend': 'begun and ended in the chain of the installation',
  'POST /api/v1/tenants/{id}/take-back': 'begun and ended in the chain of the installation',
  'PUT /api/v1/budgets/plan': 'begun and ended in the chain of the tenant',
}

/** POSTs that only read. A new one must be entered here on purpose. */
const READING = [
  'postApiV1ClassifiersByNameClassify',
  'postApiV1CollectionsByIdAsk',
  'postApiV1CollectionsByIdSearch',
  'postApiV1PromptsByNameTest',
  'postApiV1RunsByIdEventsTicket',
  'postApiV1WorkflowsEstimate',
]

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const audit = () => kit.tenant(acme.tenantId).audit
const last = () => audit().open.entries.at(-1)

interface Route {
  method: string
  path: string
  operationId: string
  permission?: Permission
}

async function changingRoutes(): Promise<Route[]> {
  const { paths } = (await call(kit, undefined, 'GET', '/api/v1/openapi.json')).body
  return Object.entries(paths as Record<string, Record<string, { operationId: string; 'x-permission'?: Permission }>>).flatMap(
    ([path, operations]) =>
      Object.entries(operations).flatMap(([method, { operationId, 'x-permission': permission }]) =>
        ['post', 'put', 'patch', 'delete'].includes(method)
          ? [{ method: method.toUpperCase(), path, operationId, ...(permission && { permission }) }]
          : [],
      ),
  )
}

test('every route that may change something begins an entry, tells by its run, or stands among the few that have their own way', async () => {
  const started = vi.fn()
  const reading: string[] = []
  const unknown: string[] = []
  for (const { method, path, operationId, permission } of await changingRoutes()) {
    const canonical = path.replace(/^\/auth\//, '/api/v1/auth/')
    if (permission === undefined) {
      if (!(`${method} ${canonical}` in WITHOUT_GUARD)) unknown.push(`${method} ${path}`)
      continue
    }
    if (!leavesEntry({ method, path }, permission)) {
      reading.push(operationId)
      continue
    }
    const before = audit().open.begun.length
    await call(kit, acme, method, path.replace(/\{[^}]+\}/g, 'x'), method === 'DELETE' ? undefined : {})
    const begun = audit().open.begun.slice(before)
    if (begun.length === 0) started(operationId)
    else expect(begun).toMatchObject([{ action: operationId, permission, actor: { kind: 'api_key' } }])
  }
  expect(reading.sort()).toEqual(READING)
  expect(started.mock.calls.flat().sort()).toEqual([
    'postAgentsByTypeTrigger',
    'postApiV1AgentsByTypeTrigger',
    'postApiV1AiWorkflows',
    'postApiV1Runs',
    'postApiV1WebhooksByWorkflow',
    'postApiV1WorkflowsExecute',
    'postWorkflowsExecute',
  ])
  expect(unknown.filter((route) => !/operations|signed/.test(route))).toEqual([])
})

test('the action of an entry is the operationId of the route', async () => {
  for (const { method, path, operationId } of await changingRoutes())
    expect(operationOf(method, path.replace(/\{([^}]+)\}/g, ':$1'))).toBe(operationId)
})

test('an edit is entered with who, from where, the request, before and after', async () => {
  await call(kit, acme, 'PUT', '/api/v1/roles/reader', { permissions: ['runs:read'] })
  const headers = { 'CF-Connecting-IP': '192.0.2.7', 'X-Request-Id': 'req-of-the-edit' }
  await call(kit, acme, 'PUT', '/api/v1/roles/reader', { permissions: ['runs:read', 'reports:read'] }, headers)
  expect(last()).toMatchObject({
    action: 'putApiV1RolesByName',
    kind: 'role_saved',
    outcome: 'done',
    status: 200,
    permission: 'roles:write',
    actor: { kind: 'api_key', id: expect.stringMatching(/^key_/) },
    address: '192.0.2.7',
    requestId: 'req-of-the-edit',
    resource: { kind: 'role', id: 'reader' },
    before: { permissions: ['runs:read'] },
    after: { permissions: ['runs:read', 'reports:read'] },
  })
})

test('what was made is named, and a key is entered without itself', async () => {
  const { body } = await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'robot', role: 'client' })
  expect(last()).toMatchObject({
    kind: 'api_key_created',
    resource: { kind: 'apiKey', id: body.id },
    after: { name: 'robot', role: 'client' },
  })
  await call(kit, acme, 'POST', '/api/v1/collections', { name: 'papers' })
  expect(last()).toMatchObject({ action: 'postApiV1Collections', resource: { kind: 'collection', id: 'papers' } })
  await call(kit, acme, 'PUT', '/api/v1/tenants/me/secrets/crm', { value: 'canary-secret' })
  expect(last()).toMatchObject({ action: 'putApiV1TenantsMeSecretsByName', resource: { kind: 'secret', id: 'crm' } })
  expect(JSON.stringify(audit().open.entries)).not.toMatch(new RegExp(`canary-secret|${body.key}|${acme.password}`))
})

test('a request that is wrong leaves no entry, one without the permission does', async () => {
  const client = { ...acme, apiKey: (await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'c', role: 'client' })).body.key }
  const count = audit().open.entries.length
  await call(kit, acme, 'PUT', '/api/v1/roles/reader', { permissions: ['no:such'] })
  expect(audit().open.entries).toHaveLength(count)
  await call(kit, client, 'PUT', '/api/v1/roles/reader', { permissions: [] })
  await vi.waitFor(
    () => expect(last()).toMatchObject({ action: 'putApiV1RolesByName', outcome: 'refused', status: 403, permission: 'roles:write' }),
    PATIENCE,
  )
})

test('nothing is done that cannot be entered', async () => {
  audit().open.isAway = true
  const refused = await call(kit, acme, 'PUT', '/api/v1/roles/reader', { permissions: [] })
  expect(refused.status).toBeGreaterThanOrEqual(500)
  audit().open.isAway = false
  expect((await call(kit, acme, 'GET', '/api/v1/roles')).body.items.map(({ name }: { name: string }) => name)).not.toContain('reader')
})

test('a repeated request with its Idempotency-Key is entered once', async () => {
  const key = { 'Idempotency-Key': 'once' }
  for (let tries = 0; tries < 2; tries += 1) await call(kit, acme, 'POST', '/api/v1/collections', { name: 'papers' }, key)
  expect(audit().open.entries.filter(({ action }) => action === 'postApiV1Collections')).toHaveLength(1)
})

test('sign-ins are entered, and failed ones without what a stranger typed', async () => {
  const login = (password: string, email = acme.email) =>
    call(kit, undefined, 'POST', '/api/v1/auth/login', { tenant: 'acme', email, password }, { 'CF-Connecting-IP': '192.0.2.9' })
  await login(acme.password)
  expect(last()).toMatchObject({ action: 'signed_in', actor: { kind: 'user', id: acme.adminId }, address: '192.0.2.9' })
  await login('wrong')
  await vi.waitFor(
    () => expect(last()).toMatchObject({ action: 'sign_in_failed', actor: { id: acme.adminId }, outcome: 'refused' }),
    PATIENCE,
  )
  await login('wrong', 'typed-by-a-stranger@nowhere.example')
  await vi.waitFor(() => expect(last()).toMatchObject({ action: 'sign_in_failed', actor: { kind: 'unknown' } }), PATIENCE)
  expect(JSON.stringify(audit().open.entries)).not.toContain('typed-by-a-stranger')
})

test('a run is started with who asked for it, for its own entry', async () => {
  await call(
    kit,
    acme,
    'POST',
    '/api/v1/runs',
    { workflow: 'document-intake', input: { documentId: 'doc_1' } },
    { 'X-Request-Id': 'req-of-the-start' },
  )
  const [run] = kit.tenant(acme.tenantId).runs.all.values()
  expect(run?.order.origin).toMatchObject({ actor: { kind: 'api_key' }, requestId: 'req-of-the-start' })
})

test('what the operator does stands in the chain of the installation', async () => {
  expect(kit.tenant(INSTALLATION).audit.open.entries).toMatchObject([
    { action: 'postApiV1Tenants', actor: { kind: 'operator' }, resource: { kind: 'tenant', id: acme.tenantId } },
  ])
})

test('joining and a new password are entered, though nobody was signed in', async () => {
  await addMember(kit, acme, 'client', 'anna')
  await call(kit, undefined, 'POST', '/api/v1/account/password-reset', { tenant: 'acme', email: 'anna@acme.example' })
  await vi.waitFor(() => expect(kit.tenant(acme.tenantId).ports.mailer.sent).toHaveLength(2), PATIENCE)
  const code = mailedCode(kit, acme.tenantId)
  await call(kit, undefined, 'POST', '/api/v1/account/password-reset/confirm', { code, password: `${PASSWORD} anew` })
  const kinds = audit().open.entries.map(({ kind, action }) => kind ?? action)
  expect(kinds).toEqual(expect.arrayContaining(['user_invited', 'user_joined', 'signed_in', 'password_reset']))
})

test('security events are the entries that carry a kind', async () => {
  await call(kit, acme, 'PUT', '/api/v1/roles/reader', { permissions: [] })
  await call(kit, acme, 'POST', '/api/v1/collections', { name: 'papers' })
  const { items } = (await call(kit, acme, 'GET', '/api/v1/security-events')).body
  expect(items.map(({ kind }: { kind: string }) => kind)).toEqual(['role_saved'])
  const entry = audit().open.entries.find(({ kind }) => kind === 'role_saved')
  expect(items[0]).toMatchObject({ id: entry?.id, actor: entry?.actor.id, at: entry?.at })
})

test('the audit is listed by filters, for administrators only', async () => {
  await call(kit, acme, 'POST', '/api/v1/collections', { name: 'papers' })
  await call(kit, acme, 'PUT', '/api/v1/roles/reader', { permissions: [] })
  const actions = async (query: string) =>
    (await call(kit, acme, 'GET', `/api/v1/audit?${query}`)).body.items.map(({ action }: { action: string }) => action)
  expect(await actions('resourceKind=role')).toEqual(['putApiV1RolesByName'])
  expect(await actions('action=postApiV1Collections')).toEqual(['postApiV1Collections'])
  expect(await actions('actor=nobody')).toEqual([])
  const anna = await addMember(kit, acme, 'client', 'anna')
  expect((await asPerson(kit, anna, 'GET', '/api/v1/audit')).status).toBe(403)
})

test('the export is NDJSON that the verifier finds whole, and says of itself that it was made', async () => {
  for (const name of ['a-1', 'b-2', 'c-3']) await call(kit, acme, 'POST', '/api/v1/collections', { name })
  const { text, headers } = await call(kit, acme, 'GET', '/api/v1/audit/export')
  expect(headers.get('Content-Type')).toBe('application/x-ndjson')
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const { keys } = (await call(kit, undefined, 'GET', '/api/v1/audit/keys')).body
  expect(await verify(lines, keys)).toMatchObject({ findings: [], entries: 3, signedThrough: 3 })
  expect(last()).toMatchObject({ action: 'getApiV1AuditExport', permission: 'audit:read' })
})

test('what an answer made is named in the entry, also where it stands in a member of the answer', async () => {
  const { body } = await call(kit, acme, 'POST', '/api/v1/collections', { name: 'papers' })
  expect(last()).toMatchObject({ resource: { kind: 'collection', id: body.id } })
  const headers = { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'text/plain', 'X-File-Name': 'a.txt' }
  const uploaded = await kit.app.request('/api/v1/documents', { method: 'POST', headers, body: 'A note.' })
  const { document } = (await uploaded.json()) as { document: { id: string } }
  expect(last()).toMatchObject({ action: 'postApiV1Documents', resource: { kind: 'document', id: document.id } })
})

test('the save of a workflow names the version that it found and the one that it left', async () => {
  const save = async (title: string): Promise<string> => {
    const headers = { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'application/yaml' }
    const body = `name: hello\ntitle: ${title}\nsteps:\n  - id: greet\n    set: 1\n`
    const answer = await kit.app.request('/api/v1/workflows/hello', { method: 'PUT', headers, body })
    return ((await answer.json()) as { version: string }).version
  }
  const first = await save('One')
  expect(last()).toMatchObject({ action: 'putApiV1WorkflowsByName', after: { version: first } })
  expect(last()).not.toHaveProperty('before')
  const second = await save('Two')
  expect(last()).toMatchObject({ resource: { id: 'hello' }, before: { version: first }, after: { version: second } })
})

test("a token that is not the operator's is a security event of the installation, once an hour for an address, without the token", async () => {
  const events = () => kit.tenant(INSTALLATION).audit.open.entries.filter(({ kind }) => kind === 'operator_token_refused')
  const knock = async (address: string, token: string, path = '/api/v1/tenants') => {
    const headers = { 'CF-Connecting-IP': address, ...(token !== '' && { Authorization: `Bearer ${token}` }) }
    expect((await call(kit, undefined, 'POST', path, {}, headers)).status).toBe(401)
  }
  await knock('203.0.113.7', '')
  for (let times = 0; times < 6; times += 1) await knock('203.0.113.7', 'wrong-canary')
  await vi.waitFor(() => expect(events()).toHaveLength(1), PATIENCE)
  expect(events()[0]).toMatchObject({
    action: 'postApiV1Tenants',
    actor: { kind: 'unknown' },
    address: '203.0.113.7',
    outcome: 'refused',
    status: 401,
  })
  await knock('203.0.113.8', 'wrong-canary', '/api/v1/operations/restore')
  await vi.waitFor(() => expect(events()).toHaveLength(2), PATIENCE)
  kit.clock.advance(3_600_001)
  await knock('203.0.113.7', acme.apiKey)
  await vi.waitFor(() => expect(events()).toHaveLength(3), PATIENCE)
  expect(JSON.stringify(events())).not.toMatch(/canary|stw_/)
})

test('the operator reads the chain of the installation, and nobody else', async () => {
  const read = (token: string) =>
    call(kit, undefined, 'GET', '/api/v1/audit/installation/export', undefined, { Authorization: `Bearer ${token}` })
  expect((await read(acme.apiKey)).status).toBe(401)
  const { status, text } = await read(ADMIN_TOKEN)
  expect(status).toBe(200)
  expect(text).toContain('postApiV1Tenants')
})
