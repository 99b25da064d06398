import { expect, test, vi } from 'vitest'
import { newId } from '../workers/adapters/uuid-ids'
import { createCronHandler } from '../workers/cron'
import { ok, refuse } from '../workers/domain/error'
import { createFakeAudit } from './fakes/audit'
import { createTestClock } from './fakes/clock'
import { createFakeIdentity } from './fakes/identity'

const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ tenantId: 'ten_1', runId: `run_${n}` }))

function createSweep(
  stale: { tenantId: string; runId: string }[],
  wake: (runId: string) => Promise<ReturnType<typeof ok<null>> | ReturnType<typeof refuse<null>>>,
) {
  const asked: object[] = []
  const expired: string[] = []
  const sweep = createCronHandler({
    staleRuns: {
      take: async (request) => {
        asked.push(request)
        return stale
      },
    },
    runs: () => ({ wake }),
    deleteExpiredIdempotencyKeys: async (before) => expired.push(before),
    identity: createFakeIdentity(),
    clock: createTestClock('2026-11-21T09:00:00.000Z'),
    audit: (tenantId) => createFakeAudit(tenantId, createTestClock()),
    newId,
  })
  return { sweep, asked, expired }
}

test('every stale run is woken, a few at a time', async () => {
  let running = 0
  let most = 0
  const woken: string[] = []
  const { sweep, asked, expired } = createSweep(rows(40), async (runId) => {
    running += 1
    most = Math.max(most, running)
    await Promise.resolve()
    running -= 1
    woken.push(runId)
    return ok(null)
  })
  await sweep()
  expect(new Set(woken).size).toBe(40)
  expect(woken).toHaveLength(40)
  expect(most).toBe(6)
  expect(asked).toMatchObject([{ unchangedSince: '2026-11-21T08:55:00.000Z', takenBefore: '2026-11-21T08:45:00.000Z' }])
  expect(expired).toEqual(['2026-11-21T09:00:00.000Z'])
})

test('a run that cannot be woken keeps no other from it, and is told in the log', async () => {
  const logged = [
    vi.spyOn(console, 'error').mockReturnValue(),
    vi.spyOn(console, 'warn').mockReturnValue(),
    vi.spyOn(console, 'info').mockReturnValue(),
  ]
  const woken: string[] = []
  const { sweep, expired } = createSweep(rows(10), async (runId) => {
    if (runId === 'run_3') throw new Error('it broke')
    if (runId === 'run_4') return refuse('not_found', 'There is no run with that id.')
    woken.push(runId)
    return ok(null)
  })
  await sweep()
  expect(woken).toHaveLength(8)
  expect(expired).toHaveLength(1)
  expect(String(logged[0]!.mock.calls[0])).toContain('run_3')
  expect(String(logged[2]!.mock.calls[0])).toContain('"failed":2')
  for (const spy of logged) spy.mockRestore()
})
