import { SCIM_MAX_RESULTS, SCIM_URN, type ScimUser } from '../domain/scim'
import type { User } from '../domain/tenants'

/** Where the protocol is mounted. */
export const SCIM_PATH = '/api/v1/scim/v2'

/** A user in the shape of the protocol. */
export const userResource = (user: ScimUser, origin: string) => ({
  schemas: [SCIM_URN.user],
  id: user.id,
  ...(user.externalId !== undefined && { externalId: user.externalId }),
  userName: user.userName,
  name: {
    formatted: user.name,
    ...(user.givenName !== undefined && { givenName: user.givenName }),
    ...(user.familyName !== undefined && { familyName: user.familyName }),
  },
  displayName: user.name,
  emails: [{ value: user.email, type: 'work', primary: true }],
  active: user.disabledAt === undefined,
  roles: [{ value: user.role, primary: true }],
  meta: {
    resourceType: 'User',
    created: user.createdAt,
    lastModified: user.updatedAt,
    location: `${origin}${SCIM_PATH}/Users/${user.id}`,
  },
})

/** A role in the shape of a group, with those who have it. */
export const groupResource = (role: string, members: readonly Pick<User, 'id' | 'email'>[] | undefined, origin: string) => ({
  schemas: [SCIM_URN.group],
  id: role,
  displayName: role,
  ...(members && {
    members: members.map(({ id, email }) => ({ value: id, display: email, type: 'User', $ref: `${origin}${SCIM_PATH}/Users/${id}` })),
  }),
  meta: { resourceType: 'Group', location: `${origin}${SCIM_PATH}/Groups/${role}` },
})

export const listResponse = (Resources: readonly object[], totalResults: number, startIndex = 1) => ({
  schemas: [SCIM_URN.list],
  totalResults,
  startIndex,
  itemsPerPage: Resources.length,
  Resources,
})

/** What is spoken here of the protocol (RFC 7643, 5). */
export const serviceProviderConfig = (origin: string) => ({
  schemas: [SCIM_URN.serviceProviderConfig],
  documentationUri: `${origin}/api/v1/docs`,
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: SCIM_MAX_RESULTS },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    { type: 'oauthbearertoken', name: 'API key', description: 'A key of a service account as bearer token.', primary: true },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${origin}${SCIM_PATH}/ServiceProviderConfig` },
})

export const resourceTypes = (origin: string) =>
  [
    { name: 'User', endpoint: '/Users', schema: SCIM_URN.user, description: 'A person of the tenant.' },
    { name: 'Group', endpoint: '/Groups', schema: SCIM_URN.group, description: 'A role of the tenant, with those who have it.' },
  ].map((type) => ({
    schemas: [SCIM_URN.resourceType],
    id: type.name,
    ...type,
    meta: { resourceType: 'ResourceType', location: `${origin}${SCIM_PATH}/ResourceTypes/${type.name}` },
  }))

type Kind = 'string' | 'boolean' | 'complex' | 'reference'
const attribute = (name: string, type: Kind, more: object = {}) => ({
  ...{
    name,
    type,
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
  },
  ...more,
})
const VALUE = [attribute('value', 'string'), attribute('type', 'string'), attribute('primary', 'boolean')]

export const schemas = (origin: string) =>
  [
    {
      id: SCIM_URN.user,
      name: 'User',
      description: 'A person of the tenant.',
      attributes: [
        attribute('userName', 'string', { required: true, uniqueness: 'server' }),
        attribute('externalId', 'string', { caseExact: true }),
        attribute('displayName', 'string'),
        attribute('name', 'complex', {
          subAttributes: [attribute('formatted', 'string'), attribute('givenName', 'string'), attribute('familyName', 'string')],
        }),
        attribute('emails', 'complex', { multiValued: true, subAttributes: VALUE }),
        attribute('active', 'boolean'),
        attribute('roles', 'complex', { multiValued: true, subAttributes: VALUE }),
      ],
    },
    {
      id: SCIM_URN.group,
      name: 'Group',
      description: 'A role of the tenant. Groups are neither made nor deleted by a directory.',
      attributes: [
        attribute('displayName', 'string', { required: true, mutability: 'readOnly', uniqueness: 'server' }),
        attribute('members', 'complex', {
          multiValued: true,
          subAttributes: [
            attribute('value', 'string', { mutability: 'immutable' }),
            attribute('display', 'string', { mutability: 'readOnly' }),
          ],
        }),
      ],
    },
  ].map((schema) => ({
    schemas: [SCIM_URN.schema],
    ...schema,
    meta: { resourceType: 'Schema', location: `${origin}${SCIM_PATH}/Schemas/${schema.id}` },
  }))
