import { Hono } from 'hono'
import * as z from 'zod'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { callerOf } from './passwords'

const AccountSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: z.string(),
    tenant: z.string().describe('Slug.'),
    tenantName: z.string(),
    emailVerifiedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Account' })

const READ = documented({
  tag: 'Auth',
  summary: 'My account',
  description: 'For people; a program asks GET /api/v1/auth/verify.',
  answers: { 200: { description: 'The person who calls.', body: { schema: AccountSchema } } },
  refuses: ['invalid', 'not_found'],
})

/** The caller's own account. */
export function ownAccountRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get('/', READ, guard(deps, 'self:read'), async (c) => {
    const { user, tenant } = await callerOf(deps, c)
    const { id, email, name, role, emailVerifiedAt } = user
    return c.json({ id, email, name, role, tenant: tenant.slug, tenantName: tenant.name, ...(emailVerifiedAt && { emailVerifiedAt }) })
  })
}
