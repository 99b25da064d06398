import type { SignIn } from './sign-in-policy'

/** One refresh token of a sign-in. A family is all tokens that descend from one sign-in: a signed-in device. */
export interface RefreshSession {
  id: string
  tenantId: string
  userId: string
  family: string
  tokenHash: string
  createdAt: string
  expiresAt: string
  /** When the person signed in. */
  startedAt: string
  /** As the device named itself when the token was made, and from where. */
  userAgent: string
  address: string
  /** More than a password opened the sign-in. */
  isStrong?: true
}

/** A sign-in that can still be renewed. */
export interface Device {
  /** The family. */
  id: string
  userAgent: string
  address: string
  createdAt: string
  lastUsedAt: string
  /** When it ends unless it is renewed. */
  expiresAt: string
}

/** `fresh`: taken now, exactly once; `reused`: taken before, so somebody holds a copy; `unknown`: never issued, expired or revoked. */
export type SessionTaken = { kind: 'fresh'; session: RefreshSession } | { kind: 'reused'; session: RefreshSession } | { kind: 'unknown' }

export interface SessionStore {
  insert(session: RefreshSession): Promise<void>
  /** The tenant of a token that `take` would give as `fresh`; using it up is left to that. */
  tenantOf(tokenHash: string, at: string): Promise<string | undefined>
  /** Takes a token in one statement, so that of two who come at once only one gets `fresh`. */
  take(tokenHash: string, at: string): Promise<SessionTaken>
  /** Where a user is signed in, the last used first. */
  list(tenantId: string, userId: string, at: string): Promise<Device[]>
  /** False when the user has no such sign-in that still lives. */
  revoke(tenantId: string, userId: string, family: string, at: string): Promise<boolean>
  /** Ends every sign-in of a user but one; gives how many lived. */
  revokeAll(tenantId: string, userId: string, at: string, except?: string): Promise<number>
  revokeFamily(family: string, at: string): Promise<void>
  /** A sign-in whose tokens are still good as far as they are not too old. */
  find(tenantId: string, userId: string, family: string): Promise<SignIn | undefined>
  /** Notes a use: rest is counted from it, and the device is shown as last used then. */
  touch(tenantId: string, userId: string, family: string, at: string): Promise<void>
  /** From now on the sign-in counts as one that more than a password opened. */
  strengthen(tenantId: string, userId: string, family: string): Promise<void>
  /** From now on every sign-in of the user counts as one that a password alone opened. */
  weakenAll(tenantId: string, userId: string): Promise<void>
  deleteExpired(before: string): Promise<number>
}
