import { beforeEach, expect, test } from 'vitest'
import { createAdmittedRuns } from '../../workers/adapters/object-tenant-runs'
import { newId } from '../../workers/adapters/uuid-ids'
import type { RunPriority } from '../../workers/domain/admission'
import { ok, refuse } from '../../workers/domain/error'
import type { FairGate } from '../../workers/domain/fair-gate'
import type { RunControl } from '../../workers/domain/run-control'
import type { Admission, PendingRun } from '../../workers/domain/tenant-control'
import { workflowVersion } from '../contracts/ports'
import { createTestClock } from '../fakes/clock'
import { createFakeRuns } from '../fakes/run-control'
import { createFakeRunIndex } from '../fakes/run-index'

type Order = Parameters<RunControl['start']>[0]
const order = (runId: string, more: Partial<Order> & { priority?: RunPriority } = {}): Order => ({
  runId,
  workflow: { ...workflowVersion('w', 'v1'), source: 'name: w' },
  input: { n: 1 },
  trigger: 'api',
  ...more,
})

function createWorld() {
  const clock = createTestClock()
  const runIndex = createFakeRunIndex()
  const inner = createFakeRuns({ clock, runIndex })
  const waiting = new Map<string, PendingRun>()
  const left: string[] = []
  const quiet: string[] = []
  const gate: FairGate = async (tenantId, work) => {
    gated.push(tenantId)
    return await work({ isShared: () => world.isShared, isCrowded: () => world.isCrowded, follow: (rest) => void followed.push(rest) })
  }
  const gated: string[] = []
  const followed: Promise<unknown>[] = []
  const asked: { runId: string; priority: RunPriority }[] = []
  const world = {
    isShared: false,
    isCrowded: false,
    answer: ok({ kind: 'start' }) as ReturnType<typeof ok<Admission>> | ReturnType<typeof refuse<Admission>>,
  }
  const runs = createAdmittedRuns({
    tenantId: 'ten_a',
    runs: inner,
    runIndex,
    gate,
    tenant: () => ({
      admit: async ({ runId, priority }) => {
        asked.push({ runId, priority })
        const run = waiting.get(runId)
        return run === undefined ? world.answer : ok({ kind: 'pending', run })
      },
      enqueue: async (request, priority) => {
        const run = { request, priority, createdAt: clock.now().toISOString() }
        waiting.set(request.runId, run)
        return ok(run)
      },
      leave: async (runId) => {
        left.push(runId)
        return ok(null)
      },
      untilQuiet: async (runId) => {
        quiet.push(runId)
        return ok(null)
      },
      pending: async (runId) => ok(waiting.get(runId) ?? null),
      withdraw: async (runId) => {
        const run = waiting.get(runId) ?? null
        waiting.delete(runId)
        if (run !== null)
          await runIndex.upsert([
            {
              id: runId,
              workflow: 'w',
              workflowVersion: 'v1',
              status: 'cancelled',
              trigger: 'api',
              costMicroUsd: 0,
              openApprovals: 0,
              createdAt: run.createdAt,
              updatedAt: run.createdAt,
              endedAt: run.createdAt,
              revision: 0,
            },
          ])
        return ok(run)
      },
    }),
  })
  return { runs, inner, waiting, left, quiet, gated, followed, asked, world }
}

let world: ReturnType<typeof createWorld>
const runId = newId('run')
beforeEach(() => {
  world = createWorld()
})

test('a run that is admitted starts at once', async () => {
  expect(await world.runs.start(order(runId))).toMatchObject({ ok: true, value: { id: runId, status: 'running' } })
  expect(world.inner.all.has(runId)).toBe(true)
  expect(world.left).toEqual([])
})

test('a run without room waits as a run that can be read, has no steps yet, and is not started', async () => {
  world.world.answer = ok({ kind: 'wait' })
  const started = await world.runs.start(order(runId, { title: 'T', documentId: 'doc_1' }))
  expect(started).toMatchObject({ ok: true, value: { id: runId, status: 'waiting', title: 'T', documentId: 'doc_1', input: { n: 1 } } })
  expect(await world.runs.get(runId)).toEqual(started)
  expect(await world.runs.start(order(runId))).toEqual(started)
  expect([await world.runs.steps(runId), await world.runs.events(runId, { after: 0, limit: 9 }), await world.runs.wake(runId)]).toEqual([
    ok([]),
    ok([]),
    ok(null),
  ])
  expect(world.inner.all.size).toBe(0)
  expect(world.waiting.get(runId)?.request).toMatchObject({ tenantId: 'ten_a', workflow: { source: '' } })
})

