import { and, eq, gt, isNull } from 'drizzle-orm'
import type { ObjectClass } from '../domain/backups'
import { openD1 } from './d1'
import { restores, stillObjects } from './schema'

export type Restore = typeof restores.$inferSelect
export interface StillObject {
  class: ObjectClass
  tenantId: string
  name: string
}

/** One that was not gone on with for so long keeps nothing from going on. */
const OPEN_MS = 30 * 60_000

/** How far restores are, so that each goes on after whatever broke it. */
export function createD1Restores(binding: D1Database, clock: { now(): Date }) {
  const db = openD1(binding)
  const at = () => clock.now().toISOString()
  return {
    find: async (id: string): Promise<Restore | undefined> => (await db.select().from(restores).where(eq(restores.id, id)).limit(1))[0],
    begin: async (restore: Pick<Restore, 'id' | 'tenantId' | 'createdAt' | 'parts' | 'chain' | 'counts'>): Promise<Restore> => {
      const row = { ...restore, upload: null, beganAt: at(), touchedAt: at(), verifiedAt: null, finishedAt: null }
      await db.insert(restores).values(row)
      return row
    },
    save: async ({ id, ...row }: Restore): Promise<void> => {
      await db
        .update(restores)
        .set({ ...row, touchedAt: at() })
        .where(eq(restores.id, id))
    },
    noteStill: async (restoreId: string, object: StillObject): Promise<void> => {
      await db
        .insert(stillObjects)
        .values({ restoreId, ...object })
        .onConflictDoNothing()
    },
    countStill: (restoreId: string): Promise<number> =>
      db.$count(stillObjects, eq(stillObjects.restoreId, restoreId)).then((count) => count),
    /** Of the class that is to be awakened first. */
    listStill: async (restoreId: string, kind: ObjectClass, limit: number): Promise<StillObject[]> =>
      await db
        .select({ class: stillObjects.class, tenantId: stillObjects.tenantId, name: stillObjects.name })
        .from(stillObjects)
        .where(and(eq(stillObjects.restoreId, restoreId), eq(stillObjects.class, kind)))
        .limit(limit),
    forgetStill: async (restoreId: string, { class: kind, tenantId, name }: StillObject): Promise<void> => {
      await db
        .delete(stillObjects)
        .where(
          and(
            eq(stillObjects.restoreId, restoreId),
            eq(stillObjects.class, kind),
            eq(stillObjects.tenantId, tenantId),
            eq(stillObjects.name, name),
          ),
        )
    },
    isOpen: async (): Promise<boolean> => {
      const since = new Date(clock.now().getTime() - OPEN_MS).toISOString()
      const open = and(isNull(restores.finishedAt), gt(restores.touchedAt, since))
      return (await db.select({ id: restores.id }).from(restores).where(open).limit(1)).length > 0
    },
  }
}
export type Restores = ReturnType<typeof createD1Restores>
