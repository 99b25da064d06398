import { and, desc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Reports } from '../domain/ports'
import { ReportRecord } from '../domain/reports'
import { reports } from './schema'

/** Reports of one tenant in D1. Inserting the same id again changes nothing: a step may be delivered twice. */
export function createD1Reports(db: D1Database, tenantId: string): Reports {
  const orm = drizzle(db)
  const own = eq(reports.tenantId, tenantId)
  return {
    async insert(report) {
      await orm.insert(reports).values({ ...report, tenantId, formats: JSON.stringify(report.formats) }).onConflictDoNothing()
    },
    async find(id) {
      const rows = await orm.select().from(reports).where(and(own, eq(reports.id, id))).limit(1)
      return rows[0] && toRecord(rows[0])
    },
    async listByRun(runId) {
      const rows = await orm.select().from(reports).where(and(own, eq(reports.runId, runId))).orderBy(desc(reports.createdAt))
      return rows.map(toRecord)
    },
  }
}

const toRecord = ({ tenantId: _, formats, ...row }: typeof reports.$inferSelect): ReportRecord => ReportRecord.parse({ ...row, formats: JSON.parse(formats) })
