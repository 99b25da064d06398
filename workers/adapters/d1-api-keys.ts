import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { ApiKeyStore } from '../domain/identity'
import { insertOnce, openD1, withoutNulls } from './d1'
import { apiKeys } from './schema'

/** API keys in D1. */
export function createD1ApiKeys(binding: D1Database): ApiKeyStore {
  const db = openD1(binding)
  return {
    insert: async (key) => {
      await insertOnce(db.insert(apiKeys).values(key), 'A key with that prefix exists already; try again.')
    },
    list: async (tenantId) => {
      const rows = await db.select().from(apiKeys).where(eq(apiKeys.tenantId, tenantId)).orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))
      return rows.map(({ secretHash: _, ...row }) => withoutNulls(row))
    },
    findByPrefix: async (prefix) => {
      const [row] = await db
        .select()
        .from(apiKeys)
        .where(and(eq(apiKeys.prefix, prefix), isNull(apiKeys.revokedAt)))
        .limit(1)
      return row && withoutNulls(row)
    },
    revoke: async (tenantId, id, at) => {
      const rows = await db
        .update(apiKeys)
        .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${at})` })
        .where(and(eq(apiKeys.tenantId, tenantId), eq(apiKeys.id, id)))
        .returning({ id: apiKeys.id })
      return rows.length > 0
    },
  }
}
