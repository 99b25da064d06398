import { and, desc, eq } from 'drizzle-orm'
import type { Reports } from '../domain/ports'
import { insertOnce, openD1 } from './d1'
import { storageCount } from './d1-tenant-storage'
import { reports } from './schema'

/** Rows of one tenant's reports in D1. */
export function createD1Reports(binding: D1Database, tenantId: string): Reports {
  const db = openD1(binding)
  const mine = eq(reports.tenantId, tenantId)
  // Rows from before bytes were counted have 0, which no report is.
  const toRecord = ({ tenantId: _, bytes, ...row }: typeof reports.$inferSelect) => ({ ...row, ...(bytes > 0 && { bytes }) })
  return {
    insert: async (report) => {
      const { count, add } = storageCount(db, tenantId)
      const rows = db.batch([count, db.insert(reports).values({ ...report, tenantId }), add(report.bytes ?? 0)])
      await insertOnce(rows, 'A report with that id is stored already.')
    },
    find: async (id) => {
      const [row] = await db
        .select()
        .from(reports)
        .where(and(mine, eq(reports.id, id)))
        .limit(1)
      return row && toRecord(row)
    },
    listByRun: async (runId) => {
      const rows = await db
        .select()
        .from(reports)
        .where(and(mine, eq(reports.runId, runId)))
        .orderBy(desc(reports.createdAt), desc(reports.id))
      return rows.map(toRecord)
    },
  }
}
