import * as z from 'zod'
import { isAllowed, mayDo, PERMISSIONS, type Permission } from './auth'
import { AppError } from './error'
import { type Principal, ROLES } from './tenants'

export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as [Permission, ...Permission[]]
export const PermissionName = z.enum(ALL_PERMISSIONS)
export const RoleName = z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, 'use 2 to 40 lower-case letters, digits and _, beginning with a letter')

/** A role that a tenant made: a named set of permissions. */
export interface CustomRole {
  tenantId: string
  name: string
  description: string
  permissions: readonly string[]
  createdAt: string
  updatedAt: string
}

export interface RoleStore {
  /** Makes the role or replaces its description and permissions. */
  put(role: CustomRole): Promise<void>
  find(tenantId: string, name: string): Promise<CustomRole | undefined>
  list(tenantId: string): Promise<CustomRole[]>
  /** Deletes a role that no user, open invitation, key that still opens something, or service account has. */
  delete(tenantId: string, name: string, at: string): Promise<'deleted' | 'unknown' | 'in_use'>
}

export const isBuiltIn = (role: string): boolean => (ROLES as readonly string[]).includes(role)

/** What somebody of the role may do, in the order of the table. */
export const permissionsOf = (holder: Pick<Principal, 'role' | 'permissions'>): Permission[] =>
  ALL_PERMISSIONS.filter((permission) => mayDo(holder, permission))

/** What a key may do: of what its role has, the scopes, or all when there are none. Undefined when the role says it all. */
export function scopedPermissions(
  role: string,
  ofRole: readonly string[] | undefined,
  scopes: readonly string[] | undefined,
): readonly string[] | undefined {
  if (scopes === undefined) return ofRole
  return scopes.filter((scope) => ofRole?.includes(scope) ?? (scope in PERMISSIONS && isAllowed(role, scope as Permission)))
}

/**
 * What a key puts into the hands of whoever has it. With `scim:write` that is all that its role has, whatever the scopes say: a directory
 * hands out every role that the key's own role covers.
 */
export function reachOf(role: string, ofRole: readonly string[], scopes: readonly string[] | undefined): readonly string[] {
  const scoped = scopedPermissions(role, ofRole, scopes) ?? ofRole
  return scoped.includes('scim:write') ? ofRole : scoped
}

/** Throws `forbidden`, naming what is too much, unless the giver has all of it: nobody hands out more than they hold. */
export function requireAtLeast(giver: Principal, permissions: readonly string[]): void {
  // One that the table does not know any more opens nothing.
  const tooMuch = permissions.filter((permission) => permission in PERMISSIONS && !mayDo(giver, permission as Permission))
  if (tooMuch.length === 0) return
  throw new AppError('forbidden', `This takes permissions that you do not have yourself: ${tooMuch.join(', ')}; ask an administrator.`)
}
