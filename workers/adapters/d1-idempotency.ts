import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Idempotency } from '../domain/idempotency'
import { openD1 } from './d1'
import { idempotencyKeys } from './schema'

/** Before any claim, so that one with it counts as abandoned. */
const LONG_AGO = new Date(0).toISOString()

/** Idempotency keys of one tenant in D1. */
export function createD1Idempotency(binding: D1Database, tenantId: string): Idempotency {
  const db = openD1(binding)
  const is = (key: string) => and(eq(idempotencyKeys.tenantId, tenantId), eq(idempotencyKeys.key, key))
  const isOpen = (key: string) => and(is(key), isNull(idempotencyKeys.status))
  const touch = async (key: string, claimedAt: string) => {
    await db.update(idempotencyKeys).set({ claimedAt }).where(isOpen(key))
  }
  return {
    claim: async ({ key, fingerprint, runId, at, expiresAt, abandonedBefore }) => {
      const isExpired = lt(idempotencyKeys.expiresAt, at)
      const isAbandoned = and(
        isNull(idempotencyKeys.status),
        lt(idempotencyKeys.claimedAt, abandonedBefore),
        eq(idempotencyKeys.fingerprint, fingerprint),
      )
      const [taken] = await db
        .insert(idempotencyKeys)
        .values({ tenantId, key, fingerprint, runId, claimedAt: at, expiresAt })
        .onConflictDoUpdate({
          target: [idempotencyKeys.tenantId, idempotencyKeys.key],
          set: {
            fingerprint,
            // Of an abandoned claim the run may live already; an expired one is over.
            runId: sql`case when ${isExpired} then ${runId} else ${idempotencyKeys.runId} end`,
            claimedAt: at,
            expiresAt,
            status: null,
            mediaType: null,
            body: null,
          },
          setWhere: sql`${or(isExpired, isAbandoned)}`,
        })
        .returning({ runId: idempotencyKeys.runId })
      if (taken !== undefined) return { kind: 'mine', runId: taken.runId }
      const [row] = await db.select().from(idempotencyKeys).where(is(key)).limit(1)
      // Released between the two statements: the other request is as good as under way.
      if (row === undefined) return { kind: 'busy' }
      if (row.fingerprint !== fingerprint) return { kind: 'mismatch' }
      if (row.status === null) return { kind: 'busy' }
      return { kind: 'done', answer: { status: row.status, mediaType: row.mediaType ?? 'application/json', body: row.body ?? '' } }
    },
    renew: touch,
    finish: async (key, answer) => {
      await db.update(idempotencyKeys).set(answer).where(is(key))
    },
    release: async (key) => {
      await db.delete(idempotencyKeys).where(isOpen(key))
    },
    abandon: (key) => touch(key, LONG_AGO),
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
