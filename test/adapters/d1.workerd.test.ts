import { beforeAll, expect, test } from 'vitest'
import { createD1Documents } from '../../workers/adapters/d1-documents'
import { createD1Idempotency, deleteExpiredIdempotencyKeys } from '../../workers/adapters/d1-idempotency'
import { createD1Identity } from '../../workers/adapters/d1-identity'
import { createD1MailLog } from '../../workers/adapters/d1-mail-log'
import { createD1Reports } from '../../workers/adapters/d1-reports'
import { createD1RunIndex } from '../../workers/adapters/d1-run-index'
import { createD1Secrets } from '../../workers/adapters/d1-secrets'
import { createD1SigningKeys } from '../../workers/adapters/d1-signing-keys'
import { createD1StaleRuns } from '../../workers/adapters/d1-stale-runs'
import { createD1Workflows } from '../../workers/adapters/d1-workflows'
import { createJoseTokens } from '../../workers/adapters/jose-tokens'
import { createR2Files } from '../../workers/adapters/r2-files'
import { createScryptPasswords } from '../../workers/adapters/scrypt-passwords'
import { createTenantVault, forgetKeys } from '../../workers/adapters/tenant-vault'
import { createMasterVault } from '../../workers/adapters/vault'
import { describeIdentity } from '../contracts/identity'
import { describeMembers } from '../contracts/identity-members'
import { describeStores, runRow } from '../contracts/ports'
import { bindings, MASTER_KEY, migrate } from './d1-bindings'

const { DB, FILES } = bindings
const vault = createMasterVault(MASTER_KEY)
const clock = { now: () => new Date('2026-11-21T09:00:00.000Z') }

beforeAll(migrate)

describeStores('D1 and R2', (tenantId, builtIns = []) => ({
  documents: createD1Documents(DB, tenantId),
  files: createR2Files(FILES, tenantId),
  workflows: createD1Workflows(DB, tenantId, builtIns),
  runIndex: createD1RunIndex(DB, tenantId),
  reports: createD1Reports(DB, tenantId),
  secrets: createD1Secrets(DB, tenantId, createTenantVault({ binding: DB, tenantId, master: vault, clock })),
  idempotency: createD1Idempotency(DB, tenantId),
  mailLog: createD1MailLog(DB, tenantId),
}))

describeIdentity('D1 identity', () => createD1Identity(DB))
describeMembers('D1 identity', () => createD1Identity(DB))

test('a run index takes many rows at once', async () => {
  const index = createD1RunIndex(DB, 'ten_many')
  await index.upsert(Array.from({ length: 150 }, () => runRow()))
  expect((await index.list({ limit: 200 })).items).toHaveLength(150)
})

test('stale live runs are taken least recently first, and not again until it is time', async () => {
  const minute = (n: number) => new Date(Date.UTC(2027, 0, 1, 9, n)).toISOString()
  const old = new Date(Date.UTC(2020, 0, 1)).toISOString()
  const [stuck, waiting, done] = [
    runRow({ updatedAt: old }),
    runRow({ status: 'waiting', updatedAt: old }),
    runRow({ status: 'completed', updatedAt: old }),
  ]
  await createD1RunIndex(DB, 'ten_stale').upsert([stuck, waiting, done])
  const stale = createD1StaleRuns(DB)
  const take = (at: string, takenBefore: string) => stale.take({ unchangedSince: '2021-01-01T00:00:00.000Z', takenBefore, at, limit: 10 })
  expect((await take(minute(0), minute(-15))).map((row) => row.runId).sort()).toEqual([stuck.id, waiting.id].sort())
  expect(await take(minute(5), minute(-10))).toEqual([])
  expect(await take(minute(20), minute(5))).toHaveLength(2)
})

test('expired idempotency keys are removed for all tenants', async () => {
  const at = '2020-01-01T00:00:00.000Z'
  await createD1Idempotency(DB, 'ten_expired').claim({ key: 'k', fingerprint: 'f', runId: 'run_1', at, expiresAt: at, abandonedBefore: at })
  expect(await deleteExpiredIdempotencyKeys(DB, '2020-01-02T00:00:00.000Z')).toBe(1)
})

test('a secret lies encrypted and opens neither for another tenant nor with another key', async () => {
  const of = (tenantId: string, master = vault) =>
    createD1Secrets(DB, tenantId, createTenantVault({ binding: DB, tenantId, master, clock }))
  await of('ten_sealed').put('webhook', 'hunter2-in-clear')
  const { results } = await DB.prepare("SELECT sealed FROM secrets WHERE tenant_id = 'ten_sealed'").all<{ sealed: string }>()
  expect(atob(results[0]!.sealed.replace('t1.1.', ''))).not.toContain('hunter2')
  await of('ten_thief').put('other', 'x')
  await DB.prepare("INSERT INTO secrets (tenant_id, name, sealed) VALUES ('ten_thief', 'webhook', ?)").bind(results[0]!.sealed).run()
  await expect(of('ten_thief').get('webhook')).rejects.toMatchObject({ code: 'internal' })
  forgetKeys(DB, 'ten_sealed')
  const otherMaster = createMasterVault(btoa('ffffffffffffffffffffffffffffffff'))
  await expect(of('ten_sealed', otherMaster).get('webhook')).rejects.toMatchObject({ code: 'internal' })
})

test('isolates that start at once agree on one signing key', async () => {
  const principal = { kind: 'user' as const, id: 'usr_1', tenantId: 'ten_1', role: 'admin', sessionId: 'ses_1' }
  const [a, b] = [createD1SigningKeys(DB, vault, clock), createD1SigningKeys(DB, vault, clock)]
  const [first, second] = await Promise.all([a.signer(), b.signer()])
  expect(first.kid).toBe(second.kid)
  const { token } = await createJoseTokens(a, 'steward', clock).issueAccess(principal)
  expect(await createJoseTokens(b, 'steward', clock).verifyAccess(token)).toMatchObject({ principal })
})

test('scrypt passwords verify in workerd', async () => {
  const passwords = createScryptPasswords()
  const hash = await passwords.hash('correct horse')
  expect(hash).toMatch(/^scrypt\$15\$8\$1\$/)
  expect(await passwords.verify('correct horse', hash)).toBe(true)
  expect(await passwords.verify('wrong horse', hash)).toBe(false)
  expect(await passwords.verify('correct horse', undefined)).toBe(false)
})
