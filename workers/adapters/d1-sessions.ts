import { and, desc, eq, gt, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm'
import type { Device, RefreshSession, SessionStore } from '../domain/sessions'
import { openD1 } from './d1'
import { sessions } from './schema'

type Row = typeof sessions.$inferSelect

/** Refresh tokens in D1, by their hashes. */
export function createD1Sessions(binding: D1Database): SessionStore {
  const db = openD1(binding)
  const ofUser = (tenantId: string, userId: string) =>
    and(eq(sessions.tenantId, tenantId), eq(sessions.userId, userId), isNull(sessions.revokedAt))
  /** Ends the chosen sign-ins; the token that could still be used stands for its sign-in. */
  const end = async (condition: ReturnType<typeof and>, at: string) => {
    const rows = await db.update(sessions).set({ revokedAt: at }).where(condition).returning()
    return rows.filter((row) => row.usedAt === null && row.expiresAt > at).length
  }
  return {
    insert: async (session) => {
      // A renewal that was under way while its sign-in was revoked makes a token that is revoked from the start.
      const revokedAt = sql<
        string | null
      >`(select min(${sessions.revokedAt}) from ${sessions} where ${sessions.family} = ${session.family})`
      await db.insert(sessions).values({ ...session, revokedAt })
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
    list: async (tenantId, userId, at) => {
      const alive = and(ofUser(tenantId, userId), isNull(sessions.usedAt), gt(sessions.expiresAt, at))
      return (await db.select().from(sessions).where(alive).orderBy(desc(sessions.createdAt), desc(sessions.id))).map(toDevice)
    },
    revoke: async (tenantId, userId, family, at) => (await end(and(ofUser(tenantId, userId), eq(sessions.family, family)), at)) > 0,
    revokeAll: (tenantId, userId, at, except) =>
      end(and(ofUser(tenantId, userId), except === undefined ? undefined : ne(sessions.family, except)), at),
    revokeFamily: async (family, at) => {
      await db
        .update(sessions)
        .set({ revokedAt: at })
        .where(and(eq(sessions.family, family), isNull(sessions.revokedAt)))
    },
    isLive: async (tenantId, userId, family) => {
      const living = and(ofUser(tenantId, userId), eq(sessions.family, family))
      return (await db.select({ id: sessions.id }).from(sessions).where(living).limit(1)).length > 0
    },
    deleteExpired: async (before) =>
      (await db.delete(sessions).where(lt(sessions.expiresAt, before)).returning({ id: sessions.id })).length,
  }
}

function toSession({ usedAt: _used, revokedAt: _revoked, ...row }: Row): RefreshSession {
  return { ...row, startedAt: row.startedAt ?? row.createdAt }
}

function toDevice({ family, userAgent, address, createdAt, startedAt, expiresAt }: Row): Device {
  return { id: family, userAgent, address, createdAt: startedAt ?? createdAt, lastUsedAt: createdAt, expiresAt }
}
