import { and, desc, eq, lt, or, type SQL, sql } from 'drizzle-orm'
import type { DatasetRecord, Datasets } from '../domain/datasets'
import { decodeCursor, pageOf } from '../domain/pages'
import { openD1 } from './d1'
import { datasets } from './schema'

/** Rows of one tenant's datasets in D1. */
export function createD1Datasets(binding: D1Database, tenantId: string): Datasets {
  const db = openD1(binding)
  const mine = eq(datasets.tenantId, tenantId)
  const select = async (condition: SQL | undefined) => {
    const rows = await db.select().from(datasets).where(and(mine, condition)).orderBy(desc(datasets.position))
    return rows.map(toRecord)
  }
  return {
    save: async ({ name, version, cases, bytes, createdAt, createdBy }) => {
      await db.run(sql`
        insert into datasets (tenant_id, name, version, cases, bytes, created_at, created_by, position)
        values (${tenantId}, ${name}, ${version}, ${cases}, ${bytes}, ${createdAt}, ${createdBy},
          coalesce((select max(position) from datasets where tenant_id = ${tenantId} and name = ${name}), 0) + 1)
        on conflict (tenant_id, name, version) do update set position = excluded.position`)
    },
    find: async (name, version) => {
      const [row] = await select(and(eq(datasets.name, name), version === undefined ? IS_NEWEST : eq(datasets.version, version)))
      return row
    },
    versions: (name) => select(eq(datasets.name, name)),
    list: async ({ limit, cursor }) => {
      const rows = await db
        .select()
        .from(datasets)
        .where(and(mine, IS_NEWEST, cursor === undefined ? undefined : isAfter(cursor)))
        .orderBy(desc(datasets.createdAt), desc(datasets.name))
        .limit(limit + 1)
      return pageOf(rows.map(toRecord), limit, ({ createdAt, name }) => ({ at: createdAt, id: name }))
    },
    remove: async (name) => {
      await db.delete(datasets).where(and(mine, eq(datasets.name, name)))
    },
  }
}

/** Of the rows of a name, the one on top. */
const IS_NEWEST = sql`${datasets.position} = (
  select max(newer.position) from datasets newer where newer.tenant_id = datasets.tenant_id and newer.name = datasets.name)`

/** Rows that come after the cursor in a list from the newest to the oldest. */
function isAfter(cursor: string): SQL | undefined {
  const { at, id } = decodeCursor(cursor)
  return or(lt(datasets.createdAt, at), and(eq(datasets.createdAt, at), lt(datasets.name, id)))
}

const toRecord = ({ tenantId: _tenant, position: _position, ...row }: typeof datasets.$inferSelect): DatasetRecord => row
