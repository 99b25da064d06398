import { and, desc, eq, gt, gte, lt, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { RunIndex } from '../domain/ports'
import type { RunStatus, RunSummary, RunTrigger } from '../domain/runs'
import { decodeCursor, pageOf } from './cursor'
import { runs } from './schema'

/** List rows of one tenant's runs in D1. */
export function createD1RunIndex(db: D1Database, tenantId: string): RunIndex {
  const orm = drizzle(db)
  const own = eq(runs.tenantId, tenantId)
  return {
    async upsert(rows) {
      const statements = rows.map((row) => {
        const values = { ...toRow(row), tenantId }
        const { tenantId: _, id: __, ...set } = values
        return orm.insert(runs).values(values).onConflictDoUpdate({ target: [runs.tenantId, runs.id], set, setWhere: gt(sql`excluded.revision`, runs.revision) })
      })
      const [first, ...rest] = statements
      if (first !== undefined) await orm.batch([first, ...rest])
    },
    async find(id) {
      const rows = await orm.select().from(runs).where(and(own, eq(runs.id, id))).limit(1)
      return rows[0] && toSummary(rows[0])
    },
    async list({ limit, cursor, workflow, status, createdFrom, createdTo }) {
      const before = decodeCursor(cursor)
      const conditions = [
        own,
        ...(before === undefined ? [] : [lt(runs.id, before)]),
        ...(workflow === undefined ? [] : [eq(runs.workflow, workflow)]),
        ...(status === undefined ? [] : [eq(runs.status, status)]),
        ...(createdFrom === undefined ? [] : [gte(runs.createdAt, createdFrom)]),
        ...(createdTo === undefined ? [] : [lt(runs.createdAt, createdTo)]),
      ]
      const rows = await orm.select().from(runs).where(and(...conditions)).orderBy(desc(runs.id)).limit(limit + 1)
      return pageOf(rows, limit, toSummary)
    },
  }
}

/** Live runs of all tenants whose row has not moved since `before`: for the cron sweep only. */
export async function listStaleRuns(db: D1Database, before: string, limit: number): Promise<{ tenantId: string; id: string }[]> {
  return await drizzle(db)
    .select({ tenantId: runs.tenantId, id: runs.id })
    .from(runs)
    .where(and(sql`${runs.status} IN ('running', 'waiting')`, lt(runs.updatedAt, before)))
    .limit(limit)
}

const toRow = (summary: RunSummary) => ({
  ...summary,
  documentId: summary.documentId ?? null,
  title: summary.title ?? null,
  errorMessage: summary.errorMessage ?? null,
  endedAt: summary.endedAt ?? null,
})

function toSummary({ tenantId: _, documentId, title, errorMessage, endedAt, ...row }: typeof runs.$inferSelect): RunSummary {
  return {
    ...row,
    status: row.status as RunStatus,
    trigger: row.trigger as RunTrigger,
    ...(documentId !== null && { documentId }),
    ...(title !== null && { title }),
    ...(errorMessage !== null && { errorMessage }),
    ...(endedAt !== null && { endedAt }),
  }
}
