import type { Context } from 'hono'
import { AppError } from '../domain/error'
import type { StoredTenant, StoredUser } from '../domain/identity'
import { RECENT_SIGN_IN_MS } from '../domain/sign-in-challenges'
import type { ApiDeps, ApiEnv } from './deps'
import { callerOf, requirePassword } from './passwords'

/**
 * The person who calls, once it is sure that it is they and not somebody who found an open device: by the password when one is sent,
 * else by having signed in a few minutes ago, which is the way of those who have no password. Refuses `forbidden`.
 */
export async function requireRecent(
  deps: ApiDeps,
  c: Context<ApiEnv>,
  password: string | undefined,
): Promise<{ user: StoredUser; tenant: StoredTenant }> {
  if (password !== undefined) return await requirePassword(deps, c, password)
  const caller = await callerOf(deps, c)
  const now = deps.clock.now()
  const devices = await deps.identity.sessions.list(caller.tenant.id, caller.user.id, now.toISOString())
  const signedInAt = devices.find((device) => device.id === c.get('principal').sessionId)?.createdAt
  if (signedInAt !== undefined && now.getTime() - new Date(signedInAt).getTime() <= RECENT_SIGN_IN_MS) return caller
  throw new AppError('forbidden', 'Your sign-in is too long ago for this; send your password, or sign in again first.', {
    reason: 'reauthentication_required',
  })
}
