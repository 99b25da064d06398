import { and, desc, eq, getTableColumns, gt, gte, lt, or, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { decodeCursor, pageOf } from '../domain/pages'
import type { PageRequest } from '../domain/ports'
import type { RunSummary } from '../domain/runs'
import type { RunListing } from '../domain/stores'
import { openD1, withoutNulls } from './d1'
import { runs } from './schema'

type Row = typeof runs.$inferSelect

/** Projected rows of one tenant's runs in D1. A row of a lower revision never replaces one of a higher, in whatever order they come. */
export function createD1RunIndex(binding: D1Database, tenantId: string): RunListing {
  const db = openD1(binding)
  const mine = eq(runs.tenantId, tenantId)
  const select = async (page: PageRequest, condition: SQL | undefined) => {
    const rows = await db
      .select()
      .from(runs)
      .where(and(mine, condition, page.cursor === undefined ? undefined : isAfter(page.cursor)))
      .orderBy(desc(runs.createdAt), desc(runs.id))
      .limit(page.limit + 1)
    return pageOf(rows.map(toSummary), page.limit, (run) => ({ at: run.createdAt, id: run.id }))
  }
  return {
    upsert: async (summaries) => {
      const [first, ...rest] = summaries.map((summary): BatchItem<'sqlite'> => {
        const row = { ...EMPTY, ...summary, tenantId }
        return db
          .insert(runs)
          .values(row)
          .onConflictDoUpdate({ target: [runs.tenantId, runs.id], set: replacement, setWhere: sql`excluded.revision > ${runs.revision}` })
      })
      if (first !== undefined) await db.batch([first, ...rest])
    },
    find: async (id) => {
      const [row] = await db
        .select()
        .from(runs)
        .where(and(mine, eq(runs.id, id)))
        .limit(1)
      return row && toSummary(row)
    },
    list: (request) => select(request, isWanted(request)),
    listOpenApprovals: (page) => select(page, gt(runs.openApprovals, 0)),
  }
}

function isWanted({ workflow, status, createdFrom, createdTo }: Parameters<RunListing['list']>[0]): SQL | undefined {
  return and(
    workflow === undefined ? undefined : eq(runs.workflow, workflow),
    status === undefined ? undefined : eq(runs.status, status),
    createdFrom === undefined ? undefined : gte(runs.createdAt, createdFrom),
    createdTo === undefined ? undefined : lt(runs.createdAt, createdTo),
  )
}

/** A projection names every column, so that one that is gone (an error after a resume) does not linger. */
const EMPTY = { documentId: null, title: null, errorMessage: null, endedAt: null, sweptAt: null }

const replacement = Object.fromEntries(
  Object.entries(getTableColumns(runs))
    .filter(([key]) => key !== 'tenantId' && key !== 'id')
    .map(([key, column]) => [key, sql.raw(`excluded.${column.name}`)]),
)

function isAfter(cursor: string): SQL | undefined {
  const { at, id } = decodeCursor(cursor)
  return or(lt(runs.createdAt, at), and(eq(runs.createdAt, at), lt(runs.id, id)))
}

function toSummary({ tenantId: _tenant, sweptAt: _swept, ...row }: Row): RunSummary {
  return withoutNulls(row)
}
