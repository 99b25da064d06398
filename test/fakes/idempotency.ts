import type { Idempotency, IdempotencyClaim, StoredAnswer } from '../../workers/domain/idempotency'

/** Idempotency keys in memory. */
export function createFakeIdempotency(): Idempotency {
  const rows = new Map<string, IdempotencyClaim & { answer?: StoredAnswer }>()
  return {
    claim: async (claim) => {
      const row = rows.get(claim.key)
      const isFree = row === undefined || row.expiresAt < claim.at || (row.answer === undefined && row.at < claim.abandonedBefore)
      if (isFree) {
        rows.set(claim.key, { ...claim })
        return { kind: 'mine' }
      }
      if (row.fingerprint !== claim.fingerprint) return { kind: 'mismatch' }
      return row.answer === undefined ? { kind: 'busy' } : { kind: 'done', answer: row.answer }
    },
    finish: async (key, answer) => {
      const row = rows.get(key)
      if (row !== undefined) row.answer = answer
    },
    release: async (key) => {
      if (rows.get(key)?.answer === undefined) rows.delete(key)
    },
  }
}
