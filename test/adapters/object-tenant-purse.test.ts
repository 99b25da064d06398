import { expect, it } from 'vitest'
import { createObjectPurse } from '../../workers/adapters/object-tenant-purse'
import { ok } from '../../workers/domain/error'
import { createTestClock } from '../fakes/clock'

it('asks the tenant anew after a call that cost more than it reserved', async () => {
  const asked: number[] = []
  let last = 0
  const purse = createObjectPurse({
    tenant: () => ({
      reserve: async ({ neededMicroUsd }) => {
        asked.push(neededMicroUsd)
        return ok({ amountMicroUsd: 1_000, economise: false })
      },
      settle: async () => ok(null),
    }),
    newId: (kind) => {
      last += 1
      return `${kind}_${last}`
    },
    clock: createTestClock(),
  })
  const counts = { inputTokens: 1, outputTokens: 1, provider: 'p', model: 'm', latencyMs: 1, cached: false }
  const request = { runId: 'run_1', feature: 'draft', estimateMicroUsd: 100 }
  const first = await purse.reserve(request)
  const second = await purse.reserve(request)
  expect(asked).toEqual([100])
  await purse.settle(second.id, { ...counts, actualMicroUsd: 100 })
  await purse.reserve(request)
  expect(asked).toEqual([100])
  await purse.settle(first.id, { ...counts, actualMicroUsd: 42_000 })
  await purse.reserve(request)
  expect(asked).toEqual([100, 100])
})
