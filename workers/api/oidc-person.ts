import { AppError } from '../domain/error'
import type { StoredUser } from '../domain/identity'
import { type IdentityProvider, type ProvenClaims, refusalOf, roleOf } from '../domain/identity-providers'
import { isBuiltIn } from '../domain/roles'
import type { SecurityEventKind } from '../domain/security-events'
import type { ApiDeps } from './deps'
import { recordSecurityEvent } from './security-events'
import { requireSeats } from './tenant-seats'

/** Letters of a password that nobody knows. */
const UNKNOWN_PASSWORD_LENGTH = 48

type Deps = Pick<ApiDeps, 'money' | 'identity' | 'identityProviders' | 'passwords' | 'credentials' | 'clock' | 'newId' | 'audit'>

/**
 * The person whom a provider has proven, found by issuer and subject. Somebody who comes for the first time is linked to the account with
 * their address, or gets one, if the address is verified and of an allowed domain. Undefined when they may not come in; administrators
 * see why.
 */
export async function whoComes(
  deps: Deps,
  provider: IdentityProvider,
  claims: ProvenClaims,
  address: string,
): Promise<StoredUser | undefined> {
  const { tenantId } = provider
  const tell = (kind: SecurityEventKind, actor: string, detail: string) =>
    recordSecurityEvent(deps, { tenantId, kind, actor, address, detail: `${provider.name}: ${detail}` })
  const link = await deps.identityProviders.findLink(tenantId, claims.issuer, claims.subject)
  const found = link === undefined ? await firstComer(deps, provider, claims, tell) : await deps.identity.findUser(tenantId, link.userId)
  if (typeof found === 'string' || found === undefined || found.disabledAt !== undefined) {
    const why = typeof found === 'string' ? found : found === undefined ? 'the account is gone' : 'the account is disabled'
    await tell('identity_refused', typeof found === 'object' ? found.id : 'unknown', why)
    return undefined
  }
  return await withRole(deps, provider, claims, found, tell)
}

type Tell = (kind: SecurityEventKind, actor: string, detail: string) => Promise<void>

/** The account that is linked from now on, or why there is none. */
async function firstComer(deps: Deps, provider: IdentityProvider, claims: ProvenClaims, tell: Tell): Promise<StoredUser | string> {
  const refusal = refusalOf(provider, claims)
  if (refusal !== undefined || claims.email === undefined) return refusal ?? 'the provider gave no e-mail address'
  const { tenantId } = provider
  const at = deps.clock.now().toISOString()
  const known = await deps.identity.findUserByEmail(tenantId, claims.email)
  if (known?.disabledAt !== undefined) return known
  if (known === undefined && !provider.createsAccounts) return 'there is no account, and the provider makes none'
  const user = known ?? (await join(deps, provider, claims, claims.email, tell))
  if (typeof user === 'string') return user
  const standing = await deps.identityProviders.link({
    ...{ tenantId, issuer: claims.issuer, subject: claims.subject },
    ...{ userId: user.id, createdAt: at },
  })
  await deps.identity.members.verifyEmail(tenantId, user.id, at)
  await tell('identity_linked', standing.userId, standing.userId)
  return (await deps.identity.findUser(tenantId, standing.userId)) ?? 'the account is gone'
}

/** An account just in time. Of two sign-ins at once one makes it and the other finds it. */
async function join(deps: Deps, provider: IdentityProvider, claims: ProvenClaims, email: string, tell: Tell): Promise<StoredUser | string> {
  const role = roleOf(provider, claims) ?? provider.defaultRole
  if (!(await isRole(deps, provider.tenantId, role))) return noSuchRole(role)
  try {
    await requireSeats(deps, provider.tenantId, 1)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'over_budget') throw thrown
    return thrown.message
  }
  const at = deps.clock.now().toISOString()
  const passwordHash = await deps.passwords.hash(deps.credentials.random(UNKNOWN_PASSWORD_LENGTH))
  const name = (claims.name ?? email).slice(0, MAX_NAME)
  const user = { id: deps.newId('user'), tenantId: provider.tenantId, email, name, role, createdAt: at, passwordHash, emailVerifiedAt: at }
  try {
    await deps.identity.members.insert(user)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'conflict') throw thrown
    return (await deps.identity.findUserByEmail(provider.tenantId, email)) ?? 'the account is gone'
  }
  await tell('user_joined', user.id, `${user.id} as ${role}`)
  return user
}

/** As accounts are made by hand. */
const MAX_NAME = 200

/** The role as the provider says it, where it says one; the last administrator stays one all the same. */
async function withRole(
  deps: Deps,
  provider: IdentityProvider,
  claims: ProvenClaims,
  user: StoredUser,
  tell: Tell,
): Promise<StoredUser | undefined> {
  const role = roleOf(provider, claims)
  if (role === undefined || role === user.role) return user
  if (!(await isRole(deps, provider.tenantId, role))) {
    await tell('identity_refused', user.id, noSuchRole(role))
    return undefined
  }
  const outcome = await deps.identity.members.setRole(provider.tenantId, user.id, role)
  if (outcome !== 'changed') {
    await tell('identity_refused', user.id, `the role stays ${user.role}: this is the last administrator`)
    return user
  }
  await tell('user_role_changed', user.id, `${user.id}: ${user.role} → ${role}`)
  return { ...user, role }
}

const isRole = async ({ identity }: Deps, tenantId: string, role: string): Promise<boolean> =>
  isBuiltIn(role) || (await identity.roles.find(tenantId, role)) !== undefined
const noSuchRole = (role: string) => `there is no role '${role}' any more; correct the mapping`
