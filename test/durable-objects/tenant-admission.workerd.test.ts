import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { beforeEach, expect, test } from 'vitest'
import type { RunPriority } from '../../workers/domain/admission'
import { unwrap } from '../../workers/domain/error'
import { DEFAULT_PLAN, type Plan } from '../../workers/domain/plans'
import type { StartRequest } from '../../workers/domain/run-control'
import type { RunSummary } from '../../workers/domain/runs'
import type { TenantObject } from '../../workers/domain/tenant-control'
import { type Env, world } from '../fakes/tenant-env'

const { TENANT } = env as unknown as Env
type Stub = DurableObjectStub & TenantObject
let counter = 0

async function openTenant(plan: Partial<Plan> = {}): Promise<Stub> {
  counter += 1
  const stub = TENANT.getByName(`ten_adm${counter}`) as Stub
  unwrap(await stub.setPlan({ ...DEFAULT_PLAN, ...plan }))
  return stub
}

const order = (runId: string): StartRequest => ({
  tenantId: `ten_adm${counter}`,
  runId,
  workflow: {
    name: 'w',
    version: 'v',
    source: '',
    createdAt: '',
    builtIn: false,
    definition: { name: 'w', title: '', description: '', input: {}, vars: {}, steps: [], outputs: null },
  },
  input: {},
  trigger: 'api',
})
const row = (id: string, status: RunSummary['status'], revision: number): RunSummary => ({
  id,
  workflow: 'w',
  workflowVersion: 'v',
  status,
  trigger: 'api',
  costMicroUsd: 0,
  openApprovals: 0,
  createdAt: '',
  updatedAt: '',
  revision,
})
/** As a door does it. */
async function submit(tenant: Stub, runId: string, priority: RunPriority = 'interactive'): Promise<string> {
  const admitted = await tenant.admit({ runId, workflow: 'w', priority })
  if (!admitted.ok) return admitted.error.reason ?? admitted.error.code
  if (admitted.value.kind === 'wait') unwrap(await tenant.enqueue(order(runId), priority))
  return admitted.value.kind
}
const startedIds = () => world.started.map(({ runId }) => runId)

beforeEach(() => {
  world.started.length = 0
  world.projected.clear()
  world.batches = 0
  world.failStarts = 0
  world.status = 'running'
})

test('of fifty that come at once as many start as the plan has, and the others start as those end, in order', async () => {
  const tenant = await openTenant({ concurrentRuns: 5, batchRuns: 5 })
  const ids = Array.from({ length: 50 }, (_, index) => `run_a${String(index).padStart(2, '0')}`)
  const kinds = await Promise.all(ids.map((id) => submit(tenant, id)))
  expect(kinds.filter((kind) => kind === 'start')).toHaveLength(5)
  expect(unwrap(await tenant.budgets()).runs).toEqual({ active: 5, pending: 45, startedToday: 50 })
  expect(startedIds()).toEqual([])
  const waiting = ids.filter((_, index) => kinds[index] === 'wait')
  const working = ids.filter((_, index) => kinds[index] === 'start')
  for (let ended = 0; ended < 45; ended += 1) {
    const done = [...working, ...waiting][ended] ?? ''
    await tenant.project([row(done, 'completed', 2)])
    await expect.poll(startedIds).toHaveLength(ended + 1)
  }
  expect(startedIds()).toEqual(waiting)
  expect(unwrap(await tenant.budgets()).runs).toMatchObject({ active: 5, pending: 0 })
})

test('interactive runs start before batch runs that came earlier, and find room that batch may not take', async () => {
  const tenant = await openTenant({ concurrentRuns: 3, batchRuns: 2 })
  expect(await submit(tenant, 'run_b1', 'batch')).toBe('start')
  expect(await submit(tenant, 'run_b2', 'batch')).toBe('start')
  expect(await submit(tenant, 'run_b3', 'batch')).toBe('wait')
  expect(await submit(tenant, 'run_i1')).toBe('start')
  expect(await submit(tenant, 'run_i2')).toBe('wait')
  await tenant.project([row('run_b1', 'completed', 2)])
  await expect.poll(startedIds).toEqual(['run_i2'])
  await tenant.project([row('run_i1', 'completed', 2), row('run_i2', 'waiting', 2)])
  await expect.poll(startedIds).toEqual(['run_i2', 'run_b3'])
})

test('a run that waits for a person gives its room to another', async () => {
  const tenant = await openTenant({ concurrentRuns: 1, batchRuns: 1 })
  await submit(tenant, 'run_p')
  await submit(tenant, 'run_q')
  await tenant.project([row('run_p', 'waiting', 2)])
  await expect.poll(startedIds).toEqual(['run_q'])
})

