import type { MemberStore } from './members'
import type { OneTimeTokens } from './one-time-tokens'
import type { RoleStore } from './roles'
import type { SecondFactorLack } from './second-factor-demand'
import type { ServiceAccountStore } from './service-accounts'
import type { SessionStore } from './sessions'
import type { SavedSignInPolicy } from './sign-in-policy'
import type { TenantLife } from './tenant-life'
import type { Tenant, TenantSettings, User } from './tenants'

/** A tenant with the revision of its settings, which the ETag shows, and what it asks of sign-ins where it has said so. */
export type StoredTenant = Tenant & { revision: number; signInPolicy?: SavedSignInPolicy }
export type StoredUser = User & { passwordHash: string }

/** A key as shown: never its secret. */
export interface ApiKey {
  id: string
  tenantId: string
  name: string
  /** The readable part, `stw_<prefix>_…`, by which a person recognises it. */
  prefix: string
  role: string
  /** What of the role it may do; absent: all. */
  scopes?: readonly string[]
  serviceAccountId?: string
  createdAt: string
  expiresAt?: string
  /** To the minute. */
  lastUsedAt?: string
  revokedAt?: string
  /** Id of the person who made it, also by way of another key; absent where nobody is known, as of the first key of a tenant. */
  madeBy?: string
}
export type StoredApiKey = ApiKey & { secretHash: string }
/** A key with what its role may do, where the tenant made the role. */
export type FoundApiKey = StoredApiKey & { rolePermissions?: readonly string[] }

/** The role of an account, with what it may do where the role is one that the tenant made. */
export interface Standing {
  role: string
  permissions?: readonly string[]
  /** What the sign-in lacks of the second factor that the tenant demands; until then it may only look after its own account. */
  secondFactor?: SecondFactorLack
}

/** Tenants, users, keys and sessions. The one store that is asked before the tenant is known, so it is not bound to one. */
export interface Identity {
  /** All or nothing; `conflict` when the slug is taken. */
  createTenant(tenant: Tenant, admin: StoredUser, apiKey: StoredApiKey): Promise<void>
  findTenant(id: string): Promise<StoredTenant | undefined>
  findTenantBySlug(slug: string): Promise<StoredTenant | undefined>
  /** The new revision, or undefined when another one than `ifRevision` stands. What is asked of sign-ins stays as it is. */
  saveSettings(tenantId: string, settings: TenantSettings, ifRevision?: number): Promise<number | undefined>
  /** As `saveSettings`, of the same revision; the settings stay as they are. */
  saveSignInPolicy(tenantId: string, policy: SavedSignInPolicy, ifRevision?: number): Promise<number | undefined>
  /** Sets all marks of its life: those that are absent are taken away. False when there is no such tenant. */
  setLife(tenantId: string, life: TenantLife): Promise<boolean>
  findUser(tenantId: string, id: string): Promise<StoredUser | undefined>
  findUserByEmail(tenantId: string, email: string): Promise<StoredUser | undefined>
  /**
   * What a person may do now; undefined when the account is gone or disabled, the sign-in was revoked or is over by the tenant's policy,
   * or the tenant is closed. Asking is a use of the sign-in: where the policy limits rest it is noted, to the minute.
   */
  findStanding(tenantId: string, userId: string, family: string): Promise<Standing | undefined>
  apiKeys: ApiKeyStore
  sessions: SessionStore
  members: MemberStore
  roles: RoleStore
  serviceAccounts: ServiceAccountStore
  oneTimeTokens: OneTimeTokens
  loginFailures: LoginFailures
}

export interface ApiKeyStore {
  insert(key: StoredApiKey): Promise<void>
  list(tenantId: string): Promise<ApiKey[]>
  /** A key that is not revoked, nor its service account disabled, nor its tenant closed. It may have expired: who lets it in looks at the clock. */
  findByPrefix(prefix: string): Promise<FoundApiKey | undefined>
  find(tenantId: string, id: string): Promise<ApiKey | undefined>
  /** Lets a key end at a time, unless it ends before. */
  expire(tenantId: string, id: string, at: string): Promise<void>
  /** Notes a use, unless one since `notedSince` was noted. */
  touch(id: string, at: string, notedSince: string): Promise<void>
  /** False when the tenant has no such key. Revoking twice changes nothing. */
  revoke(tenantId: string, id: string, at: string): Promise<boolean>
}

/** Counts failed sign-ins in fixed windows. */
export interface LoginFailures {
  count(account: string, since: string): Promise<number>
  /** Adds one in one statement and gives the count; a window that began before `since` is begun anew at `at`. */
  add(account: string, at: string, since: string): Promise<number>
  /** Takes back one that was added for an attempt which did not fail. */
  takeBack(account: string): Promise<void>
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
