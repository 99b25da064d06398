import { beforeEach, expect, test } from 'vitest'
import { INSTALLATION } from '../../workers/domain/audit'
import type { Backups } from '../../workers/domain/backups'
import { AppError } from '../../workers/domain/error'
import { createFakeBackups } from '../fakes/backups'
import { type Account, ADMIN_TOKEN, call, createAccount, createKit, type Kit } from './kit'

const KEY = { 'X-Archive-Key': btoa('0123456789abcdef0123456789abcdef') }
let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const ask = async (method: string, path: string, token: string, more: { body?: BodyInit; headers?: Record<string, string> } = {}) => {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/vnd.steward.backup', ...more.headers }
  return await kit.app.request(path, { method, headers, ...(more.body !== undefined && { body: more.body }) })
}

test('the operator gets a file and restores it, which the installation enters into its audit', async () => {
  const answer = await ask('GET', '/api/v1/operations/backup', ADMIN_TOKEN)
  expect(answer.headers.get('Cache-Control')).toBe('no-store')
  const file = await answer.arrayBuffer()
  const restored = await ask('POST', '/api/v1/operations/restore', ADMIN_TOKEN, { body: file })
  expect(await restored.json()).toMatchObject({ parts: 2, isFinished: true })
  const entries = kit.tenant(INSTALLATION).audit.open.entries
  expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['getApiV1OperationsBackup', 'restored']))
})

test('nobody else backs up, restores or imports', async () => {
  for (const [method, path] of [
    ['GET', '/api/v1/operations/backup'],
    ['POST', '/api/v1/operations/restore'],
    ['GET', `/api/v1/tenants/${acme.tenantId}/archive`],
    ['POST', '/api/v1/tenants/import'],
  ] as const)
    for (const token of [acme.apiKey, '', 'wrong']) expect((await ask(method, path, token, { headers: KEY })).status, path).toBe(401)
})

test('an administrator archives the own tenant, which leaves an entry, and the operator imports it', async () => {
  const file = await (await ask('GET', '/api/v1/tenants/me/archive', acme.apiKey, { headers: KEY })).arrayBuffer()
  expect(kit.tenant(acme.tenantId).audit.open.entries.at(-1)).toMatchObject({
    action: 'getApiV1TenantsMeArchive',
    permission: 'tenant:export',
  })
  const imported = await ask('POST', '/api/v1/tenants/import', ADMIN_TOKEN, { body: file, headers: KEY })
  expect(await imported.json()).toMatchObject({ tenantId: acme.tenantId, isFinished: true })
  expect((await ask('GET', '/api/v1/tenants/ten_unknown/archive', ADMIN_TOKEN, { headers: KEY })).status).toBe(404)
})

test('the permission alone archives nothing: it takes all that an administrator may do', async () => {
  await call(kit, acme, 'PUT', '/api/v1/roles/exporter', { description: '', permissions: ['tenant:export'] })
  const { key } = (await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'exporter', role: 'exporter' })).body
  const refused = await ask('GET', '/api/v1/tenants/me/archive', key, { headers: KEY })
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('secrets:write') })
  const scoped = (await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'scoped', role: 'admin', scopes: ['tenant:export'] })).body
  expect((await ask('GET', '/api/v1/tenants/me/archive', scoped.key, { headers: KEY })).status).toBe(403)
})

test('the operator names plan and residency of an import, and only those that there are', async () => {
  const terms: unknown[] = []
  const takeTenant: Backups['takeTenant'] = async (_body, _restore, given) => {
    terms.push(given)
    throw new AppError('unavailable', 'It takes nothing.')
  }
  const backups = { ...createFakeBackups(), takeTenant }
  kit = createKit({ backups })
  const importing = (query: string) => ask('POST', `/api/v1/tenants/import${query}`, ADMIN_TOKEN, { body: '', headers: KEY })
  for (const query of ['', '?plan=trial&residency=eu']) await importing(query)
  expect(terms).toMatchObject([{ residency: 'none' }, { residency: 'eu', plan: 'trial' }])
  for (const query of ['?plan=mega', '?residency=mars']) expect((await importing(query)).status, query).toBe(400)
})

test('an archive key that is none, a cursor that is none and a body that is no backup are refused', async () => {
  for (const key of ['', 'short', btoa('too short'), `${'!'.repeat(43)}=`])
    expect((await ask('GET', '/api/v1/tenants/me/archive', acme.apiKey, { headers: { 'X-Archive-Key': key } })).status, key).toBe(400)
  expect((await ask('GET', '/api/v1/operations/backup?cursor=x', ADMIN_TOKEN)).status).toBe(400)
  for (const body of ['', 'no backup', 'STW1 x {}\n'])
    expect((await ask('POST', '/api/v1/operations/restore', ADMIN_TOKEN, { body })).status, body).toBe(400)
  expect((await ask('POST', '/api/v1/operations/restore?restore=bak_x', ADMIN_TOKEN)).status).toBe(404)
  expect((await call(kit, acme, 'POST', '/api/v1/tenants/import', {})).status).toBe(401)
})
