import type { SignInChallenge, SignInChallenges } from '../../workers/domain/sign-in-challenges'

/** Challenges in memory. */
export function createFakeSignInChallenges(): SignInChallenges {
  const rows = new Map<string, SignInChallenge>()
  return {
    put: async (challenge) => void rows.set(challenge.hash, challenge),
    take: async (kind, hash, at) => {
      const row = rows.get(hash)
      if (row === undefined || row.kind !== kind || row.expiresAt <= at) return undefined
      rows.delete(hash)
      return row
    },
    deleteExpired: async (before) => {
      const old = [...rows.values()].filter((row) => row.expiresAt < before)
      for (const { hash } of old) rows.delete(hash)
      return old.length
    },
  }
}
