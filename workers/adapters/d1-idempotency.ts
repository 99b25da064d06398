import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Idempotency } from '../domain/idempotency'
import { openD1 } from './d1'
import { idempotencyKeys } from './schema'

/** Idempotency keys of one tenant in D1. */
export function createD1Idempotency(binding: D1Database, tenantId: string): Idempotency {
  const db = openD1(binding)
  const is = (key: string) => and(eq(idempotencyKeys.tenantId, tenantId), eq(idempotencyKeys.key, key))
  return {
    claim: async ({ key, fingerprint, at, expiresAt, abandonedBefore }) => {
      const isFree = or(
        lt(idempotencyKeys.expiresAt, at),
        and(isNull(idempotencyKeys.status), lt(idempotencyKeys.claimedAt, abandonedBefore)),
      )
      const taken = await db
        .insert(idempotencyKeys)
        .values({ tenantId, key, fingerprint, claimedAt: at, expiresAt })
        .onConflictDoUpdate({
          target: [idempotencyKeys.tenantId, idempotencyKeys.key],
          set: { fingerprint, claimedAt: at, expiresAt, status: null, mediaType: null, body: null },
          setWhere: sql`${isFree}`,
        })
        .returning({ key: idempotencyKeys.key })
      if (taken.length > 0) return { kind: 'mine' }
      const [row] = await db.select().from(idempotencyKeys).where(is(key)).limit(1)
      // Released between the two statements: the other request is as good as under way.
      if (row === undefined) return { kind: 'busy' }
      if (row.fingerprint !== fingerprint) return { kind: 'mismatch' }
      if (row.status === null) return { kind: 'busy' }
      return { kind: 'done', answer: { status: row.status, mediaType: row.mediaType ?? 'application/json', body: row.body ?? '' } }
    },
    finish: async (key, answer) => {
      await db.update(idempotencyKeys).set(answer).where(is(key))
    },
    release: async (key) => {
      await db.delete(idempotencyKeys).where(and(is(key), isNull(idempotencyKeys.status)))
    },
  }
}

/** Removes the answers of all tenants whose time is over; gives their number. */
export async function deleteExpiredIdempotencyKeys(binding: D1Database, before: string): Promise<number> {
  const rows = await openD1(binding)
    .delete(idempotencyKeys)
    .where(lt(idempotencyKeys.expiresAt, before))
    .returning({ key: idempotencyKeys.key })
  return rows.length
}
