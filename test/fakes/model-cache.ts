import type { CacheCount, CacheEntry, ModelCache } from '../../workers/domain/model-cache'

/** Earlier answers in memory. */
export function createFakeModelCache(): ModelCache & { entries: Map<string, CacheEntry> } {
  const entries = new Map<string, CacheEntry>()
  const counts = new Map<string, CacheCount>()
  return {
    entries,
    find: async (key, now) => {
      const entry = entries.get(key)
      return entry && entry.expiresAt > now ? entry.answer : undefined
    },
    listMeanings: async (scope, now) =>
      [...entries.values()]
        .toReversed()
        .flatMap(({ meaning, answer, expiresAt }) =>
          meaning?.scope === scope && expiresAt > now ? [{ question: meaning.question, vector: meaning.vector, answer }] : [],
        ),
    store: async (entry) => void entries.set(entry.key, entry),
    count: async (purpose, outcome) => {
      const count = counts.get(purpose) ?? { purpose, exactHits: 0, semanticHits: 0, misses: 0 }
      counts.set(purpose, { ...count, [outcome]: count[outcome] + 1 })
    },
    counts: async () => [...counts.values()].sort((a, b) => (a.purpose < b.purpose ? -1 : 1)),
    removeDocument: async (documentId) => {
      for (const [key, entry] of entries) if (entry.documentIds.includes(documentId)) entries.delete(key)
    },
    clear: async () => {
      entries.clear()
      counts.clear()
    },
  }
}
