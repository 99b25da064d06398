import { AppError } from './error'
import type { Principal, Role } from './tenants'

const EVERYBODY: readonly Role[] = ['admin', 'client', 'agent', 'customer_success']
const STAFF: readonly Role[] = ['admin', 'agent', 'customer_success']
const ADMIN: readonly Role[] = ['admin']

/** Which roles may do what. A permission is `<noun>:<verb>`; routes name the one that they need. */
export const PERMISSIONS = {
  'self:read': EVERYBODY,
  'documents:read': EVERYBODY,
  'documents:write': EVERYBODY,
  'runs:read': EVERYBODY,
  'runs:write': EVERYBODY,
  'approvals:read': STAFF,
  'approvals:decide': STAFF,
  'agents:read': EVERYBODY,
  'agents:trigger': STAFF,
  'reports:read': EVERYBODY,
  'workflows:read': EVERYBODY,
  'workflows:write': ['admin', 'agent'],
  'settings:read': EVERYBODY,
  'settings:write': ADMIN,
  'secrets:write': ADMIN,
  'api_keys:write': ADMIN,
} as const satisfies Record<string, readonly Role[]>
export type Permission = keyof typeof PERMISSIONS

/** Whether the role has the permission. */
export const isAllowed = (role: Role, permission: Permission): boolean => (PERMISSIONS[permission] as readonly Role[]).includes(role)

/** Throws `forbidden`, naming the roles that would do, unless the principal has the permission. */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (isAllowed(principal.role, permission)) return
  const roles = PERMISSIONS[permission].join(', ')
  throw new AppError('forbidden', `The role '${principal.role}' may not do this; it needs one of: ${roles}.`)
}

/** Access tokens are short-lived because they cannot be taken back; a refresh token can. */
export const ACCESS_TOKEN_MS = 3_600_000
export const REFRESH_TOKEN_MS = 7 * 86_400_000
/** A ticket stands in a URL, so it lives only long enough to open the WebSocket. */
export const TICKET_MS = 60_000

/** Failed sign-ins of one address at one account before further ones are refused unread, and for how long they count. */
export const MAX_LOGIN_FAILURES = 10
export const LOGIN_WINDOW_MS = 15 * 60_000
