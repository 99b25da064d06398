import { and, desc, eq, gt, isNotNull, isNull, like, lt, ne, notLike, sql } from 'drizzle-orm'
import type { Device, RefreshSession, SessionStore } from '../domain/sessions'
import { openD1 } from './d1'
import { sessions } from './schema'

type Row = typeof sessions.$inferSelect

/**
 * Ends the id of a token whose sign-in more than a password opened. Nobody is ever shown the id of a token, and the mark lives exactly as
 * long as what it is about, so it takes no column.
 */
const STRONG = '+strong'

/** Refresh tokens in D1, by their hashes. */
export function createD1Sessions(binding: D1Database): SessionStore {
  const db = openD1(binding)
  const ofUser = (tenantId: string, userId: string) =>
    and(eq(sessions.tenantId, tenantId), eq(sessions.userId, userId), isNull(sessions.revokedAt))
  const usable = (tokenHash: string, at: string) =>
    and(eq(sessions.tokenHash, tokenHash), isNull(sessions.usedAt), isNull(sessions.revokedAt), gt(sessions.expiresAt, at))
  /** Ends the chosen sign-ins; the token that could still be used stands for its sign-in. */
  const end = async (condition: ReturnType<typeof and>, at: string) => {
    const rows = await db.update(sessions).set({ revokedAt: at }).where(condition).returning()
    return rows.filter((row) => row.usedAt === null && row.expiresAt > at).length
  }
  return {
    insert: async ({ isStrong, ...session }) => {
      // A renewal that was under way while its sign-in was revoked makes a token that is revoked from the start.
      const revokedAt = sql<
        string | null
      >`(select min(${sessions.revokedAt}) from ${sessions} where ${sessions.family} = ${session.family})`
      // One that was under way while its strength was taken away brings it back to no life either.
      const isWeakened = sql`exists (select 1 from ${sessions} where ${sessions.family} = ${session.family})
        and not exists (select 1 from ${sessions} where ${sessions.family} = ${session.family} and ${sessions.id} like ${`%${STRONG}`})`
      const id = isStrong ? sql<string>`case when ${isWeakened} then ${session.id} else ${session.id + STRONG} end` : session.id
      await db.insert(sessions).values({ ...session, id, revokedAt })
    },
    tenantOf: async (tokenHash, at) => {
      const [row] = await db.select({ tenantId: sessions.tenantId }).from(sessions).where(usable(tokenHash, at)).limit(1)
      return row?.tenantId
    },
    take: async (tokenHash, at) => {
      const [taken] = await db.update(sessions).set({ usedAt: at }).where(usable(tokenHash, at)).returning()
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
    find: async (tenantId, userId, family) => {
      const [row] = await db
        .select({ id: sessions.id, createdAt: sessions.createdAt, startedAt: sessions.startedAt })
        .from(sessions)
        .where(and(ofUser(tenantId, userId), eq(sessions.family, family)))
        .orderBy(desc(sessions.createdAt), desc(sessions.id))
        .limit(1)
      return row && { startedAt: row.startedAt ?? row.createdAt, lastUsedAt: row.createdAt, ...strengthOf(row) }
    },
    touch: async (tenantId, userId, family, at) => {
      const usable = and(ofUser(tenantId, userId), eq(sessions.family, family), isNull(sessions.usedAt), lt(sessions.createdAt, at))
      const startedAt = sql`coalesce(${sessions.startedAt}, ${sessions.createdAt})`
      await db.update(sessions).set({ createdAt: at, startedAt }).where(usable)
    },
    strengthen: async (tenantId, userId, family) => {
      const weak = and(ofUser(tenantId, userId), eq(sessions.family, family), notLike(sessions.id, `%${STRONG}`))
      await db
        .update(sessions)
        .set({ id: sql`${sessions.id} || ${STRONG}` })
        .where(weak)
    },
    weakenAll: async (tenantId, userId) => {
      const strong = and(ofUser(tenantId, userId), like(sessions.id, `%${STRONG}`))
      await db
        .update(sessions)
        .set({ id: sql`replace(${sessions.id}, ${STRONG}, '')` })
        .where(strong)
    },
    deleteExpired: async (before) =>
      (await db.delete(sessions).where(lt(sessions.expiresAt, before)).returning({ id: sessions.id })).length,
  }
}

function toSession({ usedAt: _used, revokedAt: _revoked, id, ...row }: Row): RefreshSession {
  const strength = strengthOf({ id })
  return { ...row, id: strength.isStrong ? id.slice(0, -STRONG.length) : id, startedAt: row.startedAt ?? row.createdAt, ...strength }
}

const strengthOf = ({ id }: Pick<Row, 'id'>): Pick<RefreshSession, 'isStrong'> => (id.endsWith(STRONG) ? { isStrong: true } : {})

function toDevice({ family, userAgent, address, createdAt, startedAt, expiresAt }: Row): Device {
  return { id: family, userAgent, address, createdAt: startedAt ?? createdAt, lastUsedAt: createdAt, expiresAt }
}
