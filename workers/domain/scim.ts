import type { StoredUser } from './identity'
import type { User } from './tenants'

/** RFC 7643 and 7644, as far as a directory needs them to look after the people of a tenant. */
export const SCIM_URN = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  serviceProviderConfig: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
} as const

/** Rows of a page at most. */
export const SCIM_MAX_RESULTS = 200
/** Role of somebody for whom the directory names none: the one that may do the least. */
export const PROVISIONED_ROLE = 'client'

/** What a directory says of a person. */
export interface ScimProfile {
  userName: string
  externalId?: string
  /** The name that is shown. */
  name: string
  givenName?: string
  familyName?: string
  /** Lower case; where mail goes and with which the person signs in. */
  email: string
}
/** What a directory wants of a person: profile, whether the account is open, and the role (absent: as it is). */
export interface ScimWish extends ScimProfile {
  isActive: boolean
  role?: string
}

/** An account as a directory sees it. One that no directory made has its address as user name. */
export type ScimUser = User & Omit<ScimProfile, 'name' | 'email'> & { updatedAt: string }

export interface ScimFilter {
  attribute: 'userName' | 'externalId' | 'email' | 'id'
  value: string
}
export interface ScimPage {
  /** From 1. */
  startIndex: number
  count: number
  filter?: ScimFilter
}

/** The accounts of a tenant as a directory sees them: all of them, but not those that it has removed. */
export interface ScimUsers {
  /** Makes the account with its profile, both or none; `conflict` when user name or address is somebody else's. */
  insert(user: StoredUser, profile: ScimProfile): Promise<void>
  find(tenantId: string, id: string): Promise<ScimUser | undefined>
  /** In the order in which they came. */
  list(tenantId: string, page: ScimPage): Promise<{ total: number; items: ScimUser[] }>
  /** Changes name, address and what the directory keeps; `conflict` as at `insert`. An account that was removed is in sight again. */
  save(tenantId: string, id: string, profile: ScimProfile, at: string): Promise<void>
  /** Takes the account out of the directory's sight. It is not deleted: what it did stays its own. */
  remove(tenantId: string, id: string, at: string): Promise<void>
  /** Somebody who was removed, by user name or address. */
  findRemoved(tenantId: string, profile: Pick<ScimProfile, 'userName' | 'email'>): Promise<string | undefined>
}

/** How a refusal of the protocol is called (RFC 7644, 3.12). */
export type ScimType = 'invalidFilter' | 'invalidSyntax' | 'invalidPath' | 'invalidValue' | 'noTarget' | 'mutability' | 'uniqueness'
