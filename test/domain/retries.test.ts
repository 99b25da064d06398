import { describe, expect, it } from 'vitest'
import { retryDelayMs } from '../../workers/domain/retries'
import { DEFAULT_RETRY } from '../../workers/domain/workflows'

const unavailable = { code: 'unavailable' } as const

describe('retryDelayMs', () => {
  it('doubles from attempt to attempt up to the limit', () => {
    const policy = { ...DEFAULT_RETRY, maxAttempts: 9, jitter: 0 }
    expect([1, 2, 3, 7, 8].map((attempt) => retryDelayMs(policy, attempt, unavailable, 0.9))).toEqual([1_000, 2_000, 4_000, 60_000, 60_000])
  })

  it('spreads by the jitter to both sides', () => {
    expect(retryDelayMs(DEFAULT_RETRY, 1, unavailable, 0)).toBe(800)
    expect(retryDelayMs(DEFAULT_RETRY, 1, unavailable, 0.999999)).toBe(1_200)
  })

  it('gives up when attempts are used up or the code is not worth it', () => {
    expect(retryDelayMs(DEFAULT_RETRY, 3, unavailable, 0)).toBeUndefined()
    expect(retryDelayMs(DEFAULT_RETRY, 1, { code: 'invalid' }, 0)).toBeUndefined()
  })

  it('never tries earlier than the other side asked', () => {
    expect(retryDelayMs(DEFAULT_RETRY, 1, { code: 'rate_limited', retryAfterMs: 90_000 }, 0)).toBe(90_000)
  })
})
