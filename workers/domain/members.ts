import type { StoredUser } from './identity'
import type { PageOf, PageRequest } from './ports'
import type { User } from './tenants'

/** `last_admin`: the change would leave the tenant without an administrator who can sign in, so nothing was changed. */
export type MemberChanged = 'changed' | 'unknown' | 'last_admin'

/** The people of each tenant. */
export interface MemberStore {
  /** `conflict` when somebody of the tenant has the address. */
  insert(user: StoredUser): Promise<void>
  /** Without password hashes, the newest first. */
  list(tenantId: string, page: PageRequest): Promise<PageOf<User>>
  /** People who are not disabled, and open invitations. */
  countSeats(tenantId: string, at: string): Promise<number>
  /** Decides and changes in one statement, so that two administrators cannot remove each other at once. */
  setRole(tenantId: string, id: string, role: string): Promise<MemberChanged>
  disable(tenantId: string, id: string, at: string): Promise<MemberChanged>
  /** False when there is no such user. */
  enable(tenantId: string, id: string): Promise<boolean>
  setPassword(tenantId: string, id: string, passwordHash: string): Promise<void>
  verifyEmail(tenantId: string, id: string, at: string): Promise<void>
}
