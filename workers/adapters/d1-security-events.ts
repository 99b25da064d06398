import { and, desc, eq, gte, lt, or, type SQL } from 'drizzle-orm'
import { decodeCursor, pageOf } from '../domain/pages'
import type { SecurityEvents } from '../domain/security-events'
import { openD1, withoutNulls } from './d1'
import { securityEvents } from './schema'

/** Security events in D1. */
export function createD1SecurityEvents(binding: D1Database): SecurityEvents {
  const db = openD1(binding)
  return {
    record: async (event) => {
      await db.insert(securityEvents).values(event)
    },
    list: async (tenantId, { limit, cursor, kind, createdFrom, createdTo }) => {
      const rows = await db
        .select()
        .from(securityEvents)
        .where(
          and(
            eq(securityEvents.tenantId, tenantId),
            cursor === undefined ? undefined : isAfter(cursor),
            kind === undefined ? undefined : eq(securityEvents.kind, kind),
            createdFrom === undefined ? undefined : gte(securityEvents.at, createdFrom),
            createdTo === undefined ? undefined : lt(securityEvents.at, createdTo),
          ),
        )
        .orderBy(desc(securityEvents.at), desc(securityEvents.id))
        .limit(limit + 1)
      return pageOf(rows.map(withoutNulls), limit, ({ at, id }) => ({ at, id }))
    },
  }
}

function isAfter(cursor: string): SQL | undefined {
  const { at, id } = decodeCursor(cursor)
  return or(lt(securityEvents.at, at), and(eq(securityEvents.at, at), lt(securityEvents.id, id)))
}
