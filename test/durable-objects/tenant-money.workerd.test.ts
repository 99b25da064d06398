import { env, evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test'
import { beforeEach, expect, test } from 'vitest'
import { createObjectPurse } from '../../workers/adapters/object-tenant-purse'
import { newId } from '../../workers/adapters/uuid-ids'
import { DEFAULT_CEILINGS, type Settlement } from '../../workers/domain/budgets'
import { unwrap } from '../../workers/domain/error'
import { PLANS } from '../../workers/domain/plans'
import type { TenantObject } from '../../workers/domain/tenant-control'
import { type Env, world } from '../fakes/tenant-env'

const { TENANT } = env as unknown as Env
type Stub = DurableObjectStub & TenantObject
let counter = 0
function openTenant(): Stub {
  counter += 1
  return TENANT.getByName(`ten_money${counter}`) as Stub
}
const clock = { now: () => new Date() }
const purseOf = (stub: Stub) => createObjectPurse({ tenant: () => stub, newId, clock })
const answer = (actualMicroUsd: number): Settlement => ({
  actualMicroUsd,
  inputTokens: 10,
  outputTokens: 5,
  provider: 'test',
  model: 'm',
  latencyMs: 3,
  cached: false,
})
const ceilings = (tenantMonthMicroUsd: number, runMicroUsd: number | null = null) => ({
  ...DEFAULT_CEILINGS,
  runMicroUsd,
  workflowDayMicroUsd: null,
  tenantMonthMicroUsd,
})

beforeEach(() => {
  world.usage.clear()
  world.woken.length = 0
  world.failUsage = 0
})

test('fifty calls at once, each with its own purse, spend no more than the ceiling', async () => {
  const tenant = openTenant()
  unwrap(await tenant.setCeilings(ceilings(1_000)))
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const purse = purseOf(tenant)
      try {
        const { id } = await purse.reserve({ runId: `run_${index}`, workflow: 'w', feature: 'f', estimateMicroUsd: 90 })
        await purse.settle(id, answer(90))
        return 'paid'
      } catch (thrown) {
        return (thrown as { reason?: string }).reason
      }
    }),
  )
  const { month } = unwrap(await tenant.budgets())
  expect(month.heldMicroUsd).toBe(0)
  expect(month.spentMicroUsd).toBe(90 * outcomes.filter((outcome) => outcome === 'paid').length)
  expect(month.spentMicroUsd).toBeLessThanOrEqual(1_000)
  expect(new Set(outcomes)).toEqual(new Set(['paid', 'tenant_month_ceiling']))
})

test('fifty calls at once of one purse draw on slices, stay within the run, and give the rest back', async () => {
  const tenant = openTenant()
  unwrap(await tenant.setCeilings(ceilings(1_000_000, 4_000)))
  let asked = 0
  const counted: Pick<TenantObject, 'reserve' | 'settle'> = {
    reserve: (request) => {
      asked += 1
      return tenant.reserve(request)
    },
    settle: (...settled) => tenant.settle(...settled),
  }
  const purse = createObjectPurse({ tenant: () => counted, newId, clock })
  const paid = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const reserved = await purse.reserve({ runId: 'run_fan', feature: 'f', estimateMicroUsd: 100 }).catch(() => undefined)
      if (reserved !== undefined) await purse.settle(reserved.id, answer(60))
      return reserved !== undefined
    }),
  )
  const { month } = unwrap(await tenant.budgets())
  expect(month).toEqual({ spentMicroUsd: 60 * paid.filter(Boolean).length, heldMicroUsd: 0, lostMicroUsd: 0 })
  expect(month.spentMicroUsd).toBeLessThanOrEqual(4_000)
  // What is held by others of the same purse is waited for, so nobody is refused money that nobody needed.
  expect(paid.filter(Boolean)).toHaveLength(50)
  expect(asked).toBeLessThan(50)
})

test('an evicted object knows what is spent and held', async () => {
  const tenant = openTenant()
  unwrap(await tenant.setCeilings(ceilings(1_000)))
  const purse = purseOf(tenant)
  const first = await purse.reserve({ feature: 'f', estimateMicroUsd: 300 })
  await purse.reserve({ feature: 'f', estimateMicroUsd: 500 })
  await evictDurableObject(tenant)
  await purse.settle(first.id, answer(250))
  expect(unwrap(await tenant.budgets()).month).toEqual({ spentMicroUsd: 250, heldMicroUsd: 500, lostMicroUsd: 0 })
  await expect(purseOf(tenant).reserve({ feature: 'f', estimateMicroUsd: 300 })).rejects.toMatchObject({
    code: 'over_budget',
    reason: 'tenant_month_ceiling',
    retryAfterMs: 5_000,
  })
})

