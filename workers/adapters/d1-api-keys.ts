import { and, asc, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { ApiKey, ApiKeyStore } from '../domain/identity'
import { insertOnce, openD1, withoutNulls } from './d1'
import { apiKeys, customRoles, serviceAccounts, tenants } from './schema'

/** API keys in D1. */
export function createD1ApiKeys(binding: D1Database): ApiKeyStore {
  const db = openD1(binding)
  const mine = (tenantId: string, id: string) => and(eq(apiKeys.tenantId, tenantId), eq(apiKeys.id, id))
  return {
    insert: async (key) => {
      await insertOnce(db.insert(apiKeys).values(key), 'A key with that prefix exists already; try again.')
    },
    list: async (tenantId) => {
      const rows = await db.select().from(apiKeys).where(eq(apiKeys.tenantId, tenantId)).orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))
      return rows.map(toKey)
    },
    findByPrefix: async (prefix) => {
      const [row] = await db
        .select({ key: apiKeys, rolePermissions: customRoles.permissions })
        .from(apiKeys)
        .innerJoin(tenants, and(eq(tenants.id, apiKeys.tenantId), isNull(tenants.suspendedAt), isNull(tenants.deletionAskedAt)))
        .leftJoin(customRoles, and(eq(customRoles.tenantId, apiKeys.tenantId), eq(customRoles.name, apiKeys.role)))
        .leftJoin(serviceAccounts, eq(serviceAccounts.id, apiKeys.serviceAccountId))
        .where(and(eq(apiKeys.prefix, prefix), isNull(apiKeys.revokedAt), isNull(serviceAccounts.disabledAt)))
        .limit(1)
      return row && withoutNulls({ ...row.key, rolePermissions: row.rolePermissions })
    },
    find: async (tenantId, id) => {
      const [row] = await db.select().from(apiKeys).where(mine(tenantId, id)).limit(1)
      return row && toKey(row)
    },
    expire: async (tenantId, id, at) => {
      await db
        .update(apiKeys)
        .set({ expiresAt: sql`min(coalesce(${apiKeys.expiresAt}, ${at}), ${at})` })
        .where(mine(tenantId, id))
    },
    touch: async (id, at, notedSince) => {
      const isUnnoted = or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, notedSince))
      await db
        .update(apiKeys)
        .set({ lastUsedAt: at })
        .where(and(eq(apiKeys.id, id), isUnnoted))
    },
    revoke: async (tenantId, id, at) => {
      const rows = await db
        .update(apiKeys)
        .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${at})` })
        .where(mine(tenantId, id))
        .returning({ id: apiKeys.id })
      return rows.length > 0
    },
  }
}

const toKey = ({ secretHash: _, ...row }: typeof apiKeys.$inferSelect): ApiKey => withoutNulls(row)
