import { compactVerify, createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { createD1AuditKeys } from '../../workers/adapters/d1-audit-keys'
import { createD1SigningKeys } from '../../workers/adapters/d1-signing-keys'
import { createMasterVault } from '../../workers/adapters/vault'
import { SIGNING_KEY_AGE_MS } from '../../workers/domain/auth'
import { createTestClock } from '../fakes/clock'
import { bindings, MASTER_KEY, migrate } from './d1-bindings'

const { DB } = bindings
const master = createMasterVault(MASTER_KEY)
const claim = { purpose: 'steward-audit-checkpoint' as const, tenantId: 'ten_1', seq: 1, hash: 'h', at: '2026-11-21T09:00:00.000Z' }

beforeAll(migrate)

test('checkpoints of a retired key stay verifiable, and keys of access tokens are others', async () => {
  const clock = createTestClock()
  const access = createD1SigningKeys(DB, master, clock)
  const { kid: accessKid } = await access.signer()
  const keys = createD1AuditKeys(DB, master, clock)
  const first = await keys.sign(claim)
  clock.advance(SIGNING_KEY_AGE_MS + 1)
  const second = await createD1AuditKeys(DB, master, clock).sign(claim)
  // The sweep of access keys leaves them alone.
  await access.tend()
  await access.tend()
  const published = { keys: await createD1AuditKeys(DB, master, clock).publicKeys() } as JSONWebKeySet
  const kids = [first, second].map((jws) => decodeProtectedHeader(jws).kid)
  expect(new Set([...kids, accessKid]).size).toBe(3)
  for (const jws of [first, second]) await compactVerify(jws, createLocalJWKSet(published), { algorithms: ['ES256'] })
  expect(JSON.stringify(published)).not.toContain('"d"')
  expect((await access.published()).map(({ kid }) => kid)).not.toEqual(expect.arrayContaining(kids))
})

test('two isolates that need a new key at once take the same one', async () => {
  const clock = createTestClock('2028-11-21T09:00:00.000Z')
  const signed = await Promise.all([1, 2, 3].map(() => createD1AuditKeys(DB, master, clock).sign(claim)))
  expect(new Set(signed.map((jws) => decodeProtectedHeader(jws).kid)).size).toBe(1)
})
