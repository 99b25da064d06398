import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import { isBuiltIn, PermissionName, permissionsOf, RoleName, requireAtLeast } from '../domain/roles'
import { ROLES } from '../domain/tenants'
import { noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { listSchema } from './lists'
import { recordAct } from './security-events'

const RoleSchema = z
  .object({
    name: z.string(),
    description: z.string(),
    permissions: z.array(z.string()),
    isBuiltIn: z.boolean(),
    createdAt: z.iso.datetime().optional(),
    updatedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Role' })
const RoleOrder = z
  .object({ description: z.string().max(500).default(''), permissions: z.array(PermissionName).max(200) })
  .meta({ example: { description: 'Reads runs and reports.', permissions: ['runs:read', 'reports:read'] } })

const LIST = documented({
  tag: 'Users',
  summary: 'List roles',
  answers: { 200: { description: 'Those that are built in, then those of the tenant.', body: { schema: listSchema(RoleSchema) } } },
  refuses: [],
})

const SAVE = documented({
  tag: 'Users',
  summary: 'Make or replace a role',
  description:
    'A named set of permissions. It may hold nothing that its maker may not do. Those who have it can do the new set within seconds.',
  answers: { 200: { description: 'Saved.', body: { schema: RoleSchema } } },
  refuses: ['invalid', 'conflict', 'too_large'],
})

const DELETE = documented({
  tag: 'Users',
  summary: 'Delete a role',
  answers: { 204: { description: 'Deleted.' } },
  refuses: ['invalid', 'not_found', 'conflict'],
})

/** Roles: the built-in ones, and those of the tenant. */
export function roleRoutes(deps: ApiDeps) {
  const { roles } = deps.identity
  const named = z.object({ name: RoleName })
  const now = () => deps.clock.now().toISOString()
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'roles:read'), async (c) => {
      const builtIn = ROLES.map((name) => ({ name, description: '', permissions: permissionsOf({ role: name }), isBuiltIn: true }))
      const own = (await roles.list(c.get('principal').tenantId)).map(({ tenantId: _, ...role }) => ({ ...role, isBuiltIn: false }))
      return c.json({ items: [...builtIn, ...own.map((role) => ({ ...role, permissions: [...role.permissions] }))] })
    })
    .put('/:name', SAVE, guard(deps, 'roles:write'), check('param', named), check('json', RoleOrder), async (c) => {
      const { tenantId } = c.get('principal')
      const { name } = c.req.valid('param')
      const { description, permissions } = c.req.valid('json')
      if (isBuiltIn(name)) throw new AppError('conflict', `The role '${name}' is built in and stays as it is; choose another name.`)
      const before = await roles.find(tenantId, name)
      // Also what it takes away is somebody's: a role that holds more than the caller does is not theirs to change.
      requireAtLeast(c.get('principal'), [...permissions, ...(before?.permissions ?? [])])
      const at = now()
      const role = {
        tenantId,
        name,
        description,
        permissions: [...new Set(permissions)],
        createdAt: before?.createdAt ?? at,
        updatedAt: at,
      }
      await roles.put(role)
      noteChange(c, {
        before: before && { description: before.description, permissions: before.permissions },
        after: { description, permissions: role.permissions },
      })
      await recordAct(deps, c, 'role_saved', `${name}: ${role.permissions.join(', ')}`)
      const { tenantId: _, ...shown } = role
      return c.json({ ...shown, isBuiltIn: false })
    })
    .delete('/:name', DELETE, guard(deps, 'roles:write'), check('param', named), async (c) => {
      const { name } = c.req.valid('param')
      if (isBuiltIn(name)) throw new AppError('conflict', `The role '${name}' is built in and stays.`)
      const before = await roles.find(c.get('principal').tenantId, name)
      requireAtLeast(c.get('principal'), before?.permissions ?? [])
      const outcome = await roles.delete(c.get('principal').tenantId, name, now())
      if (outcome === 'unknown') throw new AppError('not_found', 'There is no role with that name.')
      if (outcome === 'in_use')
        throw new AppError('conflict', 'Users, invitations, keys or service accounts have this role; give them another one first.')
      noteChange(c, { before: before && { description: before.description, permissions: before.permissions } })
      await recordAct(deps, c, 'role_deleted', name)
      return c.body(null, 204)
    })
}
