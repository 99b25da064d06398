import type { Idempotency, IdempotencyClaim, StoredAnswer } from '../../workers/domain/idempotency'

/** Idempotency keys in memory. */
export function createFakeIdempotency(): Idempotency {
  const rows = new Map<string, IdempotencyClaim & { answer?: StoredAnswer }>()
  const touch = async (key: string, at: string) => {
    const row = rows.get(key)
    if (row !== undefined && row.answer === undefined) row.at = at
  }
  return {
    claim: async (claim) => {
      const row = rows.get(claim.key)
      const isExpired = row === undefined || row.expiresAt < claim.at
      const isAbandoned = row?.answer === undefined && (row?.at ?? '') < claim.abandonedBefore && row?.fingerprint === claim.fingerprint
      if (isExpired || isAbandoned) {
        const runId = isExpired ? claim.runId : row.runId
        rows.set(claim.key, { ...claim, runId })
        return { kind: 'mine', runId }
      }
      if (row.fingerprint !== claim.fingerprint) return { kind: 'mismatch' }
      return row.answer === undefined ? { kind: 'busy' } : { kind: 'done', answer: row.answer }
    },
    renew: touch,
    finish: async (key, answer) => {
      const row = rows.get(key)
      if (row !== undefined) row.answer = answer
    },
    release: async (key) => {
      if (rows.get(key)?.answer === undefined) rows.delete(key)
    },
    abandon: (key) => touch(key, ''),
  }
}
