import { beforeEach, expect, test } from 'vitest'
import { createNotedKeyUse } from '../../workers/adapters/noted-key-use'
import { type Account, call, createAccount, createKit, type Kit } from './kit'
import { asPerson, signInAs } from './members'

const HOUR_MS = 3_600_000
let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})
const make = (order: object, account = acme) => call(kit, account, 'POST', '/api/v1/api-keys', { name: 'k', ...order })
const withKey = (key: string) => ({ ...acme, apiKey: key })
const statusOf = async (key: string, path = '/api/v1/runs') => (await call(kit, withKey(key), 'GET', path)).status

test('scopes narrow what the role of a key may do, and never widen it', async () => {
  const { key } = (await make({ role: 'admin', scopes: ['runs:read'] })).body
  expect(await statusOf(key)).toBe(200)
  expect(await statusOf(key, '/api/v1/documents')).toBe(403)
  expect(await make({ role: 'client', scopes: ['budgets:write'] })).toMatchObject({ status: 400, body: { problems: [{ path: 'scopes' }] } })
  const maker = (await make({ role: 'admin', scopes: ['api_keys:write', 'runs:read'] })).body.key
  expect((await make({ role: 'admin' }, withKey(maker))).status).toBe(403)
  expect((await make({ role: 'admin', scopes: ['runs:read'] }, withKey(maker))).status).toBe(201)
})

test('a key that provisions takes all of its role to make, rotate and revoke, whatever its scopes: it hands that role out', async () => {
  const scopes = ['scim:read', 'scim:write']
  const permissions = ['api_keys:write', 'self:read', ...scopes]
  await call(kit, acme, 'PUT', '/api/v1/roles/it_ops', { permissions })
  const ops = withKey((await make({ role: 'it_ops' })).body.key)
  const directory = (await make({ role: 'admin', scopes })).body
  const account = (await call(kit, acme, 'POST', '/api/v1/service-accounts', { name: 'Directory', role: 'admin' })).body
  const ofAccount = (await make({ serviceAccountId: account.id, scopes })).body
  const refused = { status: 403, body: { code: 'forbidden', detail: expect.stringContaining('runs:write') } }
  for (const order of [
    { role: 'admin', scopes },
    { role: 'admin', scopes: ['scim:write'] },
    { serviceAccountId: account.id, scopes },
  ])
    expect(await make(order, ops), JSON.stringify(order)).toMatchObject(refused)
  for (const { id } of [directory, ofAccount]) {
    expect(await call(kit, ops, 'POST', `/api/v1/api-keys/${id}/rotate`, {})).toMatchObject(refused)
    expect(await call(kit, ops, 'DELETE', `/api/v1/api-keys/${id}`)).toMatchObject(refused)
  }
  expect(await call(kit, ops, 'DELETE', `/api/v1/service-accounts/${account.id}`)).toMatchObject(refused)
  // Reading people is no way up, and a directory of the maker's own role reaches no further than the maker.
  expect((await make({ role: 'admin', scopes: ['scim:read'] }, ops)).status).toBe(201)
  const own = (await make({ role: 'it_ops', scopes }, ops)).body
  expect((await call(kit, ops, 'POST', `/api/v1/api-keys/${own.id}/rotate`, {})).status).toBe(201)
  expect((await call(kit, acme, 'POST', `/api/v1/api-keys/${directory.id}/rotate`, {})).status).toBe(201)
})

test('a key opens nothing from its end on', async () => {
  const expiresAt = new Date(kit.clock.now().getTime() + HOUR_MS).toISOString()
  const { key } = (await make({ role: 'client', expiresAt })).body
  kit.clock.advance(HOUR_MS - 1)
  expect(await statusOf(key)).toBe(200)
  kit.clock.advance(1)
  expect(await statusOf(key)).toBe(401)
  expect((await make({ role: 'client', expiresAt })).status).toBe(400)
})

test('a rotated key and its successor work side by side for the overlap', async () => {
  const old = (await make({ role: 'client', scopes: ['runs:read'] })).body
  const { status, body } = await call(kit, acme, 'POST', `/api/v1/api-keys/${old.id}/rotate`, { overlapHours: 2 })
  expect(status).toBe(201)
  expect([await statusOf(old.key), await statusOf(body.key)]).toEqual([200, 200])
  expect(await statusOf(body.key, '/api/v1/documents')).toBe(403)
  kit.clock.advance(2 * HOUR_MS)
  expect([await statusOf(old.key), await statusOf(body.key)]).toEqual([401, 200])
  expect((await call(kit, acme, 'POST', `/api/v1/api-keys/${old.id}/rotate`, {})).status).toBe(409)
})

test('a new key lives as long as the one it follows', async () => {
  const expiresAt = new Date(kit.clock.now().getTime() + 10 * HOUR_MS).toISOString()
  const old = (await make({ role: 'client', expiresAt })).body
  kit.clock.advance(4 * HOUR_MS)
  const { body } = await call(kit, acme, 'POST', `/api/v1/api-keys/${old.id}/rotate`, { overlapHours: 100 })
  expect(body.oldKeyExpiresAt).toBe(expiresAt)
  const keys = (await call(kit, acme, 'GET', '/api/v1/api-keys')).body.items as { id: string; expiresAt: string }[]
  expect(Date.parse(keys.find((key) => key.id === body.id)!.expiresAt) - kit.clock.now().getTime()).toBe(10 * HOUR_MS)
})

