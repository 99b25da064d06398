import { AppError } from './error'
import { type SecondFactorLack, secondFactorRequired } from './second-factor-demand'
import type { Principal, Role } from './tenants'

const EVERYBODY: readonly Role[] = ['admin', 'client', 'agent', 'customer_success']
const STAFF: readonly Role[] = ['admin', 'agent', 'customer_success']
const ADMIN: readonly Role[] = ['admin']

/** Which roles may do what. A permission is `<noun>:<verb>`; routes name the one that they need. */
export const PERMISSIONS = {
  'self:read': EVERYBODY,
  'self:write': EVERYBODY,
  'documents:read': EVERYBODY,
  'documents:write': EVERYBODY,
  'documents:delete': STAFF,
  'runs:read': EVERYBODY,
  'runs:write': EVERYBODY,
  'approvals:read': STAFF,
  'approvals:decide': STAFF,
  'agents:read': EVERYBODY,
  'agents:trigger': STAFF,
  'reports:read': EVERYBODY,
  'collections:read': EVERYBODY,
  'collections:write': STAFF,
  'classifiers:read': EVERYBODY,
  'classifiers:write': ['admin', 'agent'],
  'workflows:read': EVERYBODY,
  'workflows:write': ['admin', 'agent'],
  'evaluations:read': STAFF,
  'evaluations:write': ['admin', 'agent'],
  'gates:write': ADMIN,
  'settings:read': EVERYBODY,
  'settings:write': ADMIN,
  'usage:read': STAFF,
  'budgets:write': ADMIN,
  'tenant:delete': ADMIN,
  'tenant:export': ADMIN,
  'secrets:write': ADMIN,
  /** To see values that a schema marks as personal data; others see a mask. Asked for within the answers of routes. */
  'pii:read': ['admin', 'agent'],
  'keys:read': ADMIN,
  'keys:write': ADMIN,
  'api_keys:write': ADMIN,
  'security_events:read': ADMIN,
  'audit:read': ADMIN,
  'privacy:read': ADMIN,
  'privacy:write': ADMIN,
  'users:read': ADMIN,
  'users:write': ADMIN,
  'roles:read': ADMIN,
  'roles:write': ADMIN,
  'identity_providers:read': ADMIN,
  'identity_providers:write': ADMIN,
  'scim:read': ADMIN,
  'scim:write': ADMIN,
} as const satisfies Record<string, readonly Role[]>
export type Permission = keyof typeof PERMISSIONS

/** Whether the built-in role has the permission. No other role has any by itself. */
export const isAllowed = (role: string, permission: Permission): boolean => (PERMISSIONS[permission] as readonly string[]).includes(role)

/** What is about the caller alone is never taken away, neither by a role of the tenant nor by scopes. */
const OWN: readonly Permission[] = ['self:read', 'self:write']

/** Who asks, with what their sign-in lacks of what their tenant demands; a program lacks nothing. */
export type Caller = Principal & { secondFactor?: SecondFactorLack }

/** Whether the principal has the permission. A sign-in that lacks a second factor has none but to look after its own account. */
export function mayDo(
  { role, permissions, secondFactor }: Pick<Caller, 'role' | 'permissions' | 'secondFactor'>,
  permission: Permission,
): boolean {
  if (secondFactor === 'to_prove') return permission === 'self:read'
  if (OWN.includes(permission)) return true
  return secondFactor === undefined && (permissions?.includes(permission) ?? isAllowed(role, permission))
}

/**
 * Throws `forbidden` unless the principal has the permission: naming it and the roles that would do, or, with reason
 * `second_factor_required`, the second factor that is missing.
 */
export function requirePermission(principal: Caller, permission: Permission): void {
  if (mayDo(principal, permission)) return
  if (principal.secondFactor !== undefined) throw secondFactorRequired(principal.secondFactor)
  const roles = PERMISSIONS[permission].join(', ')
  throw new AppError(
    'forbidden',
    `The role '${principal.role}' may not do this here; it needs the permission '${permission}', which these roles have: ${roles}.`,
  )
}

/** Access tokens name who they are for; what the account may do is looked up, so they are short-lived for the keys' sake. */
export const ACCESS_TOKEN_MS = 3_600_000
export const REFRESH_TOKEN_MS = 7 * 86_400_000
/** A ticket stands in a URL, so it lives only long enough to open the WebSocket. */
export const TICKET_MS = 60_000

/**
 * Attempts before further ones are refused unread: failed sign-ins, and mails that are asked for. By one address at one account; at one
 * account from anywhere, higher, because whoever knows the address of somebody could else keep them out; by one address at any
 * accounts, higher still, because a whole office shares one.
 */
export const ATTEMPT_LIMITS = {
  login: { pair: 10, account: 50, address: 100 },
  mail: { pair: 3, account: 6, address: 30 },
} as const
/** For how long attempts count. */
export const LOGIN_WINDOW_MS = 15 * 60_000

/** A new signing key is published for so long before it signs, so that who keeps the key set for a while knows it in time. */
export const SIGNING_KEY_LEAD_MS = 15 * 60_000
/** A signing key is followed by a new one after so long. */
export const SIGNING_KEY_AGE_MS = 90 * 86_400_000
