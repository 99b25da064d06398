import type { SecondFactor, SecondFactors } from '../../workers/domain/second-factors'

/** Second factors in memory. */
export function createFakeSecondFactors(): SecondFactors {
  const rows = new Map<string, SecondFactor & { lastStep?: number }>()
  const codes = new Map<string, Set<string>>()
  const key = (tenantId: string, userId: string) => `${tenantId}/${userId}`
  return {
    begin: async (tenantId, userId, secret) => {
      if (rows.get(key(tenantId, userId))?.confirmedAt !== undefined) return false
      rows.set(key(tenantId, userId), { secret })
      return true
    },
    find: async (tenantId, userId) => {
      const row = rows.get(key(tenantId, userId))
      return row && { secret: row.secret, ...(row.confirmedAt !== undefined && { confirmedAt: row.confirmedAt }) }
    },
    takeStep: async (tenantId, userId, step) => {
      const row = rows.get(key(tenantId, userId))
      if (row === undefined || (row.lastStep ?? -1) >= step) return false
      row.lastStep = step
      return true
    },
    confirm: async (tenantId, userId, recoveryHashes, at) => {
      Object.assign(rows.get(key(tenantId, userId)) ?? {}, { confirmedAt: at })
      codes.set(key(tenantId, userId), new Set(recoveryHashes))
    },
    takeRecoveryCode: async (tenantId, userId, hash) => codes.get(key(tenantId, userId))?.delete(hash) ?? false,
    remove: async (tenantId, userId) => {
      codes.delete(key(tenantId, userId))
      return rows.delete(key(tenantId, userId))
    },
  }
}
