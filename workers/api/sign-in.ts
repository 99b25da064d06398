import type { Context } from 'hono'
import * as z from 'zod'
import type { AuditAct } from '../domain/audit'
import { ACCESS_TOKEN_MS, REFRESH_TOKEN_MS } from '../domain/auth'
import { AppError } from '../domain/error'
import type { StoredTenant } from '../domain/identity'
import type { RefreshSession } from '../domain/sessions'
import { endOf } from '../domain/sign-in-policy'
import { requireOpen } from '../domain/tenant-life'
import type { User } from '../domain/tenants'
import { alertAdministrators } from './alerts'
import type { ApiDeps, ApiEnv } from './deps'
import { runLater } from './later'
import { countAttempt, type LoginLimit } from './login-brake'
import { checkSecondFactor } from './second-factors'
import { addressOf, recordSecurityEvent } from './security-events'

export const TokenPairSchema = z
  .object({
    accessToken: z.string().describe('JWT (ES256), one hour. Send it as `Authorization: Bearer …`.'),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().describe('Seconds.'),
    expiresAt: z.iso.datetime(),
    refreshToken: z.string().describe('Good once, for seven days or as the sign-in policy of the tenant says.'),
  })
  .meta({ id: 'TokenPair' })
export type TokenPair = z.infer<typeof TokenPairSchema>

/** The device that asks, and from where. */
export interface Visit {
  address: string
  userAgent: string
  requestId: string
}

type SignInDeps = Pick<
  ApiDeps,
  | 'secondFactors'
  | 'oneTimeCodes'
  | 'identity'
  | 'passwords'
  | 'credentials'
  | 'tokens'
  | 'clock'
  | 'newId'
  | 'later'
  | 'audit'
  | 'portsFor'
>

/** Letters of a refresh token: 256 bits and more. */
const SECRET_LENGTH = 48

/**
 * Signs a person in. Refuses `unauthenticated` with the same words and after the same work for an unknown tenant, an unknown address,
 * a disabled account and a wrong password, and `rate_limited` above the limits of failed attempts.
 */
export async function signIn(
  deps: SignInDeps,
  attempt: { tenant: string; email: string; password: string; code?: string | undefined },
  visit: Visit,
): Promise<TokenPair> {
  const { identity, passwords } = deps
  const email = attempt.email.trim().toLowerCase()
  const counted = await countAttempt(deps, { purpose: 'login', tenant: attempt.tenant, email, address: visit.address }, (limit) =>
    runLater(deps, () => tellThrottled(deps, attempt.tenant, email, visit.address, limit)),
  )
  const tenant = await identity.findTenantBySlug(attempt.tenant)
  const user = await identity.findUserByEmail(tenant?.id ?? '', email)
  const isRight = await passwords.verify(attempt.password, user?.passwordHash)
  if (!isRight || user === undefined || user.disabledAt !== undefined) {
    tellFailed(deps, tenant?.id, user?.id, visit)
    throw new AppError('unauthenticated', 'Tenant, e-mail address or password is wrong.')
  }
  const second = await checkSecondFactor(deps, user, attempt.code, visit.address)
  if (second === 'required') {
    await counted.takeBack()
    throw new AppError('unauthenticated', 'Send the code of your authenticator app, or a recovery code, as `code` too.', {
      reason: 'second_factor_required',
    })
  }
  if (second === 'wrong') {
    tellFailed(deps, tenant?.id, user.id, visit)
    throw new AppError('unauthenticated', 'The code is wrong or was used before.', { reason: 'second_factor_wrong' })
  }
  await counted.succeed()
  return await openSession(deps, user, visit, second === 'passed' ? 'strong' : 'password')
}

/**
 * Begins the session of a person who has proven who they are: by a password alone, or by more (`strong`), which is what a tenant may ask
 * for. That they may come in was looked at before, but not the tenant: refuses `forbidden` (reason `tenant_suspended`,
 * `tenant_deleting`) for one that is closed.
 */
export async function openSession(deps: SignInDeps, user: User, visit: Visit, by: 'password' | 'strong'): Promise<TokenPair> {
  await requireOpenTenant(deps, user.tenantId)
  const family = deps.newId('session')
  await deps.audit(user.tenantId).record([signInAct(deps, user.id, visit, { outcome: 'done', resource: { kind: 'session', id: family } })])
  const strength = by === 'strong' ? ({ isStrong: true } as const) : {}
  return await issuePair(deps, user, visit, { family, startedAt: deps.clock.now().toISOString(), ...strength })
}

/** After the answer, so that a tenant or an account that exists takes no longer. What a stranger typed is not kept. */
function tellFailed(deps: SignInDeps, tenantId: string | undefined, userId: string | undefined, visit: Visit): void {
  if (tenantId === undefined) return
  runLater(deps, () => deps.audit(tenantId).record([signInAct(deps, userId, visit, { outcome: 'refused', status: 401 })]))
}

const signInAct = (
  { newId }: Pick<SignInDeps, 'newId'>,
  userId: string | undefined,
  { address, requestId }: Visit,
  more: Pick<AuditAct, 'outcome' | 'status' | 'resource'>,
): AuditAct => ({
  id: newId('auditEntry'),
  action: more.outcome === 'done' ? 'signed_in' : 'sign_in_failed',
  actor: userId === undefined ? { kind: 'unknown', id: 'unknown' } : { kind: 'user', id: userId },
  address,
  requestId,
  ...more,
})

