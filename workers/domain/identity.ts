import type { Role, Tenant, TenantSettings, User } from './tenants'

/** A tenant with the revision of its settings, which the ETag shows. */
export type StoredTenant = Tenant & { revision: number }
export type StoredUser = User & { passwordHash: string }

/** A key as shown: never its secret. */
export interface ApiKey {
  id: string
  tenantId: string
  name: string
  /** The readable part, `stw_<prefix>_…`, by which a person recognises it. */
  prefix: string
  role: Role
  createdAt: string
  revokedAt?: string
}
export type StoredApiKey = ApiKey & { secretHash: string }

/** One refresh token of a sign-in. A family is all tokens that descend from one sign-in. */
export interface RefreshSession {
  id: string
  tenantId: string
  userId: string
  family: string
  tokenHash: string
  createdAt: string
  expiresAt: string
}

/** `fresh`: taken now, exactly once; `reused`: taken before, so somebody holds a copy; `unknown`: never issued, expired or revoked. */
export type SessionTaken = { kind: 'fresh'; session: RefreshSession } | { kind: 'reused'; session: RefreshSession } | { kind: 'unknown' }

/** Tenants, users, keys and sessions. The one store that is asked before the tenant is known, so it is not bound to one. */
export interface Identity {
  /** All or nothing; `conflict` when the slug is taken. */
  createTenant(tenant: Tenant, admin: StoredUser, apiKey: StoredApiKey): Promise<void>
  findTenant(id: string): Promise<StoredTenant | undefined>
  findTenantBySlug(slug: string): Promise<StoredTenant | undefined>
  /** The new revision, or undefined when another one than `ifRevision` stands. */
  saveSettings(tenantId: string, settings: TenantSettings, ifRevision?: number): Promise<number | undefined>
  findUser(tenantId: string, id: string): Promise<StoredUser | undefined>
  findUserByEmail(tenantId: string, email: string): Promise<StoredUser | undefined>
  apiKeys: ApiKeyStore
  sessions: SessionStore
  loginFailures: LoginFailures
}

export interface ApiKeyStore {
  insert(key: StoredApiKey): Promise<void>
  list(tenantId: string): Promise<ApiKey[]>
  /** A key that is not revoked. */
  findByPrefix(prefix: string): Promise<StoredApiKey | undefined>
  /** False when the tenant has no such key. Revoking twice changes nothing. */
  revoke(tenantId: string, id: string, at: string): Promise<boolean>
}

export interface SessionStore {
  insert(session: RefreshSession): Promise<void>
  /** Takes a token in one statement, so that of two who come at once only one gets `fresh`. */
  take(tokenHash: string, at: string): Promise<SessionTaken>
  revokeFamily(family: string, at: string): Promise<void>
  deleteExpired(before: string): Promise<number>
}

/** Counts failed sign-ins in fixed windows. */
export interface LoginFailures {
  count(account: string, since: string): Promise<number>
  /** Adds one; a window that began before `since` is begun anew at `at`. */
  add(account: string, at: string, since: string): Promise<void>
  clear(account: string): Promise<void>
  deleteBefore(before: string): Promise<number>
}

/** Slow hashing of passwords. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Takes the same time for no hash (an unknown account) as for a wrong password, and then says false. */
  verify(password: string, hash: string | undefined): Promise<boolean>
}

/** Random secrets and the fast hash under which they are kept: they have 256 bits, so no salt and no slow hash is needed. */
export interface Credentials {
  /** A random text of letters and digits, `length` long. */
  random(length: number): string
  /** Lower-case hex SHA-256. */
  hash(secret: string): string
  /** Compares in constant time. */
  matches(secret: string, hash: string): boolean
}
