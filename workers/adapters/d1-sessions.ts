import { and, eq, gt, isNotNull, isNull, lt } from 'drizzle-orm'
import type { RefreshSession, SessionStore } from '../domain/identity'
import { openD1 } from './d1'
import { sessions } from './schema'

/** Refresh tokens in D1, by their hashes. */
export function createD1Sessions(binding: D1Database): SessionStore {
  const db = openD1(binding)
  return {
    insert: async (session) => {
      await db.insert(sessions).values(session)
    },
    take: async (tokenHash, at) => {
      const usable = and(eq(sessions.tokenHash, tokenHash), isNull(sessions.usedAt), isNull(sessions.revokedAt), gt(sessions.expiresAt, at))
      const [taken] = await db.update(sessions).set({ usedAt: at }).where(usable).returning()
      if (taken !== undefined) return { kind: 'fresh', session: toSession(taken) }
      const [before] = await db
        .select()
        .from(sessions)
        .where(and(eq(sessions.tokenHash, tokenHash), isNotNull(sessions.usedAt)))
        .limit(1)
      return before === undefined ? { kind: 'unknown' } : { kind: 'reused', session: toSession(before) }
    },
    revokeFamily: async (family, at) => {
      await db
        .update(sessions)
        .set({ revokedAt: at })
        .where(and(eq(sessions.family, family), isNull(sessions.revokedAt)))
    },
    deleteExpired: async (before) =>
      (await db.delete(sessions).where(lt(sessions.expiresAt, before)).returning({ id: sessions.id })).length,
  }
}

function toSession({ usedAt: _used, revokedAt: _revoked, ...row }: typeof sessions.$inferSelect): RefreshSession {
  return row
}
