import { and, eq, sql } from 'drizzle-orm'
import type { ModelSettingsStore } from '../domain/model-settings'
import { openD1 } from './d1'
import { modelSettings } from './schema'

/** models.yaml of one tenant in D1. */
export function createD1ModelSettings(binding: D1Database, tenantId: string, clock: { now(): Date }): ModelSettingsStore {
  const db = openD1(binding)
  const own = eq(modelSettings.tenantId, tenantId)
  const shape = { source: modelSettings.source, revision: modelSettings.revision, updatedAt: modelSettings.updatedAt }
  return {
    find: async () => (await db.select(shape).from(modelSettings).where(own).limit(1))[0],
    async save(source, expected) {
      const updatedAt = clock.now().toISOString()
      const change = { source, updatedAt, revision: sql`${modelSettings.revision} + 1` }
      const first = { tenantId, source, updatedAt, revision: 1 }
      if (expected === undefined)
        return (
          await db.insert(modelSettings).values(first).onConflictDoUpdate({ target: modelSettings.tenantId, set: change }).returning(shape)
        )[0]
      if (expected === 0) return (await db.insert(modelSettings).values(first).onConflictDoNothing().returning(shape))[0]
      return (
        await db
          .update(modelSettings)
          .set(change)
          .where(and(own, eq(modelSettings.revision, expected)))
          .returning(shape)
      )[0]
    },
    remove: async () => void (await db.delete(modelSettings).where(own)),
  }
}