test('a call that costs more than it reserved is charged whole, and the next reservation sees it', async () => {
  const tenant = openTenant()
  unwrap(await tenant.setCeilings(ceilings(1_000)))
  const purse = purseOf(tenant)
  const { id } = await purse.reserve({ feature: 'f', estimateMicroUsd: 800 })
  await purse.settle(id, answer(1_200))
  expect(unwrap(await tenant.budgets()).month.spentMicroUsd).toBe(1_200)
  const refused = purse.reserve({ feature: 'f', estimateMicroUsd: 1 })
  await expect(refused).rejects.toMatchObject({ code: 'over_budget', message: expect.stringContaining('$0.0012 of $0.001') })
  await expect(refused).rejects.not.toHaveProperty('retryAfterMs', 5_000)
})

test('a call that costs nothing is held against the tokens of the plan all the same, and its run is woken with the next plan', async () => {
  const tenant = openTenant()
  unwrap(await tenant.setPlan({ ...PLANS.trial, tokensPerMonth: 5 }))
  const purse = purseOf(tenant)
  const request = { runId: 'run_t', feature: 'f', estimateMicroUsd: 0, takesTokens: true }
  const { id } = await purse.reserve(request)
  await purse.settle(id, answer(0))
  await purse.flush()
  await expect(purse.reserve(request)).rejects.toMatchObject({ code: 'over_budget', reason: 'plan_tokensPerMonth' })
  expect(unwrap(await tenant.budgets()).waitingForMoney).toEqual(['run_t'])
  expect((await purse.reserve({ ...request, takesTokens: false })).reservedMicroUsd, 'what takes no tokens is not asked about').toBe(0)
})

test('settled calls come to the usage table once, also when the table was away and the object was evicted', async () => {
  const tenant = openTenant()
  world.failUsage = 1
  const purse = purseOf(tenant)
  for (const actual of [0, 20]) {
    const { id } = await purse.reserve({ runId: 'run_u', stepKey: 's', workflow: 'w', feature: 'f', estimateMicroUsd: actual })
    await purse.settle(id, answer(actual))
    await purse.settle(id, answer(actual))
  }
  await purse.flush()
  await runDurableObjectAlarm(tenant)
  expect(world.usage.size).toBe(0)
  await evictDurableObject(tenant)
  await runDurableObjectAlarm(tenant)
  expect([...world.usage.values()].map((row) => row.actualMicroUsd).sort()).toEqual([0, 20])
  unwrap(await tenant.projectUsage())
  expect(world.usage.size).toBe(2)
})

test('a run that was refused money is woken when a ceiling is raised', async () => {
  const tenant = openTenant()
  unwrap(await tenant.setCeilings(ceilings(100)))
  await expect(purseOf(tenant).reserve({ runId: 'run_poor', feature: 'f', estimateMicroUsd: 200 })).rejects.toMatchObject({
    code: 'over_budget',
  })
  expect(unwrap(await tenant.budgets()).waitingForMoney).toEqual(['run_poor'])
  unwrap(await tenant.setCeilings(ceilings(1_000)))
  await expect.poll(() => world.woken).toEqual([expect.stringMatching(/^ten_money\d+\/run_poor$/)])
  expect(unwrap(await tenant.budgets()).waitingForMoney).toEqual([])
})

test('tokens beyond the plan are refused with what to do', async () => {
  const tenant = openTenant()
  const { plan } = unwrap(await tenant.budgets())
  unwrap(await tenant.setPlan({ ...plan, name: 'tiny', tokensPerMonth: 14 }))
  const purse = purseOf(tenant)
  const { id } = await purse.reserve({ feature: 'f', estimateMicroUsd: 1 })
  await purse.settle(id, answer(1))
  await expect(purse.reserve({ feature: 'f', estimateMicroUsd: 1 })).rejects.toMatchObject({
    code: 'over_budget',
    reason: 'plan_tokensPerMonth',
  })
})

test('two tenants have each their own money', async () => {
  const [rich, poor] = [openTenant(), openTenant()]
  unwrap(await poor.setCeilings(ceilings(0)))
  await expect(purseOf(poor).reserve({ feature: 'f', estimateMicroUsd: 1 })).rejects.toMatchObject({ code: 'over_budget' })
  expect((await purseOf(rich).reserve({ feature: 'f', estimateMicroUsd: 1 })).advice).toBe('proceed')
})
