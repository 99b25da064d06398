import { expect, test } from 'vitest'
import { placedTenantId, RESIDENCIES } from '../workers/domain/placement'
import { canPlace, DATABASES, databaseOf, inShards, shardsOf } from '../workers/placed'

const HEX = '0123456789abcdef0123456789abcdef'
/** What is compared is which binding is given; nothing is asked of it. */
const bound = (name: string) => ({ name }) as unknown as D1Database
const bucket = {} as unknown as R2Bucket
const DB = bound('DB')
const DB_EU = bound('DB_EU')
const none = { FILES: bucket, DB }
const ofEu = `ten_eu_${HEX}`

test.each([...RESIDENCIES])('rows of a tenant of %s lie in its shard and in no other', (residency) => {
  const env = Object.fromEntries(DATABASES.map((name) => [name, bound(name)]))
  const name = residency === 'none' ? 'DB' : `DB_${residency.toUpperCase()}`
  expect(databaseOf({ DB, ...env }, placedTenantId(`ten_${HEX}`, residency))).toBe(env[name])
})

test('rows whose shard is not bound are refused and lie nowhere else', () => {
  expect(() => databaseOf({ ...none, DB_US: bound('DB_US') }, ofEu)).toThrow('has no D1 DB_EU')
  expect(() => databaseOf({ ...none, D1_RESIDENCY: 'us, apac' }, ofEu)).toThrow('has no D1 DB_EU')
})

test('a residency that DB meets has its rows there, also when its shard is bound later', () => {
  expect(databaseOf({ ...none, D1_RESIDENCY: 'us, eu' }, ofEu)).toBe(DB)
  expect(databaseOf({ ...none, D1_RESIDENCY: 'us, eu', DB_EU }, ofEu)).toBe(DB)
})

test('a simulator without shards has all rows in DB, and one with a shard places them', () => {
  expect(databaseOf({ ...none, PLACEMENT: 'simulated' }, ofEu)).toBe(DB)
  expect(databaseOf({ ...none, PLACEMENT: 'simulated', DB_EU }, ofEu)).toBe(DB_EU)
})

test.each([
  ['nothing', {}, false],
  ['a bucket alone', { FILES_EU: bucket }, false],
  ['a shard alone', { DB_EU }, false],
  ['a bucket and its shard', { FILES_EU: bucket, DB_EU }, true],
  ['a bucket, and DB that meets it', { FILES_EU: bucket, D1_RESIDENCY: 'eu' }, true],
  ['a bucket, and the shard of another', { FILES_EU: bucket, DB_US: bound('DB_US') }, false],
  ['a simulator', { PLACEMENT: 'simulated' }, true],
])('with %s a tenant of the EU can be placed: %o is %s', (_, env, can) => {
  expect(canPlace({ ...none, ...env }, 'eu')).toBe(can)
  expect(canPlace({ ...none, ...env }, 'none')).toBe(true)
})

test('what goes over all tenants asks each bound shard for its part', async () => {
  const env = { ...none, DB_EU, DB_APAC: bound('DB_APAC') }
  expect(shardsOf(env)).toEqual([DB, DB_EU, env.DB_APAC])
  expect(await inShards(env, 10, async (shard, share) => [[shard, share]])).toEqual([DB, DB_EU, env.DB_APAC].map((shard) => [shard, 4]))
  expect(await inShards(none, 10, async (shard, share) => [[shard, share]]), 'one shard has all').toEqual([[DB, 10]])
})
