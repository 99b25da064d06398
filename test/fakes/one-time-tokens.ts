import type { OneTimeToken, OneTimeTokens, TokenPurpose } from '../../workers/domain/one-time-tokens'

type Row = OneTimeToken & { usedAt?: string }

/** Tokens that went out by mail, in memory. */
export function createFakeOneTimeTokens(): OneTimeTokens & { rows: Row[] } {
  const rows: Row[] = []
  const isOpen = (purpose: TokenPurpose, at: string) => (row: Row) =>
    row.purpose === purpose && row.usedAt === undefined && row.expiresAt > at
  const find = (purpose: TokenPurpose, tokenHash: string, at: string) =>
    rows.filter(isOpen(purpose, at)).find((row) => row.tokenHash === tokenHash)
  const tokenOf = ({ usedAt: _, ...token }: Row): OneTimeToken => token
  return {
    rows,
    insert: async (token) => {
      for (const row of rows)
        if (row.tenantId === token.tenantId && row.purpose === token.purpose && row.email === token.email) row.usedAt ??= token.createdAt
      rows.push({ ...token })
    },
    find: async (purpose, tokenHash, at) => {
      const row = find(purpose, tokenHash, at)
      return row && tokenOf(row)
    },
    take: async (purpose, tokenHash, at) => {
      const row = find(purpose, tokenHash, at)
      if (row === undefined) return undefined
      row.usedAt = at
      return tokenOf(row)
    },
    list: async (tenantId, purpose, at) =>
      rows
        .filter((row) => row.tenantId === tenantId && isOpen(purpose, at)(row))
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
        .map(({ tokenHash: _hash, usedAt: _used, ...row }) => row),
    revoke: async (tenantId, purpose, id, at) => {
      const row = rows.find((each) => each.tenantId === tenantId && each.id === id && isOpen(purpose, at)(each))
      if (row !== undefined) row.usedAt = at
      return row !== undefined
    },
    deleteExpired: async (before) => {
      const expired = rows.filter((row) => row.expiresAt < before)
      for (const row of expired) rows.splice(rows.indexOf(row), 1)
      return expired.length
    },
  }
}
