import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withDeadline } from '../../workers/domain/deadline'

describe('withDeadline', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const waiting = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

  it('gives what the work gives, and leaves no timer', async () => {
    let standing = 0
    const given = await withDeadline(30_000, async (signal) => {
      standing = vi.getTimerCount()
      return signal.aborted
    })
    expect(given).toBe(false)
    expect(standing).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves none when the work fails', async () => {
    await expect(withDeadline(30_000, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fires when the work takes too long', async () => {
    const work = withDeadline(30_000, waiting)
    const outcome = expect(work).rejects.toMatchObject({ name: 'TimeoutError', message: 'no answer within 30000 ms' })
    await vi.advanceTimersByTimeAsync(29_999)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    await outcome
  })
})
