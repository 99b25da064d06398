import type { ApiKeyStore, FoundApiKey } from '../domain/identity'
import { createRecent } from '../domain/recent'

/** How long a key that was revoked elsewhere may still open the door of an isolate; docs/API.md says it. */
export const KEY_MEMORY_MS = 15_000
/** About 4 MB. */
const MAX_KEYS = 10_000

/**
 * The store with its recent findings kept in memory, so that not every request reads its key. A key that is revoked through this
 * store is gone at once, one that is revoked through another within `KEY_MEMORY_MS`. That a prefix is unknown is never remembered.
 */
export function createRecentApiKeys(store: ApiKeyStore, now: () => number): ApiKeyStore {
  const recent = createRecent<FoundApiKey>({ ttlMs: KEY_MEMORY_MS, capacity: MAX_KEYS, now })
  return {
    ...store,
    findByPrefix: (prefix) => recent.lookUp(prefix, () => store.findByPrefix(prefix)),
    expire: async (tenantId, id, at) => {
      await store.expire(tenantId, id, at)
      recent.forget((key) => key.id === id)
    },
    revoke: async (tenantId, id, at) => {
      const isKnown = await store.revoke(tenantId, id, at)
      recent.forget((key) => key.id === id)
      return isKnown
    },
  }
}
