import type { Identity, Standing } from '../domain/identity'
import { createRecent } from '../domain/recent'
import { KEY_MEMORY_MS } from './recent-api-keys'

/** About 4 MB. */
const MAX_STANDINGS = 10_000

/**
 * The identity with what people may do kept in memory for `KEY_MEMORY_MS`, so that not every request reads it. What is revoked through
 * this one counts at once, what is revoked through another within that time. That somebody may do nothing is never remembered, nor that
 * they lack a second factor: who has just added one goes on with the next request.
 */
export function createRecentStanding(identity: Identity, now: () => number): Identity {
  const recent = createRecent<Standing>({ ttlMs: KEY_MEMORY_MS, capacity: MAX_STANDINGS, now })
  const forgetting =
    <Arguments extends unknown[], Answer>(write: (...given: Arguments) => Promise<Answer>) =>
    async (...given: Arguments): Promise<Answer> => {
      const answer = await write(...given)
      // Such writes are rare, and most touch many accounts or none that is known here.
      recent.forget(() => true)
      return answer
    }
  const { sessions, members, roles } = identity
  return {
    ...identity,
    setLife: forgetting(identity.setLife),
    saveSignInPolicy: forgetting(identity.saveSignInPolicy),
    findStanding: async (...key) => {
      let lacking: Standing | undefined
      const whole = await recent.lookUp(key.join('/'), async () => {
        const standing = await identity.findStanding(...key)
        if (standing?.secondFactor === undefined) return standing
        lacking = standing
        return undefined
      })
      return whole ?? lacking
    },
    sessions: {
      ...sessions,
      revoke: forgetting(sessions.revoke),
      revokeAll: forgetting(sessions.revokeAll),
      revokeFamily: forgetting(sessions.revokeFamily),
      weakenAll: forgetting(sessions.weakenAll),
    },
    members: { ...members, setRole: forgetting(members.setRole), disable: forgetting(members.disable) },
    roles: { ...roles, put: forgetting(roles.put) },
  }
}
