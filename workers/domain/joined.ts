/** Gives what the read gives, or what a read of the same key gives that began after this was asked for. */
export type Joined<T> = (key: string, read: () => Promise<T>) => Promise<T>

export interface JoinedOptions {
  /** A read that has told nothing for so long was broken off with the request that it belonged to; whoever waits reads for itself. */
  staleMs: number
  now(): number
  sleep(ms: number): Promise<void>
}

interface Reading<T> {
  at: number
  answer: Promise<T>
  /** Begins when this one has ended, for all who have come meanwhile. */
  next?: Reading<T>
}

/**
 * Reads of the same thing by many at once are one read. Nobody gets what is older than the question: who comes while a read is under way
 * waits for the next one, which all others share who wait. What fails, fails for those who share it.
 */
export function createJoined<T>({ staleMs, now, sleep }: JoinedOptions): Joined<T> {
  const readings = new Map<string, Reading<T>>()
  const begin = (key: string, read: () => Promise<T>, after?: Promise<unknown>): Reading<T> => {
    const answer = after === undefined ? read() : after.then(read, read)
    const reading: Reading<T> = { at: now(), answer }
    const end = () => {
      if (readings.get(key) !== reading) return
      if (reading.next === undefined) readings.delete(key)
      else readings.set(key, Object.assign(reading.next, { at: now() }))
    }
    void answer.then(end, end)
    return reading
  }
  return async (key, read) => {
    const known = readings.get(key)
    if (known === undefined || known.at < now() - staleMs) {
      const reading = begin(key, read)
      readings.set(key, reading)
      return await reading.answer
    }
    known.next ??= begin(key, read, known.answer)
    const late = sleep(staleMs).then(() => undefined)
    const told = await Promise.race([known.next.answer.then((answer) => ({ answer })), late])
    return told === undefined ? await read() : told.answer
  }
}
