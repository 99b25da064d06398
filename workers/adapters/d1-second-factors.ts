import { and, eq, isNull, lt, or } from 'drizzle-orm'
import type { SecondFactors } from '../domain/second-factors'
import { openD1 } from './d1'
import { recoveryCodes, secondFactors } from './schema'
import type { Vault } from './vault'

/** Second factors in D1: the secrets sealed and bound to their user, the recovery codes by their hashes. */
export function createD1SecondFactors(binding: D1Database, vault: Vault): SecondFactors {
  const db = openD1(binding)
  const mine = (tenantId: string, userId: string) => and(eq(secondFactors.tenantId, tenantId), eq(secondFactors.userId, userId))
  const codesOf = (tenantId: string, userId: string) => and(eq(recoveryCodes.tenantId, tenantId), eq(recoveryCodes.userId, userId))
  return {
    begin: async (tenantId, userId, secret, at) => {
      const sealed = await vault.seal(new TextEncoder().encode(secret), factorPurpose(tenantId, userId))
      const kept = await db
        .insert(secondFactors)
        .values({ tenantId, userId, sealed, createdAt: at })
        .onConflictDoUpdate({
          target: [secondFactors.tenantId, secondFactors.userId],
          set: { sealed, createdAt: at, lastStep: null },
          setWhere: isNull(secondFactors.confirmedAt),
        })
        .returning({ userId: secondFactors.userId })
      return kept.length > 0
    },
    find: async (tenantId, userId) => {
      const [row] = await db.select().from(secondFactors).where(mine(tenantId, userId)).limit(1)
      if (row === undefined) return undefined
      const secret = new TextDecoder().decode(await vault.open(row.sealed, factorPurpose(tenantId, userId)))
      return { secret, ...(row.confirmedAt !== null && { confirmedAt: row.confirmedAt }) }
    },
    takeStep: async (tenantId, userId, step) => {
      const isNewer = or(isNull(secondFactors.lastStep), lt(secondFactors.lastStep, step))
      const taken = await db
        .update(secondFactors)
        .set({ lastStep: step })
        .where(and(mine(tenantId, userId), isNewer))
        .returning({ userId: secondFactors.userId })
      return taken.length > 0
    },
    confirm: async (tenantId, userId, recoveryHashes, at) => {
      await db.batch([
        db.update(secondFactors).set({ confirmedAt: at }).where(mine(tenantId, userId)),
        db.delete(recoveryCodes).where(codesOf(tenantId, userId)),
        db.insert(recoveryCodes).values(recoveryHashes.map((hash) => ({ tenantId, userId, hash }))),
      ])
    },
    takeRecoveryCode: async (tenantId, userId, hash) => {
      const meant = and(codesOf(tenantId, userId), eq(recoveryCodes.hash, hash))
      return (await db.delete(recoveryCodes).where(meant).returning({ hash: recoveryCodes.hash })).length > 0
    },
    remove: async (tenantId, userId) => {
      const [removed] = await db.batch([
        db.delete(secondFactors).where(mine(tenantId, userId)).returning({ confirmedAt: secondFactors.confirmedAt }),
        db.delete(recoveryCodes).where(codesOf(tenantId, userId)),
      ])
      return removed.length > 0
    },
  }
}

/** What the secret of an authenticator app is bound to. */
export const factorPurpose = (tenantId: string, userId: string): string => `second-factor/${tenantId}/${userId}`
