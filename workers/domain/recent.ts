/** What was found a short while ago, in the memory of one isolate: bounded in time and number, never the truth. */
export interface Recent<T> {
  /** What is remembered, or what `find` gives, which is then remembered unless it is undefined or something was forgotten meanwhile. */
  lookUp(key: string, find: () => Promise<T | undefined>): Promise<T | undefined>
  /** Call it after each write that makes a finding untrue. */
  forget(isMeant: (value: T) => boolean): void
}

export function createRecent<T>({ ttlMs, capacity, now }: { ttlMs: number; capacity: number; now: () => number }): Recent<T> {
  // In the order in which they came, so the first ones are the oldest.
  const kept = new Map<string, { value: T; until: number }>()
  let forgotten = 0
  const keep = (key: string, value: T) => {
    kept.delete(key)
    kept.set(key, { value, until: now() + ttlMs })
    const [oldest] = kept.keys()
    if (kept.size > capacity && oldest !== undefined) kept.delete(oldest)
  }
  return {
    lookUp: async (key, find) => {
      const known = kept.get(key)
      if (known !== undefined && known.until > now()) return known.value
      const before = forgotten
      const found = await find()
      // What was read while something was written may be what stood before.
      if (found !== undefined && forgotten === before) keep(key, found)
      return found
    },
    forget: (isMeant) => {
      forgotten += 1
      for (const [key, { value }] of kept) if (isMeant(value)) kept.delete(key)
    },
  }
}