/** The device that asks, as it names itself, and from where. */
export const visitOf = (c: Context<ApiEnv>): Visit => ({
  address: addressOf(c),
  requestId: c.get('requestId'),
  userAgent: (c.req.header('User-Agent') ?? '').slice(0, MAX_USER_AGENT),
})
/** Characters that are kept of what a device calls itself. */
const MAX_USER_AGENT = 300

/** After the answer, so that a tenant or an account that exists takes no longer. */
async function tellThrottled(deps: SignInDeps, slug: string, email: string, address: string, limit: LoginLimit): Promise<void> {
  const tenant = await deps.identity.findTenantBySlug(slug)
  if (tenant === undefined) return
  const user = await deps.identity.findUserByEmail(tenant.id, email)
  // What a stranger typed is not kept: only an account that there is gets named.
  const event = { tenantId: tenant.id, kind: 'login_throttled' as const, actor: user?.id ?? 'unknown', address }
  await recordSecurityEvent(deps, { ...event, detail: `limit by ${limit}` })
  await alertAdministrators(deps, tenant.id, 'login_throttled')
}

/**
 * Trades a refresh token for a new pair. Each is good once: one that comes a second time is in two hands, so all that descend from the
 * same sign-in are revoked, and the administrators see it as a security event. Refuses `forbidden` while the tenant is closed, and the token
 * stays good.
 */
export async function refresh(deps: SignInDeps, refreshToken: string, visit: Visit): Promise<TokenPair> {
  const { identity, credentials, clock } = deps
  const at = clock.now().toISOString()
  const tokenHash = credentials.hash(refreshToken)
  // A closed tenant may be opened again: its refusal leaves the token as it is.
  const tenantId = await identity.sessions.tenantOf(tokenHash, at)
  if (tenantId !== undefined) await requireOpenTenant(deps, tenantId)
  const taken = await identity.sessions.take(tokenHash, at)
  if (taken.kind === 'reused') await revokeReused(deps, taken.session, visit, at)
  if (taken.kind !== 'fresh') throw new AppError('unauthenticated', 'The refresh token is used, expired or unknown; sign in again.')
  const user = await identity.findUser(taken.session.tenantId, taken.session.userId)
  if (user === undefined || user.disabledAt !== undefined)
    throw new AppError('unauthenticated', 'The account does not exist any more or is disabled.')
  await requireNotOver(deps, await requireOpenTenant(deps, user.tenantId), taken.session, at)
  return await issuePair(deps, user, visit, taken.session)
}

async function requireOpenTenant({ identity }: Pick<SignInDeps, 'identity'>, tenantId: string): Promise<StoredTenant> {
  const tenant = await identity.findTenant(tenantId)
  if (tenant === undefined) throw new AppError('unauthenticated', 'The account does not exist any more or is disabled.')
  requireOpen(tenant)
  return tenant
}

/** Ends a sign-in for good that rested too long or is too old for the tenant's policy, and refuses it. */
async function requireNotOver(
  { identity }: Pick<SignInDeps, 'identity'>,
  { signInPolicy }: StoredTenant,
  session: RefreshSession,
  at: string,
): Promise<void> {
  const end = endOf({ startedAt: session.startedAt, lastUsedAt: session.createdAt }, signInPolicy)
  if (end === undefined || end > at) return
  await identity.sessions.revokeFamily(session.family, at)
  throw new AppError('unauthenticated', 'The sign-in rested too long or has lasted as long as your company allows; sign in again.', {
    reason: 'session_ended',
  })
}

async function revokeReused(deps: SignInDeps, { tenantId, userId, family }: RefreshSession, { address }: Visit, at: string): Promise<void> {
  // Told once: who goes on trying the stolen token fills no list.
  if (!(await deps.identity.sessions.revoke(tenantId, userId, family, at))) return
  await recordSecurityEvent(deps, { tenantId, kind: 'refresh_token_reused', actor: userId, address, detail: `sign-in ${family} was ended` })
  runLater(deps, () => alertAdministrators(deps, tenantId, 'refresh_token_reused'))
}

async function issuePair(
  deps: SignInDeps,
  user: User,
  visit: Visit,
  { family, startedAt, isStrong }: Pick<RefreshSession, 'family' | 'startedAt' | 'isStrong'>,
): Promise<TokenPair> {
  const { tokens, credentials, identity, clock, newId } = deps
  const now = clock.now()
  const refreshToken = `stwr_${credentials.random(SECRET_LENGTH)}`
  await identity.sessions.insert({
    id: newId('session'),
    tenantId: user.tenantId,
    userId: user.id,
    family,
    startedAt,
    ...(isStrong && { isStrong }),
    address: visit.address,
    userAgent: visit.userAgent,
    tokenHash: credentials.hash(refreshToken),
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + REFRESH_TOKEN_MS).toISOString(),
  })
  const access = await tokens.issueAccess({ kind: 'user', id: user.id, tenantId: user.tenantId, role: user.role, sessionId: family })
  return { accessToken: access.token, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_MS / 1_000, expiresAt: access.expiresAt, refreshToken }
}
