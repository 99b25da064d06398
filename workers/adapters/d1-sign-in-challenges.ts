import { and, eq, gt, lt } from 'drizzle-orm'
import type { SignInChallenges } from '../domain/sign-in-challenges'
import { openD1, withoutNulls } from './d1'
import { signInChallenges } from './schema'

/** Challenges of sign-ins in D1, by their hashes. */
export function createD1SignInChallenges(binding: D1Database): SignInChallenges {
  const db = openD1(binding)
  return {
    put: async (challenge) => {
      await db.insert(signInChallenges).values(challenge)
    },
    take: async (kind, hash, at) => {
      const meant = and(eq(signInChallenges.hash, hash), eq(signInChallenges.kind, kind), gt(signInChallenges.expiresAt, at))
      const [row] = await db.delete(signInChallenges).where(meant).returning()
      return row && withoutNulls(row)
    },
    deleteExpired: async (before) =>
      (await db.delete(signInChallenges).where(lt(signInChallenges.expiresAt, before)).returning({ hash: signInChallenges.hash })).length,
  }
}