test('a run that began before needs no room: its id gives what there is', async () => {
  await world.runs.start(order(runId))
  world.world.answer = ok({ kind: 'wait' })
  expect(await world.runs.start(order(runId))).toMatchObject({ ok: true, value: { status: 'running' } })
  expect(world.waiting.size).toBe(0)
})

test('a refusal of the plan reaches the caller, and nothing is started', async () => {
  world.world.answer = refuse('rate_limited', 'too many', { retryAfterMs: 5 })
  expect(await world.runs.start(order(runId))).toMatchObject({ ok: false, error: { code: 'rate_limited' } })
  expect(world.inner.all.size).toBe(0)
})

test('a start that does not get under way gives its room back', async () => {
  const inner = { ...world.inner, start: async () => refuse<never>('unavailable', 'is being moved') }
  const runs = createAdmittedRuns({
    tenantId: 'ten_a',
    runs: inner,
    runIndex: createFakeRunIndex(),
    tenant: () => ({
      admit: async () => ok({ kind: 'start' }),
      enqueue: async () => refuse('internal', ''),
      leave: async (id) => {
        world.left.push(id)
        return ok(null)
      },
      untilQuiet: async () => ok(null),
      pending: async () => ok(null),
      withdraw: async () => ok(null),
    }),
  })
  expect(await runs.start(order(runId))).toMatchObject({ ok: false, error: { code: 'unavailable' } })
  expect(world.left).toEqual([runId])
})

test('starts go through the gate: among others what they set in motion counts too, and in a crowd it is waited for', async () => {
  await world.runs.start(order(runId))
  expect([world.gated, world.quiet]).toEqual([['ten_a'], []])
  const [light, heavy] = [newId('run'), newId('run')]
  world.world.isShared = true
  await world.runs.start(order(light))
  expect([world.quiet, world.followed.length]).toEqual([[light], 1])
  world.world.isCrowded = true
  await world.runs.start(order(heavy))
  expect([world.quiet, world.followed.length]).toEqual([[light, heavy], 1])
})

test('mail and schedules are batch, people are not, and who says so decides', async () => {
  await world.runs.start(order(runId, { trigger: 'email' }))
  await world.runs.start(order(newId('run'), { trigger: 'upload' }))
  await world.runs.start(order(newId('run'), { priority: 'batch' }))
  expect(world.asked.map(({ priority }) => priority)).toEqual(['batch', 'interactive', 'batch'])
})

test('a waiting run that is cancelled keeps its record', async () => {
  world.world.answer = ok({ kind: 'wait' })
  await world.runs.start(order(runId))
  expect(await world.runs.cancel(runId, 'ann')).toMatchObject({ ok: true, value: { id: runId, status: 'cancelled' } })
  expect(await world.runs.get(runId)).toMatchObject({ ok: true, value: { status: 'cancelled' } })
})

test('a run that never was is not found, whatever is asked of it', async () => {
  for (const answer of [
    await world.runs.get(runId),
    await world.runs.steps(runId),
    await world.runs.events(runId, { after: 0, limit: 1 }),
    await world.runs.wake(runId),
    await world.runs.cancel(runId, 'ann'),
  ])
    expect(answer).toMatchObject({ ok: false, error: { code: 'not_found' } })
})

test('a fork takes room too, and is refused when there is none', async () => {
  await world.runs.start(order(runId))
  expect(await world.runs.fork(runId, newId('run'), { fromStep: 'a' })).toMatchObject({ ok: true })
  world.world.answer = ok({ kind: 'wait' })
  expect(await world.runs.fork(runId, newId('run'), { fromStep: 'a' })).toMatchObject({ ok: false, error: { code: 'rate_limited' } })
})
