import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { requireMayGrant } from './grants'
import { guard } from './guard'
import { listSchema } from './lists'
import { recordAct } from './security-events'

const ServiceAccountSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.string(),
    createdAt: z.iso.datetime(),
    disabledAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'ServiceAccount' })
const Order = z
  .object({ name: z.string().min(1).max(100), role: z.string().max(64) })
  .meta({ example: { name: 'Nightly import', role: 'client' } })

const CREATE = documented({
  tag: 'API keys',
  summary: 'Create a service account',
  description: 'A program in its own name. Give it keys with `POST /api-keys` and `serviceAccountId`.',
  answers: { 201: { description: 'Created.', body: { schema: ServiceAccountSchema } } },
  refuses: ['invalid', 'too_large'],
})
const LIST = documented({
  tag: 'API keys',
  summary: 'List service accounts',
  answers: { 200: { description: 'All of the tenant.', body: { schema: listSchema(ServiceAccountSchema) } } },
  refuses: [],
})
const DISABLE = documented({
  tag: 'API keys',
  summary: 'Disable a service account',
  description: 'All its keys stop within seconds.',
  answers: { 204: { description: 'Disabled.' } },
  refuses: ['not_found'],
})

/** Programs that act in their own name. */
export function serviceAccountRoutes(deps: ApiDeps) {
  const { serviceAccounts } = deps.identity
  const now = () => deps.clock.now().toISOString()
  return new Hono<ApiEnv>()
    .post('/', CREATE, guard(deps, 'api_keys:write'), check('json', Order), async (c) => {
      const { name, role } = c.req.valid('json')
      await requireMayGrant(deps, c.get('principal'), role)
      const account = { id: deps.newId('serviceAccount'), name, role, createdAt: now() }
      await serviceAccounts.insert({ ...account, tenantId: c.get('principal').tenantId })
      await recordAct(deps, c, 'service_account_created', `${name} as ${role}`)
      return c.json(account, 201)
    })
    .get('/', LIST, guard(deps, 'api_keys:write'), async (c) => {
      const accounts = await serviceAccounts.list(c.get('principal').tenantId)
      return c.json({ items: accounts.map(({ tenantId: _, ...account }) => account) })
    })
    .delete('/:id', DISABLE, guard(deps, 'api_keys:write'), async (c) => {
      const { tenantId } = c.get('principal')
      const account = await serviceAccounts.find(tenantId, c.req.param('id'))
      if (account === undefined) throw new AppError('not_found', 'There is no service account with that id.')
      await requireMayGrant(deps, c.get('principal'), account.role)
      await serviceAccounts.disable(tenantId, account.id, now())
      await recordAct(deps, c, 'service_account_disabled', account.name)
      return c.body(null, 204)
    })
}
