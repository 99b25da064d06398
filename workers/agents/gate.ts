/** Runs work, never more than so many at once; the rest waits in order. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

/** A gate for memory-hungry work: one isolate holds 128 MB for everything in it. */
export function createGate(limit: number): Gate {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}
