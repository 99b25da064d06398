import { and, eq, inArray, sql } from 'drizzle-orm'
import { unwrap } from '../domain/error'
import { checkQuota, type Plan } from '../domain/plans'
import type { TenantStorage } from '../domain/tenant-storage'
import { type D1, openD1 } from './d1'
import { documents, reports, tenantStorage } from './schema'

/**
 * Statements that keep the count of a tenant's stored bytes; they go into the batch that changes the rows, which is all or nothing.
 * `count` must be the first: it makes the count of a tenant that stored something before bytes were counted, and costs nothing later.
 */
export function storageCount(db: D1, tenantId: string) {
  const mine = eq(tenantStorage.tenantId, tenantId)
  const ofDocuments = sql`(select coalesce(sum(${documents.size}), 0) from ${documents} where ${documents.tenantId} = ${tenantId})`
  const ofReports = sql`(select coalesce(sum(${reports.bytes}), 0) from ${reports} where ${reports.tenantId} = ${tenantId})`
  const isUncounted = sql`not exists (select 1 from ${tenantStorage} where ${mine})`
  const change = (bytes: number | ReturnType<typeof sql>) =>
    db
      .update(tenantStorage)
      .set({ bytes: sql`${tenantStorage.bytes} + ${bytes}` })
      .where(mine)
  return {
    count: db
      .insert(tenantStorage)
      .select(sql`select ${tenantId} as tenant_id, ${ofDocuments} + ${ofReports} as bytes where ${isUncounted}`),
    add: (bytes: number) => change(bytes),
    /** Of documents whose rows are still there. */
    giveBack: (ids: string[]) => {
      const meant = and(eq(documents.tenantId, tenantId), inArray(documents.id, ids))
      return change(sql`- (select coalesce(sum(${documents.size}), 0) from ${documents} where ${meant})`)
    },
  }
}

/** Stored bytes of a tenant in D1, held against its plan. */
export function createD1TenantStorage(binding: D1Database, tenantId: string, plan: () => Promise<Plan>): TenantStorage {
  const db = openD1(binding)
  const used = async () => {
    const [, rows] = await db.batch([
      storageCount(db, tenantId).count,
      db.select({ bytes: tenantStorage.bytes }).from(tenantStorage).where(eq(tenantStorage.tenantId, tenantId)),
    ])
    return rows[0]?.bytes ?? 0
  }
  return {
    used,
    requireRoom: async (bytes) => {
      const [limits, taken] = await Promise.all([plan(), used()])
      unwrap(checkQuota(limits, 'storageBytes', taken, bytes))
    },
  }
}
