import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import { isBuiltIn } from '../domain/roles'
import { PROVISIONED_ROLE, SCIM_MAX_RESULTS, type ScimUser } from '../domain/scim'
import { parseScimGroupFilter } from '../domain/scim-filter'
import { ScimPatch } from '../domain/scim-patch'
import { ROLES } from '../domain/tenants'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { guard } from './guard'
import { scimUserOf, setRole } from './scim-accounts'
import { answerScimThrown, SCIM_LIST_QUERY, scimAnswer, scimDocumented } from './scim-answers'
import { groupResource, listResponse } from './scim-resources'

/** By path or in the value, as Okta and Entra send them; one member may stand in the path. */
const Members = z.array(z.object({ value: z.string().min(1).max(100) })).max(1_000)
const NewGroup = z.object({ displayName: z.string().min(1).max(256) })
const GroupQuery = z.object({
  filter: z.string().max(1_000).optional(),
  startIndex: z.coerce.number().int().min(1).catch(1),
  count: z.coerce.number().int().min(0).max(SCIM_MAX_RESULTS).catch(SCIM_MAX_RESULTS),
  excludedAttributes: z.string().max(500).optional(),
})
const MEMBER_PATH = /^members\[\s*value\s+eq\s+"([^"]{1,100})"\s*\]$/i

const LIST = scimDocumented({
  summary: 'Find groups',
  description: 'The roles of the tenant, built-in ones too, with those who have them.',
  refuses: ['invalid'],
  query: { ...SCIM_LIST_QUERY, excludedAttributes: '`members` leaves these out.' },
})
const READ = scimDocumented({ summary: 'Read a group', refuses: ['not_found'] })
const CREATE = scimDocumented({
  summary: 'Make a group',
  description:
    'Refused: roles say what people may do, so an administrator makes them. One that there is answers 409, so that directories link it.',
  status: 201,
  refuses: ['invalid', 'conflict'],
})
const CHANGE = scimDocumented({
  summary: 'Change who is in a group',
  description: 'Everybody has one role: who is added gets it in place of the one before; who is taken out falls back to `client`.',
  status: 204,
  refuses: ['invalid', 'not_found', 'conflict', 'too_large'],
})

/** Groups of a directory are the roles of the tenant. */
export function scimGroupRoutes(deps: ApiDeps) {
  const originOf = (c: Context<ApiEnv>) => new URL(c.req.url).origin
  const app = new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'scim:read'), check('query', GroupQuery), async (c) => {
      const { tenantId } = c.get('principal')
      const { filter, startIndex, count, excludedAttributes } = c.req.valid('query')
      const wanted = filter === undefined ? undefined : parseScimGroupFilter(filter).toLowerCase()
      const roles = (await rolesOf(deps, tenantId)).filter((role) => wanted === undefined || role === wanted)
      const members = excludedAttributes?.split(/[\s,]+/).includes('members') ? undefined : await membersByRole(deps, tenantId)
      const page = roles.slice(startIndex - 1, startIndex - 1 + count)
      const resources = page.map((role) => groupResource(role, members && (members.get(role) ?? []), originOf(c)))
      return scimAnswer(c, listResponse(resources, roles.length, startIndex))
    })
    .post('/', CREATE, guard(deps, 'scim:write'), check('json', NewGroup), async (c) => {
      const { displayName } = c.req.valid('json')
      const isThere = (await rolesOf(deps, c.get('principal').tenantId)).includes(displayName.toLowerCase())
      if (isThere) throw new AppError('conflict', 'There is a group of that name; find it with a filter on displayName.')
      throw new AppError('invalid', 'Groups are roles here, and an administrator makes them; name one that there is.', {
        reason: 'mutability',
      })
    })
    .get('/:id', READ, guard(deps, 'scim:read'), async (c) => {
      const { tenantId } = c.get('principal')
      const role = await roleOf(deps, tenantId, c.req.param('id'))
      return scimAnswer(c, groupResource(role, (await membersByRole(deps, tenantId)).get(role) ?? [], originOf(c)))
    })
    .patch('/:id', CHANGE, guard(deps, 'scim:write'), check('json', ScimPatch), async (c) => {
      const role = await roleOf(deps, c.get('principal').tenantId, c.req.param('id'))
      for (const operation of c.req.valid('json').Operations) await change(deps, c, role, operation)
      return c.body(null, 204)
    })
  app.onError(answerScimThrown)
  return app
}

type Operation = z.output<typeof ScimPatch>['Operations'][number]

async function change(deps: ApiDeps, c: Context<ApiEnv>, role: string, operation: Operation): Promise<void> {
  const { tenantId } = c.get('principal')
  const named = membersIn(operation)
  if (named === undefined) return
  const before = operation.op === 'add' ? [] : ((await membersByRole(deps, tenantId)).get(role) ?? [])
  if (operation.op !== 'remove') {
    for (const id of named) await setRole(deps, c, await scimUserOf(deps, tenantId, id), role)
  }
  const isAll = operation.op === 'remove' && named.length === 0
  const leaving = before.filter(({ id }) => isAll || named.includes(id) === (operation.op === 'remove'))
  if (role !== PROVISIONED_ROLE) for (const user of leaving) await setRole(deps, c, user, PROVISIONED_ROLE)
}

/** Ids that an operation names; undefined when it is about something else, such as a name that cannot be changed. */
function membersIn({ path, value }: Operation): string[] | undefined {
  const inPath = MEMBER_PATH.exec(path ?? '')?.[1]
  if (inPath !== undefined) return [inPath]
  if (path !== undefined && path.toLowerCase() !== 'members') return undefined
  const isWhole = path === undefined && typeof value === 'object' && value !== null && !Array.isArray(value)
  const list = isWhole ? Reflect.get(value, 'members') : value
  if (list === undefined || list === null) return isWhole ? undefined : []
  const members = Members.safeParse(Array.isArray(list) ? list : [list])
  if (!members.success)
    throw new AppError('invalid', 'Members are a list of objects with `value`, the id of a user.', { reason: 'invalidValue' })
  return members.data.map((member) => member.value)
}

const rolesOf = async ({ identity }: ApiDeps, tenantId: string): Promise<string[]> => [
  ...ROLES,
  ...(await identity.roles.list(tenantId)).map(({ name }) => name),
]

async function roleOf({ identity }: ApiDeps, tenantId: string, id: string): Promise<string> {
  if (isBuiltIn(id) || (await identity.roles.find(tenantId, id)) !== undefined) return id
  throw new AppError('not_found', 'There is no group with that id.')
}

/** All people of the tenant by their roles: a company's people are few enough to be read page by page. */
async function membersByRole({ scimUsers }: ApiDeps, tenantId: string): Promise<Map<string, ScimUser[]>> {
  const byRole = new Map<string, ScimUser[]>()
  for (let startIndex = 1; ; startIndex += SCIM_MAX_RESULTS) {
    const { items, total } = await scimUsers.list(tenantId, { startIndex, count: SCIM_MAX_RESULTS })
    for (const user of items) byRole.set(user.role, [...(byRole.get(user.role) ?? []), user])
    if (items.length === 0 || startIndex + items.length > total) return byRole
  }
}
