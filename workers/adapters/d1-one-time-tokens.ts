import { and, desc, eq, gt, isNull, lt } from 'drizzle-orm'
import type { OneTimeToken, OneTimeTokens, TokenPurpose } from '../domain/one-time-tokens'
import { openD1, withoutNulls } from './d1'
import { oneTimeTokens } from './schema'

/** Tokens that went out by mail, in D1 by their hashes. */
export function createD1OneTimeTokens(binding: D1Database): OneTimeTokens {
  const db = openD1(binding)
  const isOpen = (purpose: TokenPurpose, at: string) =>
    and(eq(oneTimeTokens.purpose, purpose), isNull(oneTimeTokens.usedAt), gt(oneTimeTokens.expiresAt, at))
  return {
    insert: async (token) => {
      const { tenantId, purpose, email, createdAt } = token
      const earlier = and(
        eq(oneTimeTokens.tenantId, tenantId),
        eq(oneTimeTokens.purpose, purpose),
        eq(oneTimeTokens.email, email),
        isNull(oneTimeTokens.usedAt),
      )
      await db.batch([db.update(oneTimeTokens).set({ usedAt: createdAt }).where(earlier), db.insert(oneTimeTokens).values(token)])
    },
    find: async (purpose, tokenHash, at) => {
      const meant = and(eq(oneTimeTokens.tokenHash, tokenHash), isOpen(purpose, at))
      const [row] = await db.select().from(oneTimeTokens).where(meant).limit(1)
      return row && toToken(row)
    },
    take: async (purpose, tokenHash, at) => {
      const meant = and(eq(oneTimeTokens.tokenHash, tokenHash), isOpen(purpose, at))
      const [row] = await db.update(oneTimeTokens).set({ usedAt: at }).where(meant).returning()
      return row && toToken(row)
    },
    list: async (tenantId, purpose, at) => {
      const rows = await db
        .select()
        .from(oneTimeTokens)
        .where(and(eq(oneTimeTokens.tenantId, tenantId), isOpen(purpose, at)))
        .orderBy(desc(oneTimeTokens.createdAt), desc(oneTimeTokens.id))
      return rows.map((row) => {
        const { tokenHash: _, ...shown } = toToken(row)
        return shown
      })
    },
    revoke: async (tenantId, purpose, id, at) => {
      const meant = and(eq(oneTimeTokens.tenantId, tenantId), eq(oneTimeTokens.id, id), isOpen(purpose, at))
      return (await db.update(oneTimeTokens).set({ usedAt: at }).where(meant).returning({ id: oneTimeTokens.id })).length > 0
    },
    deleteExpired: async (before) =>
      (await db.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, before)).returning({ id: oneTimeTokens.id })).length,
  }
}

const toToken = ({ usedAt: _, ...row }: typeof oneTimeTokens.$inferSelect): OneTimeToken => withoutNulls(row)
