import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { createObjectAudit } from '../../workers/adapters/object-audit'
import type { TenantNamespace } from '../../workers/domain/tenant-control'
import { actOf, auditContract, exported, verify } from '../contracts/audit'
import { fakeAuditKey } from '../fakes/audit'
import { type Env, world } from '../fakes/tenant-env'

const { TENANT } = env as unknown as Env
const stubOf = (tenantId: string) => TENANT.getByName(tenantId)
const auditOf = (tenantId: string) => createObjectAudit(() => (TENANT as unknown as TenantNamespace).getByName(tenantId))
const keys = async () => [(await fakeAuditKey()).publicJwk]

auditContract(async (tenantId) => ({ audit: auditOf(tenantId), keys: await keys() }))

/** As if the clock had gone on: the rows are older than they were. */
const age = (tenantId: string, change: string) => runInDurableObject(stubOf(tenantId), (_, state) => void state.storage.sql.exec(change))

test('the chain goes on after an eviction where it was', async () => {
  const audit = auditOf('ten_evicted')
  await audit.record([actOf(), actOf()])
  await evictDurableObject(stubOf('ten_evicted'))
  await audit.record([actOf()])
  expect(await verify(await exported(audit, 'ten_evicted', await keys()), await keys())).toMatchObject({ findings: [], entries: 3 })
})

test('what fifty tell at once stands in one chain', async () => {
  const audit = auditOf('ten_fifty')
  await Promise.all(Array.from({ length: 50 }, () => audit.record([actOf()])))
  expect(await verify(await exported(audit, 'ten_fifty', await keys()), await keys())).toMatchObject({ findings: [], entries: 50 })
})

test('an act whose process died is entered with an unknown outcome', async () => {
  const audit = auditOf('ten_died')
  const act = actOf()
  await audit.begin(act)
  await age('ten_died', 'UPDATE audit_begun SET begun_at = begun_at - 3600000')
  await evictDurableObject(stubOf('ten_died'))
  await runDurableObjectAlarm(stubOf('ten_died'))
  expect((await audit.list({ limit: 9 })).items).toMatchObject([{ id: act.id, outcome: 'unknown' }])
})

test('a checkpoint is signed by the alarm when one is due, and tried again when signing fails', async () => {
  const audit = auditOf('ten_due')
  await audit.record(Array.from({ length: 200 }, () => actOf()))
  world.failSigning = 1
  await runDurableObjectAlarm(stubOf('ten_due'))
  expect((await audit.lines(0, 500)).filter(({ type }) => type === 'checkpoint')).toEqual([])
  await evictDurableObject(stubOf('ten_due'))
  await runDurableObjectAlarm(stubOf('ten_due'))
  expect((await audit.lines(0, 500)).filter(({ type }) => type === 'checkpoint')).toMatchObject([{ seq: 200 }])
})

test('a run tells its acts with its row, and tells them again without a second entry', async () => {
  const audit = auditOf('ten_run')
  const row = {
    id: 'run_1',
    workflow: 'w',
    workflowVersion: 'v',
    status: 'completed' as const,
    trigger: 'api' as const,
    costMicroUsd: 0,
    openApprovals: 0,
    createdAt: '',
    updatedAt: '',
    revision: 1,
    acts: [actOf({ id: 'run_1.1', action: 'run.started' }), actOf({ id: 'run_1.9', action: 'run.completed' })],
  }
  const tenant = (TENANT as unknown as TenantNamespace).getByName('ten_run')
  await Promise.all([tenant.project([row]), tenant.project([row])])
  await tenant.project([{ ...row, revision: 2 }])
  expect((await audit.list({ limit: 9 })).items.map(({ action }) => action)).toEqual(['run.completed', 'run.started'])
})

test('a changed row of the database is found by who verifies the export', async () => {
  const audit = auditOf('ten_tampered')
  await audit.record([actOf({ detail: 'as it was' }), actOf(), actOf()])
  await audit.checkpoint()
  await age('ten_tampered', `UPDATE audit SET entry = replace(entry, 'as it was', 'as it suits')`)
  const { findings } = await verify(await exported(audit, 'ten_tampered', await keys()), await keys())
  expect(findings).toMatchObject([{ kind: 'changed', seq: 1 }])
})
