/** Gives what `read` gives, or what stood before while another caller reads. */
export type Polled<T> = (key: string, read: () => Promise<T>) => Promise<T>

export interface PolledOptions {
  /** Nothing older is given, and a reader that has told nothing for so long was broken off: the next one goes. */
  staleMs: number
  capacity: number
  now(): number
}

interface Kept<T> {
  value: T
  /** When its reading began: what was written later may be missing. */
  at: number
  readingSince: number
}

/**
 * What many callers poll, read by one of them at a time. Values are shared and never promises: on Workers a promise belongs to the
 * request that made it, and what another request hangs behind it ends with that one.
 */
export function createPolled<T>({ staleMs, capacity, now }: PolledOptions): Polled<T> {
  // In the order in which they were read, so the first ones are the oldest.
  const kept = new Map<string, Kept<T>>()
  const keep = (key: string, found: Kept<T>) => {
    kept.delete(key)
    kept.set(key, found)
    const [oldest] = kept.keys()
    if (kept.size > capacity && oldest !== undefined) kept.delete(oldest)
  }
  return async (key, read) => {
    const at = now()
    const known = kept.get(key)
    if (known !== undefined && at - known.at < staleMs && at - known.readingSince < staleMs) return known.value
    if (known !== undefined) known.readingSince = at
    try {
      const value = await read()
      if ((kept.get(key)?.at ?? at) <= at) keep(key, { value, at, readingSince: Number.NEGATIVE_INFINITY })
      return value
    } catch (thrown) {
      if (known !== undefined) known.readingSince = Number.NEGATIVE_INFINITY
      throw thrown
    }
  }
}
