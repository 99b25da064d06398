import { AppError } from '../domain/error'
import { isBuiltIn, permissionsOf, requireAtLeast } from '../domain/roles'
import type { Principal } from '../domain/tenants'
import type { ApiDeps } from './deps'

/** What the role may do in the tenant; refuses `invalid` for one that there is not. */
export async function permissionsOfRole(
  { identity }: Pick<ApiDeps, 'identity'>,
  tenantId: string,
  role: string,
): Promise<readonly string[]> {
  if (isBuiltIn(role)) return permissionsOf({ role })
  const custom = await identity.roles.find(tenantId, role)
  if (custom !== undefined) return custom.permissions
  const message = `There is no role '${role}'; GET /api/v1/roles lists those that there are.`
  throw new AppError('invalid', message, { problems: [{ path: 'role', message }] })
}

/** Refuses `forbidden` unless the giver may do all that the role may: so nobody makes anyone, or themselves, more than they are. */
export async function requireMayGrant(deps: Pick<ApiDeps, 'identity'>, giver: Principal, role: string): Promise<void> {
  requireAtLeast(giver, await permissionsOfRole(deps, giver.tenantId, role))
}
