import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Bucket,
  createRateLimits,
  LEASE_MS,
  type LeaseRequest,
  leaseTokens,
  refill,
  type TokenLease,
} from '../../workers/domain/rate-limits'

const LIMIT = { perSecond: 10, burst: 20 }

describe('a bucket', () => {
  test('never gives more than its burst and what time has added, whoever leases how much', () => {
    const asks = fc.array(fc.record({ afterMs: fc.nat(3_000), wanted: fc.integer({ min: 0, max: 60 }) }), { maxLength: 60 })
    fc.assert(
      fc.property(asks, (list) => {
        let bucket: Bucket | undefined
        let now = 1_000_000
        const startedAt = now
        let granted = 0
        for (const { afterMs, wanted } of list) {
          now += afterMs
          const leased = leaseTokens([{ bucket, limit: LIMIT }], { wanted, returned: 0 }, now)
          bucket = leased.buckets[0]
          granted += leased.lease.granted
          expect(granted).toBeLessThanOrEqual(LIMIT.burst + ((now - startedAt) / 1_000) * LIMIT.perSecond + 1e-6)
          expect(bucket?.tokens).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  test('is not refilled by a clock that goes back, and never beyond its burst', () => {
    expect(refill({ tokens: 3, updatedAt: 5_000 }, LIMIT, 1_000)).toEqual({ tokens: 3, updatedAt: 5_000 })
    expect(refill({ tokens: 3, updatedAt: 0 }, LIMIT, 3_600_000).tokens).toBe(20)
  })

  test('takes from the tenant and the key at once: the emptier one decides', () => {
    const key = { bucket: { tokens: 2.5, updatedAt: 0 }, limit: LIMIT }
    const { buckets, lease } = leaseTokens([{ bucket: undefined, limit: LIMIT }, key], { wanted: 8, returned: 0 }, 0)
    expect(lease).toMatchObject({ granted: 2, remaining: 0, limit: 20, retryAfterMs: 0 })
    expect(buckets.map(({ tokens }) => tokens)).toEqual([18, 0.5])
  })

  test('says when the next token comes', () => {
    const { lease } = leaseTokens([{ bucket: { tokens: 0.5, updatedAt: 0 }, limit: LIMIT }], { wanted: 4, returned: 0 }, 0)
    expect(lease).toMatchObject({ granted: 0, retryAfterMs: 50 })
  })
})

describe('an isolate', () => {
  function createIsolate(limit = LIMIT) {
    let now = 0
    let bucket: Bucket | undefined
    const asked: LeaseRequest[] = []
    const failures: unknown[] = []
    const state = { isDown: false }
    const limits = createRateLimits({
      lease: async (_tenant, request): Promise<TokenLease> => {
        asked.push(request)
        if (state.isDown) throw new Error('down')
        const leased = leaseTokens([{ bucket, limit }], request, now)
        bucket = leased.buckets[0]
        return leased.lease
      },
      now: () => now,
      onLeaseFailed: (thrown) => failures.push(thrown),
    })
    return {
      asked,
      failures,
      state,
      check: () => limits.check('ten_1', 'key_1', 'read'),
      advance: (ms: number) => {
        now += ms
      },
    }
  }

  test('counts a lease down without asking again and without waiting', async () => {
    const isolate = createIsolate()
    expect(await isolate.check()).toMatchObject({ isAllowed: true, limit: 20, remaining: 19 })
    for (let each = 0; each < 15; each += 1) expect(isolate.check()).not.toBeInstanceOf(Promise)
    expect(isolate.asked).toHaveLength(1)
  })

  test('lets exactly the burst through, then refuses without asking until the next token comes', async () => {
    const isolate = createIsolate()
    const decisions = []
    for (let each = 0; each < 40; each += 1) decisions.push(await isolate.check())
    expect(decisions.filter(({ isAllowed }) => isAllowed)).toHaveLength(20)
    const asked = isolate.asked.length
    expect(decisions.at(-1)).toMatchObject({ isAllowed: false, remaining: 0, retryAfterMs: 100 })
    expect(isolate.check()).not.toBeInstanceOf(Promise)
    expect(isolate.asked).toHaveLength(asked)
    isolate.advance(100)
    expect(await isolate.check()).toMatchObject({ isAllowed: true })
  })

  test('asks for more when it needs more, and gives back what it did not use', async () => {
    const isolate = createIsolate({ perSecond: 1_000, burst: 1_000 })
    for (let each = 0; each < 16; each += 1) await isolate.check()
    await isolate.check()
    expect(isolate.asked.map(({ wanted, returned }) => [wanted, returned])).toEqual([
      [16, 0],
      [32, 0],
    ])
  })

  test('forgets tokens that it slept over', async () => {
    const isolate = createIsolate()
    await isolate.check()
    isolate.advance(LEASE_MS)
    await isolate.check()
    expect(isolate.asked).toHaveLength(2)
  })

  test('of requests that come at once one takes the slice and none passes twice', async () => {
    const isolate = createIsolate()
    const decisions = await Promise.all(Array.from({ length: 50 }, () => isolate.check()))
    expect(decisions.filter(({ isAllowed }) => isAllowed).length).toBeLessThanOrEqual(20)
    expect(isolate.asked.filter(({ wanted }) => wanted > 1)).toHaveLength(1)
  })

  test('lets requests through while the object does not answer, and says so', async () => {
    const isolate = createIsolate()
    isolate.state.isDown = true
    expect(await isolate.check()).toMatchObject({ isAllowed: true })
    expect(isolate.failures).toHaveLength(1)
  })
})
