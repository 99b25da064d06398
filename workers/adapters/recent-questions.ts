import type { Encoder } from '../domain/models'
import { createRecent } from '../domain/recent'

/** The same question comes again within minutes: from a page that is loaded anew, from many people at once. */
const REMEMBERED_MS = 10 * 60_000
/** A vector of 1,024 numbers is 8 KB. */
const MAX_QUESTIONS = 500

/** Remembers in the memory of one isolate what vectors the questions of a tenant have, by encoder: making one takes longer than the rest of a search. */
export function createRecentQuestions(now: () => number): (tenantId: string, encoder: Encoder) => Encoder {
  const recent = createRecent<number[][]>({ ttlMs: REMEMBERED_MS, capacity: MAX_QUESTIONS, now })
  return (tenantId, encoder) => ({
    model: encoder.model,
    dimensions: encoder.dimensions,
    async embed(texts, options) {
      const key = JSON.stringify([tenantId, encoder.model, encoder.dimensions, texts])
      return (await recent.lookUp(key, () => encoder.embed(texts, options))) ?? []
    },
  })
}
