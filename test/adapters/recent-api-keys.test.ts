import { expect, test } from 'vitest'
import { createRecentApiKeys, KEY_MEMORY_MS } from '../../workers/adapters/recent-api-keys'
import type { StoredApiKey } from '../../workers/domain/identity'
import { createTenant, describeIdentity } from '../contracts/identity'
import { createTestClock } from '../fakes/clock'
import { createFakeIdentity } from '../fakes/identity'

const KEY: StoredApiKey = {
  id: 'key_1',
  tenantId: 'ten_1',
  name: 'First',
  prefix: 'abcdefgh',
  secretHash: 'hash',
  role: 'admin',
  createdAt: '2026-11-21T09:00:00.000Z',
}
const AT = '2026-11-21T09:01:00.000Z'

describeIdentity('an identity with remembered keys', () => {
  const identity = createFakeIdentity()
  return { ...identity, apiKeys: createRecentApiKeys(identity.apiKeys, Date.now) }
})

/** Two isolates over one store of keys, which counts how often it is asked. */
async function twoIsolates() {
  const clock = createTestClock()
  const identity = createFakeIdentity()
  const { tenant } = await createTenant(identity)
  const { apiKeys } = identity
  const own = { ...KEY, tenantId: tenant.id }
  await apiKeys.insert(own)
  const asked: string[] = []
  const counted = {
    ...apiKeys,
    findByPrefix: async (prefix: string) => {
      asked.push(prefix)
      return await apiKeys.findByPrefix(prefix)
    },
  }
  const now = () => clock.now().getTime()
  return { clock, asked, key: own, here: createRecentApiKeys(counted, now), there: createRecentApiKeys(counted, now) }
}

test('a key that was found is not looked up again for a short while', async () => {
  const { key, clock, asked, here } = await twoIsolates()
  for (let time = 0; time < 5; time += 1) expect(await here.findByPrefix(key.prefix)).toEqual(key)
  expect(asked).toHaveLength(1)
  clock.advance(KEY_MEMORY_MS)
  await here.findByPrefix(key.prefix)
  expect(asked).toHaveLength(2)
})

test('a key that is revoked here opens nothing from the next request on', async () => {
  const { key, here } = await twoIsolates()
  await here.findByPrefix(key.prefix)
  await here.revoke(key.tenantId, key.id, AT)
  expect(await here.findByPrefix(key.prefix)).toBeUndefined()
})

test('a key that is revoked while it is looked up is not remembered', async () => {
  const { key, here } = await twoIsolates()
  const underWay = here.findByPrefix(key.prefix)
  await here.revoke(key.tenantId, key.id, AT)
  await underWay
  expect(await here.findByPrefix(key.prefix)).toBeUndefined()
})

test('a key that is revoked elsewhere opens nothing after the stated time', async () => {
  const { key, clock, here, there } = await twoIsolates()
  await here.findByPrefix(key.prefix)
  await there.revoke(key.tenantId, key.id, AT)
  clock.advance(KEY_MEMORY_MS)
  expect(await here.findByPrefix(key.prefix)).toBeUndefined()
})

test('a key that comes into being is found at once, also by who has asked for it before', async () => {
  const { key, here, there } = await twoIsolates()
  expect(await here.findByPrefix('newnewne')).toBeUndefined()
  await there.insert({ ...key, id: 'key_2', prefix: 'newnewne' })
  expect(await here.findByPrefix('newnewne')).toMatchObject({ id: 'key_2' })
})
