import { beforeAll, expect, test } from 'vitest'
import { createD1SecondFactors } from '../../workers/adapters/d1-second-factors'
import { oneTimeCodes } from '../../workers/adapters/node-totp'
import { createTenantsVault } from '../../workers/adapters/tenant-vault'
import { createMasterVault } from '../../workers/adapters/vault'
import { describeSecondFactors } from '../contracts/second-factors'
import { bindings, MASTER_KEY, migrate } from './d1-bindings'

const { DB } = bindings
const AT = '2026-11-21T09:00:00.000Z'
const clock = { now: () => new Date(AT) }
const make = () => createD1SecondFactors(DB, createTenantsVault({ binding: DB, master: createMasterVault(MASTER_KEY), clock }))
beforeAll(migrate)

describeSecondFactors('D1 second factors', make)

test('codes of authenticator apps are right in workerd too', () => {
  expect(oneTimeCodes.stepOf('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '081804', new Date(1_111_111_109_000))).toBe(37037036)
})

test('a secret lies sealed, and opens for no other user', async () => {
  await make().begin('ten_sealed', 'usr_1', 'SECRETINCLEAR', AT)
  const row = await DB.prepare("SELECT sealed FROM second_factors WHERE tenant_id = 'ten_sealed'").first<{ sealed: string }>()
  expect(row!.sealed).toMatch(/^t1\.1\./)
  expect(atob(row!.sealed.slice('t1.1.'.length))).not.toContain('SECRETINCLEAR')
  await make().begin('ten_sealed', 'usr_2', 'ANOTHER', AT)
  await DB.prepare("UPDATE second_factors SET sealed = ? WHERE user_id = 'usr_2' AND tenant_id = 'ten_sealed'").bind(row!.sealed).run()
  await expect(make().find('ten_sealed', 'usr_2')).rejects.toMatchObject({ code: 'internal' })
})
