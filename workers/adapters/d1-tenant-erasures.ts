import { and, asc, eq, inArray, isNotNull, isNull, lte } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { getTableConfig } from 'drizzle-orm/sqlite-core'
import type { ErasurePart, TenantErasure, TenantErasures } from '../domain/tenant-life-erasure'
import { openD1, withoutNulls } from './d1'
import * as schema from './schema'
import { tenantErasures, tenants } from './schema'

/** Tables that keep rows of an erased tenant, and why. */
export const KEPT_TABLES: Record<string, string> = {
  tenant_erasures: 'The certificate of the erasure.',
  data_keys: 'Marks of destroyed keys, without the keys: they keep work that comes late from making a new one.',
}

/** Rows of one statement: far below what D1 does in one. */
const ROWS_PER_CALL = 1_000
/** Tables of one call: most are empty, and each takes a statement. */
const TABLES_PER_CALL = 15

/** Every table with rows of tenants, except those that are kept. */
export const ERASED_TABLES: readonly string[] = tablesWithTenants().filter((name) => KEPT_TABLES[name] === undefined)

function tablesWithTenants(): string[] {
  return Object.values(schema)
    .map((table: SQLiteTable) => getTableConfig(table))
    .filter(({ columns }) => columns.some(({ name }) => name === 'tenant_id'))
    .map(({ name }) => name)
    .sort()
}

/** The rows of a tenant, some tables at a time, in every shard that may have some. */
export function createD1RowErasure(shardsFor: (tenantId: string) => D1Database[]): ErasurePart[] {
  return Array.from({ length: Math.ceil(ERASED_TABLES.length / TABLES_PER_CALL) }, (_, at): ErasurePart => {
    const names = ERASED_TABLES.slice(at * TABLES_PER_CALL, (at + 1) * TABLES_PER_CALL)
    return {
      async erase(tenantId) {
        const shards = shardsFor(tenantId)
        const batches = await Promise.all(shards.map((shard) => shard.batch(names.map((name) => someRows(shard, name, tenantId)))))
        const changes = batches.map((results) => results.map(({ meta }) => meta.changes))
        const erased = names
          .map((name, index) => [`rows of ${name}`, changes.reduce((sum, rows) => sum + (rows[index] ?? 0), 0)] as const)
          .filter(([, rows]) => rows > 0)
        return { erased: Object.fromEntries(erased), isMore: changes.flat().some((rows) => rows >= ROWS_PER_CALL) }
      },
    }
  })
}

const someRows = (binding: D1Database, name: string, tenantId: string): D1PreparedStatement =>
  binding
    .prepare(`delete from "${name}" where rowid in (select rowid from "${name}" where tenant_id = ? limit ${ROWS_PER_CALL})`)
    .bind(tenantId)

/** Things whose names stand in a table, each destroyed elsewhere before its row goes. `destroy` gives false where it must be asked again. */
export function createD1NamedErasure(
  shardOf: (tenantId: string) => D1Database,
  part: { name: string; table: 'runs' | 'collections'; perCall: number; destroy(tenantId: string, name: string): Promise<boolean> },
): ErasurePart {
  const key = { runs: schema.runs.id, collections: schema.collections.name }[part.table]
  const table = { runs: schema.runs, collections: schema.collections }[part.table]
  return {
    async erase(tenantId) {
      const db = openD1(shardOf(tenantId))
      const mine = eq(table.tenantId, tenantId)
      const rows = await db.select({ name: key }).from(table).where(mine).orderBy(asc(key)).limit(part.perCall)
      const destroyed = await Promise.all(rows.map(async ({ name }) => ((await part.destroy(tenantId, name)) ? [name] : [])))
      const names = destroyed.flat()
      if (names.length > 0) await db.delete(table).where(and(mine, inArray(key, names)))
      return { erased: { [part.name]: names.length }, isMore: rows.length === part.perCall || names.length < rows.length }
    },
  }
}

/** Certificates in D1. */
export function createD1TenantErasures(binding: D1Database): TenantErasures {
  const db = openD1(binding)
  const one = (tenantId: string) => eq(tenantErasures.tenantId, tenantId)
  return {
    find: async (tenantId) => {
      const [row] = await db.select().from(tenantErasures).where(one(tenantId)).limit(1)
      return row && withoutNulls(row)
    },
    beginDue: async (at) => {
      const due = await db
        .select()
        .from(tenants)
        .where(and(isNotNull(tenants.deletionAskedAt), lte(tenants.erasedFrom, at)))
        .limit(MOST_BEGUN)
      for (const { id, slug, deletionAskedAt } of due)
        await db
          .insert(tenantErasures)
          .values({ tenantId: id, slug, askedAt: deletionAskedAt ?? at, beganAt: at, finishedAt: null, done: 0, counts: {} })
          .onConflictDoNothing()
    },
    listOpen: async (limit) => {
      const rows = await db
        .select()
        .from(tenantErasures)
        .where(isNull(tenantErasures.finishedAt))
        .orderBy(asc(tenantErasures.beganAt))
        .limit(limit)
      return rows.map((row): TenantErasure => withoutNulls(row))
    },
    save: async ({ tenantId, done, counts }) => {
      await db.update(tenantErasures).set({ done, counts }).where(one(tenantId))
    },
    finish: async ({ tenantId, counts }, at) => {
      await db.batch([
        db.delete(tenants).where(eq(tenants.id, tenantId)),
        db.update(tenantErasures).set({ finishedAt: at, counts }).where(one(tenantId)),
      ])
    },
  }
}

const MOST_BEGUN = 20
