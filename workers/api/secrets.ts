import { Hono } from 'hono'
import * as z from 'zod'
import { MAX_SECRET_HOSTS, SecretHost } from '../domain/secret-hosts'
import { noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { listSchema } from './lists'

const SECRET_NAME = /^[a-z0-9][a-z0-9._:-]{0,63}$/
const SecretName = z.object({ name: z.string().regex(SECRET_NAME, 'use 1 to 64 lower-case letters, digits, and . _ : -') })
const SecretOrder = z
  .object({
    value: z.string().min(1).max(16_384),
    hosts: z
      .array(SecretHost)
      .min(1)
      .max(MAX_SECRET_HOSTS)
      .optional()
      .describe(
        'Where it may be sent: `api.example.com`, `*.example.com` for every name below it, with a port where it is not 443, or `*` for anywhere. Left out: those that the secret has stay; one that has none may be sent to any public host.',
      ),
  })
  .meta({ id: 'SecretOrder', example: { value: 'sk_live_…', hosts: ['api.example.com'] } })
const SecretSchema = z
  .object({
    name: z.string(),
    hosts: z.array(z.string()).optional().describe('Where it may be sent; absent: nobody has said, and it may go to any public host.'),
  })
  .meta({ id: 'Secret' })

const LIST = documented({
  tag: 'Tenants',
  summary: 'List secrets',
  description: 'Names, and the hosts that each may be sent to; never values.',
  answers: { 200: { description: 'By name.', body: { schema: listSchema(SecretSchema) } } },
  refuses: [],
})

const SET = documented({
  tag: 'Tenants',
  summary: 'Set a secret',
  description:
    'For steps and models that name it, as webhooks name the secret that signs them. Stored encrypted; it cannot be read back. With `hosts`, whatever would send it elsewhere fails before anything is sent. Name them: a secret without hosts can be sent anywhere by whoever may write workflows.',
  answers: { 204: { description: 'Stored.' } },
  refuses: ['invalid', 'too_large'],
})

/** Secrets of the tenant, which steps, webhooks and models use by name. Their values only come in. */
export function secretRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'secrets:write'), async (c) => {
      const secrets = await c.get('ports').secrets.list()
      return c.json({ items: secrets.map(({ name, hosts }) => ({ name, ...(hosts && { hosts: [...hosts] }) })) })
    })
    .put('/:name', SET, guard(deps, 'secrets:write'), check('param', SecretName), check('json', SecretOrder), async (c) => {
      const { secrets } = c.get('ports')
      const { name } = c.req.valid('param')
      const { value, hosts } = c.req.valid('json')
      const before = (await secrets.list()).find((secret) => secret.name === name)
      await secrets.put(name, value, hosts)
      noteChange(c, {
        ...(before && { before: { hosts: before.hosts ?? null } }),
        after: { hosts: hosts ?? before?.hosts ?? null },
      })
      return c.body(null, 204)
    })
}
