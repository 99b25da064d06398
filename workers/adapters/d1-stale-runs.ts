import { and, asc, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { StaleRuns } from '../domain/stores'
import { openD1 } from './d1'
import { runs } from './schema'

/** The sweep's view of all tenants' runs in D1: not bound to a tenant, because it is the platform's own upkeep. */
export function createD1StaleRuns(binding: D1Database): StaleRuns {
  const db = openD1(binding)
  return {
    take: async ({ unchangedSince, takenBefore, at, limit }) => {
      const stale = db
        .select({ key: sql`rowid` })
        .from(runs)
        .where(
          and(
            inArray(runs.status, ['running', 'waiting']),
            lt(runs.updatedAt, unchangedSince),
            or(isNull(runs.sweptAt), lt(runs.sweptAt, takenBefore)),
          ),
        )
        .orderBy(asc(runs.sweptAt), asc(runs.updatedAt))
        .limit(limit)
      return await db.update(runs).set({ sweptAt: at }).where(sql`rowid in ${stale}`).returning({ tenantId: runs.tenantId, runId: runs.id })
    },
  }
}
