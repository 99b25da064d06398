import { and, asc, eq, lt, or, sql } from 'drizzle-orm'
import type { Passkey, PasskeyStore } from '../domain/passkeys'
import { insertOnce, openD1, withoutNulls } from './d1'
import { passkeys } from './schema'

/** Passkeys in D1. */
export function createD1Passkeys(binding: D1Database): PasskeyStore {
  const db = openD1(binding)
  const ofUser = (tenantId: string, userId: string) => and(eq(passkeys.tenantId, tenantId), eq(passkeys.userId, userId))
  const one = (tenantId: string, userId: string, id: string) => and(ofUser(tenantId, userId), eq(passkeys.id, id))
  return {
    insert: async (passkey) => {
      await insertOnce(db.insert(passkeys).values(passkey), 'This passkey is in use already; make another one.')
    },
    findByCredential: async (credentialId) => {
      const [row] = await db.select().from(passkeys).where(eq(passkeys.credentialId, credentialId)).limit(1)
      return row && toPasskey(row)
    },
    find: async (tenantId, userId, id) => {
      const [row] = await db
        .select()
        .from(passkeys)
        .where(one(tenantId, userId, id))
        .limit(1)
      return row && toPasskey(row)
    },
    list: async (tenantId, userId) => {
      const rows = await db.select().from(passkeys).where(ofUser(tenantId, userId)).orderBy(asc(passkeys.createdAt), asc(passkeys.id))
      return rows.map(toPasskey)
    },
    use: async (id, counter, at) => {
      const isNewer = or(lt(passkeys.counter, counter), and(eq(passkeys.counter, 0), sql`${counter} = 0`))
      const noted = await db
        .update(passkeys)
        .set({ counter, lastUsedAt: at })
        .where(and(eq(passkeys.id, id), isNewer))
        .returning({ id: passkeys.id })
      return noted.length > 0
    },
    remove: async (tenantId, userId, id) =>
      (
        await db
          .delete(passkeys)
          .where(one(tenantId, userId, id))
          .returning({ id: passkeys.id })
      ).length > 0,
    removeAll: async (tenantId, userId) =>
      (await db.delete(passkeys).where(ofUser(tenantId, userId)).returning({ id: passkeys.id })).length,
  }
}

const toPasskey = (row: typeof passkeys.$inferSelect): Passkey => withoutNulls(row)