test('rotating is for the own tenant, and for who could make such a key', async () => {
  const beta = await createAccount(kit, 'beta')
  const { id } = (await make({ role: 'admin' })).body
  expect((await call(kit, beta, 'POST', `/api/v1/api-keys/${id}/rotate`, {})).status).toBe(404)
  const maker = (await make({ role: 'admin', scopes: ['api_keys:write'] })).body.key
  expect((await call(kit, withKey(maker), 'POST', `/api/v1/api-keys/${id}/rotate`, {})).status).toBe(403)
})

test('a key that ends makes none that lives longer, for itself or for a service account', async () => {
  const expiresAt = new Date(kit.clock.now().getTime() + 10 * HOUR_MS).toISOString()
  const later = new Date(kit.clock.now().getTime() + 10 * HOUR_MS + 1).toISOString()
  const maker = (await make({ role: 'admin', expiresAt })).body
  const account = (await call(kit, acme, 'POST', '/api/v1/service-accounts', { name: 'Import', role: 'client' })).body
  const orders = [{ role: 'client' }, { serviceAccountId: account.id }]
  for (const order of orders) {
    expect(await make({ ...order, expiresAt: later }, withKey(maker.key))).toMatchObject({
      status: 400,
      body: { problems: [{ path: 'expiresAt' }], detail: expect.stringContaining(expiresAt) },
    })
    expect((await make({ ...order, expiresAt }, withKey(maker.key))).body.expiresAt).toBe(expiresAt)
    const inherited = (await make(order, withKey(maker.key))).body
    expect(inherited.expiresAt).toBe(expiresAt)
    expect(await statusOf(inherited.key)).toBe(200)
  }
  const person = await signInAs(kit, acme, acme.email, acme.password)
  expect((await asPerson(kit, person, 'POST', '/api/v1/api-keys', { name: 'k', role: 'client' })).body.expiresAt).toBeUndefined()
  kit.clock.advance(10 * HOUR_MS)
  const keys = (await call(kit, acme, 'GET', '/api/v1/api-keys')).body.items as { expiresAt?: string }[]
  expect(keys.filter((key) => key.expiresAt === expiresAt)).toHaveLength(5)
})

test('a key that ends does not prolong itself by rotation, and shortens the life of no other', async () => {
  const expiresAt = new Date(kit.clock.now().getTime() + 10 * HOUR_MS).toISOString()
  const maker = (await make({ role: 'admin', expiresAt })).body
  const [lasting, short] = [(await make({ role: 'client' })).body, (await make({ role: 'client', expiresAt })).body]
  const rotate = (id: string, key: string) => call(kit, withKey(key), 'POST', `/api/v1/api-keys/${id}/rotate`, {})
  kit.clock.advance(4 * HOUR_MS)
  expect(await rotate(lasting.id, maker.key)).toMatchObject({ status: 400, body: { detail: expect.stringContaining(expiresAt) } })
  expect(await statusOf(lasting.key)).toBe(200)
  expect((await rotate(short.id, maker.key)).body.expiresAt).toBe(expiresAt)
  const next = (await rotate(maker.id, maker.key)).body
  expect(next.expiresAt).toBe(expiresAt)
  expect((await rotate(next.id, next.key)).body.expiresAt).toBe(expiresAt)
})

test('the keys of a service account have its role, and die with it', async () => {
  const account = (await call(kit, acme, 'POST', '/api/v1/service-accounts', { name: 'Import', role: 'client' })).body
  expect((await make({ role: 'admin', serviceAccountId: account.id })).status).toBe(400)
  expect((await make({ serviceAccountId: 'sva_unknown' })).status).toBe(400)
  expect((await make({})).status).toBe(400)
  const { key } = (await make({ serviceAccountId: account.id })).body
  expect([await statusOf(key), await statusOf(key, '/api/v1/approvals')]).toEqual([200, 403])
  const beta = await createAccount(kit, 'beta')
  expect((await call(kit, beta, 'DELETE', `/api/v1/service-accounts/${account.id}`)).status).toBe(404)
  expect((await call(kit, acme, 'DELETE', `/api/v1/service-accounts/${account.id}`)).status).toBe(204)
  expect(await statusOf(key)).toBe(401)
  expect((await make({ serviceAccountId: account.id })).status).toBe(400)
})

test('the last use of a key is noted once a minute, after the answer', async () => {
  const work: Promise<unknown>[] = []
  let written = 0
  const noteKeyUse = createNotedKeyUse({
    touch: async (...given) => {
      written += 1
      await kit.identity.apiKeys.touch(...given)
    },
    now: () => kit.clock.now().getTime(),
    later: (promise) => void work.push(promise),
  })
  kit = createKit({ noteKeyUse })
  acme = await createAccount(kit, 'acme')
  for (let time = 0; time < 3; time += 1) await call(kit, acme, 'GET', '/api/v1/runs')
  kit.clock.advance(60_001)
  const { body } = await call(kit, acme, 'GET', '/api/v1/api-keys')
  await Promise.all(work)
  expect(written).toBe(2)
  expect(body.items[0].lastUsedAt).toBeDefined()
})
