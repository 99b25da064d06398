import type { Context } from 'hono'
import { AppError } from '../domain/error'
import type { MemberChanged } from '../domain/members'
import { isBuiltIn, requireAtLeast } from '../domain/roles'
import { PROVISIONED_ROLE, type ScimUser, type ScimWish } from '../domain/scim'
import type { Principal } from '../domain/tenants'
import type { ApiDeps, ApiEnv } from './deps'
import { permissionsOfRole } from './grants'
import { recordAct } from './security-events'
import { requireSeats } from './tenant-seats'

/** Letters of a password that nobody knows: who comes by a directory signs in by its provider, or asks for a password by mail. */
const UNKNOWN_PASSWORD_LENGTH = 48

/**
 * Makes the account that a directory asks for, or opens again the one of somebody whom it had removed. Refuses `conflict` when user name
 * or address is somebody else's, and `forbidden` for a role above the key's.
 */
export async function createAccount(deps: ApiDeps, c: Context<ApiEnv>, wish: ScimWish): Promise<ScimUser> {
  const { tenantId } = c.get('principal')
  const removed = await deps.scimUsers.findRemoved(tenantId, wish)
  if (removed !== undefined) return await reopen(deps, c, removed, wish)
  const role = wish.role ?? PROVISIONED_ROLE
  await requireMayProvision(deps, c.get('principal'), role)
  if (wish.isActive) await requireSeats(deps, tenantId, 1)
  const at = deps.clock.now().toISOString()
  const user = {
    ...{ id: deps.newId('user'), tenantId, email: wish.email, name: wish.name, role, createdAt: at },
    passwordHash: await deps.passwords.hash(deps.credentials.random(UNKNOWN_PASSWORD_LENGTH)),
    ...(!wish.isActive && { disabledAt: at }),
  }
  await deps.scimUsers.insert(user, wish)
  await recordAct(deps, c, 'user_provisioned', `${user.id} as ${role}`)
  return await scimUserOf(deps, tenantId, user.id)
}

async function reopen(deps: ApiDeps, c: Context<ApiEnv>, id: string, wish: ScimWish): Promise<ScimUser> {
  const { tenantId } = c.get('principal')
  const user = await deps.identity.findUser(tenantId, id)
  if (user === undefined) throw unknownAccount()
  await requireMayProvision(deps, c.get('principal'), user.role)
  await requireMayProvision(deps, c.get('principal'), wish.role ?? PROVISIONED_ROLE)
  // Before anything is changed: a directory that hears of it tries again as a whole.
  if (wish.isActive && user.disabledAt !== undefined) await requireSeats(deps, tenantId, 1)
  await deps.scimUsers.save(tenantId, id, wish, deps.clock.now().toISOString())
  await recordAct(deps, c, 'user_provisioned', `${id} again`)
  return await changeAccount(deps, c, await scimUserOf(deps, tenantId, id), { ...wish, role: wish.role ?? PROVISIONED_ROLE })
}

/**
 * Brings an account to what a directory wants. An account is closed first, so that nothing that is wrong with the rest keeps it open,
 * and opened last.
 */
export async function changeAccount(deps: ApiDeps, c: Context<ApiEnv>, user: ScimUser, wish: ScimWish): Promise<ScimUser> {
  const { tenantId, id } = user
  await requireMayProvision(deps, c.get('principal'), user.role)
  if (!wish.isActive) await closeAccount(deps, c, user)
  else if (user.disabledAt !== undefined) await requireSeats(deps, tenantId, 1)
  if (isChanged(user, wish)) {
    await deps.scimUsers.save(tenantId, id, wish, deps.clock.now().toISOString())
    await recordAct(deps, c, 'user_profile_changed', id)
  }
  if (wish.role !== undefined && wish.role !== user.role) await setRole(deps, c, user, wish.role)
  if (wish.isActive && user.disabledAt !== undefined) {
    await deps.identity.members.enable(tenantId, id)
    await recordAct(deps, c, 'user_enabled', id)
  }
  return await scimUserOf(deps, tenantId, id)
}

/** Disables an account and ends its sign-ins. Refuses `conflict` for the last administrator. */
export async function closeAccount(deps: ApiDeps, c: Context<ApiEnv>, user: ScimUser): Promise<void> {
  if (user.disabledAt !== undefined) return
  await requireMayProvision(deps, c.get('principal'), user.role)
  const at = deps.clock.now().toISOString()
  requireChanged(await deps.identity.members.disable(user.tenantId, user.id, at))
  await deps.identity.sessions.revokeAll(user.tenantId, user.id, at)
  await recordAct(deps, c, 'user_disabled', user.id)
}

/** Gives somebody a role. Refuses `forbidden` for one above the key's, and `conflict` for the last administrator. */
export async function setRole(deps: ApiDeps, c: Context<ApiEnv>, user: ScimUser, role: string): Promise<void> {
  if (user.role === role) return
  await requireMayProvision(deps, c.get('principal'), user.role)
  await requireMayProvision(deps, c.get('principal'), role)
  requireChanged(await deps.identity.members.setRole(user.tenantId, user.id, role))
  await recordAct(deps, c, 'user_role_changed', `${user.id}: ${user.role} → ${role}`)
}

/** The account, if the directory may see it. Refuses `not_found`. */
export async function scimUserOf({ scimUsers }: Pick<ApiDeps, 'scimUsers'>, tenantId: string, id: string): Promise<ScimUser> {
  const user = await scimUsers.find(tenantId, id)
  if (user === undefined) throw unknownAccount()
  return user
}

/**
 * A directory's key hands out and touches no role that may do more than the key's own. Its scopes do not count here: they say what the key
 * may do by itself, and one that only provisions has no others.
 */
async function requireMayProvision(deps: Pick<ApiDeps, 'identity'>, principal: Principal, role: string): Promise<void> {
  const isKnown = isBuiltIn(role) || (await deps.identity.roles.find(principal.tenantId, role)) !== undefined
  if (!isKnown)
    throw new AppError('invalid', `There is no role '${role}'; the groups are the roles that there are.`, { reason: 'invalidValue' })
  const own = await permissionsOfRole(deps, principal.tenantId, principal.role)
  requireAtLeast({ ...principal, permissions: own }, await permissionsOfRole(deps, principal.tenantId, role))
}

const isChanged = (user: ScimUser, wish: ScimWish): boolean =>
  (['userName', 'externalId', 'name', 'givenName', 'familyName', 'email'] as const).some((field) => user[field] !== wish[field])

function requireChanged(outcome: MemberChanged): void {
  if (outcome === 'unknown') throw unknownAccount()
  if (outcome === 'last_admin')
    throw new AppError('conflict', 'This is the last administrator who can sign in; make somebody else one first.', {
      reason: 'last_admin',
    })
}

const unknownAccount = () => new AppError('not_found', 'There is no user with that id.')
