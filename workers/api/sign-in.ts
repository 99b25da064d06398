import { ACCESS_TOKEN_MS, LOGIN_WINDOW_MS, MAX_LOGIN_FAILURES, REFRESH_TOKEN_MS } from '../domain/auth'
import { AppError } from '../domain/error'
import type { User } from '../domain/tenants'
import type { ApiDeps } from './deps'

export interface TokenPair {
  accessToken: string
  tokenType: 'Bearer'
  /** Seconds. */
  expiresIn: number
  expiresAt: string
  refreshToken: string
}

type SignInDeps = Pick<ApiDeps, 'identity' | 'passwords' | 'credentials' | 'tokens' | 'clock' | 'newId'>

/** Letters of a refresh token: 256 bits and more. */
const SECRET_LENGTH = 48

/**
 * Signs a person in. Refuses `unauthenticated` with the same words and after the same work for an unknown tenant, an unknown address
 * and a wrong password, and `rate_limited` after ten failures of one address at one account within 15 minutes.
 */
export async function signIn(
  deps: SignInDeps,
  attempt: { tenant: string; email: string; password: string; address: string },
): Promise<TokenPair> {
  const { identity, passwords, clock } = deps
  const email = attempt.email.trim().toLowerCase()
  const account = deps.credentials.hash(`${attempt.tenant}\n${email}\n${attempt.address}`)
  const now = clock.now()
  const since = new Date(now.getTime() - LOGIN_WINDOW_MS).toISOString()
  if ((await identity.loginFailures.count(account, since)) >= MAX_LOGIN_FAILURES) {
    throw new AppError('rate_limited', 'Too many failed sign-ins; wait a quarter of an hour and try again.', {
      retryAfterMs: LOGIN_WINDOW_MS,
    })
  }
  const tenant = await identity.findTenantBySlug(attempt.tenant)
  const user = await identity.findUserByEmail(tenant?.id ?? '', email)
  if (!(await passwords.verify(attempt.password, user?.passwordHash)) || user === undefined) {
    await identity.loginFailures.add(account, now.toISOString(), since)
    throw new AppError('unauthenticated', 'Tenant, e-mail address or password is wrong.')
  }
  await identity.loginFailures.clear(account)
  return await issuePair(deps, user, deps.newId('session'))
}

/**
 * Trades a refresh token for a new pair. Each is good once: one that comes a second time is in two hands, so all that descend from the
 * same sign-in are revoked.
 */
export async function refresh(deps: SignInDeps, refreshToken: string): Promise<TokenPair> {
  const { identity, credentials, clock } = deps
  const at = clock.now().toISOString()
  const taken = await identity.sessions.take(credentials.hash(refreshToken), at)
  if (taken.kind === 'reused') await identity.sessions.revokeFamily(taken.session.family, at)
  if (taken.kind !== 'fresh') throw new AppError('unauthenticated', 'The refresh token is used, expired or unknown; sign in again.')
  const user = await identity.findUser(taken.session.tenantId, taken.session.userId)
  if (user === undefined) throw new AppError('unauthenticated', 'The account does not exist any more.')
  return await issuePair(deps, user, taken.session.family)
}

async function issuePair(deps: SignInDeps, user: User, family: string): Promise<TokenPair> {
  const { tokens, credentials, identity, clock, newId } = deps
  const now = clock.now()
  const refreshToken = `stwr_${credentials.random(SECRET_LENGTH)}`
  await identity.sessions.insert({
    id: newId('session'),
    tenantId: user.tenantId,
    userId: user.id,
    family,
    tokenHash: credentials.hash(refreshToken),
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + REFRESH_TOKEN_MS).toISOString(),
  })
  const access = await tokens.issueAccess({ kind: 'user', id: user.id, tenantId: user.tenantId, role: user.role })
  return { accessToken: access.token, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_MS / 1_000, expiresAt: access.expiresAt, refreshToken }
}
