import { and, desc, eq } from 'drizzle-orm'
import type { Classifiers, ClassifierVersion } from '../domain/classifiers'
import { openD1, withoutNulls } from './d1'
import { classifiers } from './schema'

/** Rows of one tenant's classifiers in D1. */
export function createD1Classifiers(binding: D1Database, tenantId: string): Classifiers {
  const db = openD1(binding)
  const mine = eq(classifiers.tenantId, tenantId)
  const newest = [desc(classifiers.createdAt), desc(classifiers.version)] as const
  return {
    put: async (version) => {
      const row = rowOf(tenantId, version)
      await db
        .insert(classifiers)
        .values(row)
        .onConflictDoUpdate({ target: [classifiers.tenantId, classifiers.name, classifiers.version], set: row })
    },
    find: async (name, version) => {
      const which = version === undefined ? eq(classifiers.status, 'ready') : eq(classifiers.version, version)
      const [row] = await db
        .select()
        .from(classifiers)
        .where(and(mine, eq(classifiers.name, name), which))
        .orderBy(...newest)
        .limit(1)
      return row && toVersion(row)
    },
    versions: async (name) => {
      const rows = await db
        .select()
        .from(classifiers)
        .where(and(mine, eq(classifiers.name, name)))
        .orderBy(...newest)
      return rows.map(toVersion)
    },
    list: async () => {
      const rows = await db
        .select()
        .from(classifiers)
        .where(mine)
        .orderBy(classifiers.name, ...newest)
      return rows.filter((row, at) => rows[at - 1]?.name !== row.name).map(toVersion)
    },
    remove: async (name) => {
      await db.delete(classifiers).where(and(mine, eq(classifiers.name, name)))
    },
  }
}

/** Every column, so that what a version no longer has does not linger. */
const rowOf = (tenantId: string, { endedAt, report, failure, ...version }: ClassifierVersion): typeof classifiers.$inferInsert => ({
  ...version,
  tenantId,
  endedAt: endedAt ?? null,
  report: report ?? null,
  failure: failure ?? null,
})

const toVersion = ({ tenantId: _tenant, ...row }: typeof classifiers.$inferSelect): ClassifierVersion => withoutNulls(row)
