import type { RefreshSession, SessionStore } from '../../workers/domain/sessions'

type Row = RefreshSession & { usedAt?: string; revokedAt?: string }

/** Refresh tokens in memory. */
export function createFakeSessions(): SessionStore {
  const rows: Row[] = []
  const sessionOf = ({ usedAt: _used, revokedAt: _revoked, ...session }: Row) => session
  const ofUser = (tenantId: string, userId: string) => (row: Row) =>
    row.tenantId === tenantId && row.userId === userId && row.revokedAt === undefined
  const end = (chosen: Row[], at: string): number => {
    for (const row of chosen) row.revokedAt = at
    return chosen.filter((row) => row.usedAt === undefined && row.expiresAt > at).length
  }
  return {
    insert: async (session) => {
      const revokedAt = rows.find((row) => row.family === session.family && row.revokedAt !== undefined)?.revokedAt
      const before = rows.filter((row) => row.family === session.family)
      const { isStrong, ...rest } = session
      const staysStrong = isStrong && (before.length === 0 || before.some((row) => row.isStrong))
      rows.push({ ...rest, ...(staysStrong && { isStrong }), ...(revokedAt !== undefined && { revokedAt }) })
    },
    tenantOf: async (tokenHash, at) =>
      rows.find((row) => row.tokenHash === tokenHash && row.usedAt === undefined && row.revokedAt === undefined && row.expiresAt > at)
        ?.tenantId,
    take: async (tokenHash, at) => {
      const row = rows.find((each) => each.tokenHash === tokenHash)
      if (row === undefined) return { kind: 'unknown' }
      if (row.usedAt !== undefined) return { kind: 'reused', session: sessionOf(row) }
      if (row.revokedAt !== undefined || row.expiresAt <= at) return { kind: 'unknown' }
      row.usedAt = at
      return { kind: 'fresh', session: sessionOf(row) }
    },
    list: async (tenantId, userId, at) =>
      rows
        .filter((row) => ofUser(tenantId, userId)(row) && row.usedAt === undefined && row.expiresAt > at)
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
        .map(({ family, userAgent, address, startedAt, createdAt, expiresAt }) => ({
          id: family,
          userAgent,
          address,
          createdAt: startedAt,
          lastUsedAt: createdAt,
          expiresAt,
        })),
    revoke: async (tenantId, userId, family, at) =>
      end(
        rows.filter((row) => ofUser(tenantId, userId)(row) && row.family === family),
        at,
      ) > 0,
    revokeAll: async (tenantId, userId, at, except) =>
      end(
        rows.filter((row) => ofUser(tenantId, userId)(row) && row.family !== except),
        at,
      ),
    revokeFamily: async (family, at) => {
      for (const row of rows) if (row.family === family) row.revokedAt ??= at
    },
    find: async (tenantId, userId, family) => {
      const living = rows.filter((row) => ofUser(tenantId, userId)(row) && row.family === family)
      const row = living.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0]
      return row && { startedAt: row.startedAt, lastUsedAt: row.createdAt, ...(row.isStrong && { isStrong: true }) }
    },
    touch: async (tenantId, userId, family, at) => {
      for (const row of rows)
        if (ofUser(tenantId, userId)(row) && row.family === family && row.usedAt === undefined && row.createdAt < at) row.createdAt = at
    },
    strengthen: async (tenantId, userId, family) => {
      for (const row of rows) if (ofUser(tenantId, userId)(row) && row.family === family) row.isStrong = true
    },
    weakenAll: async (tenantId, userId) => {
      for (const row of rows.filter(ofUser(tenantId, userId))) delete row.isStrong
    },
    deleteExpired: async (before) => {
      const expired = rows.filter((row) => row.expiresAt < before)
      for (const row of expired) rows.splice(rows.indexOf(row), 1)
      return expired.length
    },
  }
}
