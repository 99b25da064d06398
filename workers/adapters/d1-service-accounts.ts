import { and, asc, eq, sql } from 'drizzle-orm'
import type { ServiceAccountStore } from '../domain/service-accounts'
import { openD1, withoutNulls } from './d1'
import { serviceAccounts } from './schema'

/** Service accounts in D1. */
export function createD1ServiceAccounts(binding: D1Database): ServiceAccountStore {
  const db = openD1(binding)
  const one = (tenantId: string, id: string) => and(eq(serviceAccounts.tenantId, tenantId), eq(serviceAccounts.id, id))
  return {
    insert: async (account) => {
      await db.insert(serviceAccounts).values(account)
    },
    find: async (tenantId, id) => {
      const [row] = await db.select().from(serviceAccounts).where(one(tenantId, id)).limit(1)
      return row && withoutNulls(row)
    },
    list: async (tenantId) => {
      const mine = eq(serviceAccounts.tenantId, tenantId)
      const rows = await db.select().from(serviceAccounts).where(mine).orderBy(asc(serviceAccounts.createdAt), asc(serviceAccounts.id))
      return rows.map(withoutNulls)
    },
    disable: async (tenantId, id, at) => {
      const rows = await db
        .update(serviceAccounts)
        .set({ disabledAt: sql`coalesce(${serviceAccounts.disabledAt}, ${at})` })
        .where(one(tenantId, id))
        .returning({ id: serviceAccounts.id })
      return rows.length > 0
    },
  }
}
