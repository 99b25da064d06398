import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import { ROLES } from '../domain/tenants'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { listSchema } from './lists'
import { newApiKey } from './tenant-creation'

const ApiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string(),
    role: z.enum(ROLES),
    createdAt: z.iso.datetime(),
    revokedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'ApiKey' })
const KeyOrder = z
  .object({ name: z.string().min(1).max(100), role: z.enum(ROLES) })
  .meta({ example: { name: 'Accounting', role: 'client' } })

const CREATE = documented({
  tag: 'API keys',
  summary: 'Create an API key',
  answers: { 201: { description: 'The key itself is shown once.', body: { schema: z.object({ id: z.string(), key: z.string() }) } } },
  refuses: ['invalid', 'too_large'],
})

const LIST = documented({
  tag: 'API keys',
  summary: 'List API keys',
  answers: { 200: { description: 'Without their secrets.', body: { schema: listSchema(ApiKeySchema) } } },
  refuses: [],
})

const REVOKE = documented({
  tag: 'API keys',
  summary: 'Revoke an API key',
  answers: { 204: { description: 'It is not accepted any more.' } },
  refuses: ['not_found'],
})

/** Keys of programs. */
export function apiKeyRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post('/', CREATE, guard(deps, 'api_keys:write'), check('json', KeyOrder), async (c) => {
      const { name, role } = c.req.valid('json')
      const { stored, key } = newApiKey(deps, c.get('principal').tenantId, name, role)
      await deps.identity.apiKeys.insert(stored)
      return c.json({ id: stored.id, key }, 201, { 'Cache-Control': 'no-store' })
    })
    .get('/', LIST, guard(deps, 'api_keys:write'), async (c) => {
      const keys = await deps.identity.apiKeys.list(c.get('principal').tenantId)
      return c.json({ items: keys.map(({ tenantId: _, ...key }) => key) })
    })
    .delete('/:id', REVOKE, guard(deps, 'api_keys:write'), async (c) => {
      const isKnown = await deps.identity.apiKeys.revoke(c.get('principal').tenantId, c.req.param('id'), deps.clock.now().toISOString())
      if (!isKnown) throw new AppError('not_found', 'There is no API key with that id.')
      return c.body(null, 204)
    })
}
