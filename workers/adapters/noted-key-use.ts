import type { ApiKeyStore } from '../domain/identity'

/** A use is noted at most once in this time. */
export const NOTED_EVERY_MS = 60_000
const MAX_KEYS = 10_000

/**
 * Notes when keys were used, to the minute and after the answer: the store is written at most once a minute by an isolate for a key,
 * and changes at most once a minute for all of them. A note that fails costs nothing but the note.
 */
export function createNotedKeyUse(deps: {
  touch: ApiKeyStore['touch']
  now(): number
  later(work: Promise<unknown>): void
}): (id: string) => void {
  const noted = new Map<string, number>()
  return (id) => {
    const now = deps.now()
    if ((noted.get(id) ?? Number.NEGATIVE_INFINITY) > now - NOTED_EVERY_MS) return
    if (noted.size >= MAX_KEYS) noted.clear()
    noted.set(id, now)
    const since = new Date(now - NOTED_EVERY_MS).toISOString()
    deps.later(
      deps.touch(id, new Date(now).toISOString(), since).catch((thrown: unknown) => {
        console.warn(JSON.stringify({ message: 'the use of a key was not noted', key: id, error: String(thrown) }))
      }),
    )
  }
}
