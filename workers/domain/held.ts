/** One value that is read now and then. */
export interface Held<T> {
  /** What was read less than `maxAgeMs` before `now`, or what `read` gives, which is then held unless it was let go meanwhile. */
  get(now: number, maxAgeMs: number, read: () => Promise<T>): Promise<T>
  /** Call it after each write that makes the value untrue. */
  letGo(): void
}

/**
 * Holds a value once it is there, never the promise of one: on Workers a promise belongs to the request that made it, and when that
 * request is broken off whoever else waits for it waits for ever. Callers that come before the first value is there each read.
 */
export function createHeld<T>(): Held<T> {
  let held: { value: T; at: number } | undefined
  let timesLetGo = 0
  return {
    get: async (now, maxAgeMs, read) => {
      // By the difference either way: a clock that was set back would hold it for long.
      if (held !== undefined && Math.abs(now - held.at) < maxAgeMs) return held.value
      const before = timesLetGo
      const value = await read()
      if (timesLetGo === before) held = { value, at: now }
      return value
    },
    letGo: () => {
      timesLetGo += 1
      held = undefined
    },
  }
}