test('pending runs survive eviction and start by the alarm; a start that fails is tried again, and each starts once by its id', async () => {
  const tenant = await openTenant({ concurrentRuns: 1, batchRuns: 1 })
  await submit(tenant, 'run_first')
  await submit(tenant, 'run_kept')
  await runInDurableObject(tenant, async () => await new Promise((resolve) => setTimeout(resolve, 150)))
  await evictDurableObject(tenant)
  expect(unwrap(await tenant.budgets()).runs).toMatchObject({ active: 1, pending: 1 })
  world.failStarts = 1
  await tenant.project([row('run_first', 'completed', 2)])
  await expect.poll(() => world.failStarts).toBe(0)
  expect(startedIds()).toEqual([])
  await expect
    .poll(
      async () => {
        await runDurableObjectAlarm(tenant)
        return startedIds()
      },
      { timeout: 10_000, interval: 250 },
    )
    .toEqual(['run_kept'])
  await runDurableObjectAlarm(tenant)
  expect(startedIds()).toEqual(['run_kept'])
  expect(unwrap(await tenant.pending('run_kept'))).toBeNull()
})

test('a run at work has a row until it leaves, so a restarted tenant counts right; one that came and went has none', async () => {
  const tenant = await openTenant({ concurrentRuns: 5 })
  const rows = async () =>
    await runInDurableObject(tenant, (_, { storage }) =>
      storage.sql
        .exec<{ run_id: string }>('SELECT run_id FROM active')
        .toArray()
        .map(({ run_id }) => run_id),
    )
  await submit(tenant, 'run_long')
  await submit(tenant, 'run_short')
  unwrap(await tenant.leave('run_short'))
  await expect.poll(rows).toEqual(['run_long'])
  await evictDurableObject(tenant)
  expect(unwrap(await tenant.budgets()).runs.active).toBe(1)
  unwrap(await tenant.leave('run_long'))
  await expect.poll(rows).toEqual([])
})

test('the same id is admitted once', async () => {
  const tenant = await openTenant({ concurrentRuns: 1, batchRuns: 1 })
  expect(await submit(tenant, 'run_same')).toBe('start')
  expect(await submit(tenant, 'run_same')).toBe('start')
  expect(await submit(tenant, 'run_other')).toBe('wait')
  expect(await submit(tenant, 'run_other')).toBe('pending')
  expect(unwrap(await tenant.budgets()).runs).toEqual({ active: 1, pending: 1, startedToday: 2 })
})

test('what the plan does not let wait or start today is refused with the time to come back', async () => {
  const tenant = await openTenant({ concurrentRuns: 1, batchRuns: 1, pendingRuns: 1, runsPerDay: 3 })
  expect(await submit(tenant, 'run_1')).toBe('start')
  expect(await submit(tenant, 'run_2')).toBe('wait')
  expect(await submit(tenant, 'run_3')).toBe('plan_pendingRuns')
  await tenant.project([row('run_1', 'completed', 2)])
  await expect.poll(startedIds).toEqual(['run_2'])
  expect(await submit(tenant, 'run_3')).toBe('wait')
  expect(await tenant.admit({ runId: 'run_4', workflow: 'w', priority: 'interactive' })).toMatchObject({
    ok: false,
    error: { code: 'rate_limited', reason: 'plan_runsPerDay', retryAfterMs: expect.any(Number) },
  })
})

test('a pending run can be withdrawn and leaves a cancelled row', async () => {
  const tenant = await openTenant({ concurrentRuns: 1, batchRuns: 1 })
  await submit(tenant, 'run_1')
  await submit(tenant, 'run_2')
  await expect.poll(() => world.projected.get('run_2')?.status).toBe('waiting')
  expect(unwrap(await tenant.withdraw('run_2'))?.request.runId).toBe('run_2')
  expect(world.projected.get('run_2')?.status).toBe('cancelled')
  await tenant.project([row('run_1', 'completed', 2)])
  expect(unwrap(await tenant.budgets()).runs).toMatchObject({ active: 0, pending: 0 })
  expect(startedIds()).toEqual([])
})

test('who waits for a run to become quiet is told when it ends or waits, and not kept for ever', async () => {
  const tenant = await openTenant()
  await submit(tenant, 'run_1')
  const told: string[] = []
  const quiet = tenant.untilQuiet('run_1', 60_000).then(() => told.push('quiet'))
  await tenant.budgets()
  expect(told).toEqual([])
  await tenant.project([row('run_1', 'completed', 2)])
  await quiet
  await submit(tenant, 'run_2')
  expect(await tenant.untilQuiet('run_2', 20)).toEqual({ ok: true, value: null })
  expect(await tenant.untilQuiet('run_none', 60_000)).toEqual({ ok: true, value: null })
})

test('list rows that come at once are written in few batches', async () => {
  const tenant = await openTenant()
  await Promise.all(Array.from({ length: 60 }, (_, index) => tenant.project([row(`run_r${index}`, 'completed', 1)])))
  expect(world.projected.size).toBe(60)
  expect(world.batches).toBeLessThan(20)
})

test('tokens are leased out of one bucket, whoever asks', async () => {
  const limit = { perSecond: 1, burst: 40 }
  const tenant = await openTenant({ rates: { read: limit, write: limit, start: limit } })
  const leases = await Promise.all(
    Array.from({ length: 50 }, (_, index) => tenant.lease({ principalId: `key_${index}`, routeClass: 'read', wanted: 3, returned: 0 })),
  )
  const granted = leases.reduce((sum, lease) => sum + lease.granted, 0)
  expect(granted).toBeGreaterThanOrEqual(40)
  expect(granted).toBeLessThanOrEqual(42)
  expect(leases.at(-1)).toMatchObject({ granted: 0, limit: 40 })
})
