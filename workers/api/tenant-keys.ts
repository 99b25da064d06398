import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { bearerOf, guard } from './guard'
import { recordAct } from './security-events'

const KeyVersion = z
  .object({
    version: z.int(),
    status: z
      .enum(['active', 'retiring', 'retired', 'destroyed'])
      .describe(
        '`active` seals; what a `retiring` one sealed in tables is being sealed anew; a `retired` one only opens fields and files; `destroyed` opens nothing.',
      ),
    createdAt: z.iso.datetime(),
    retiredAt: z.iso.datetime().optional(),
    destroyedAt: z.iso.datetime().optional(),
    values: z.int().describe('Secrets, authenticator apps and client secrets that this version sealed; 0 when all are sealed anew.'),
    sealsContent: z
      .boolean()
      .describe('Fields or files are sealed with it. They are not sealed anew, so the version stays until the tenant is deleted.'),
  })
  .meta({ id: 'TenantKeyVersion' })

const LIST = documented({
  tag: 'Security',
  summary: "Versions of the tenant's data key",
  description: 'Which version seals, and how far a rotation is. The keys themselves are never shown.',
  answers: { 200: { description: 'The newest first.', body: { schema: z.object({ items: z.array(KeyVersion) }) } } },
  refuses: ['unavailable'],
})

const ROTATE = documented({
  tag: 'Security',
  summary: "Rotate the tenant's data key",
  description:
    'Makes a new version that seals from now on. What the earlier ones sealed is sealed anew in the background, a few dozen values every five minutes; a version that nothing refers to is then deleted.',
  answers: { 202: { description: 'The new version seals.', body: { schema: z.object({ version: z.int() }) } } },
  refuses: ['conflict', 'unavailable'],
})

/** Data keys of the tenant. Mounted as `/tenant/keys`. */
export function tenantKeyRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'keys:read'), async (c) => c.json({ items: await keysOf(deps, c.get('principal').tenantId).list() }))
    .post('/rotate', ROTATE, guard(deps, 'keys:write'), async (c) => {
      const version = await keysOf(deps, c.get('principal').tenantId).rotate()
      await recordAct(deps, c, 'tenant_key_rotated', `version ${version}`)
      return c.json({ version }, 202)
    })
}

const REWRAP = documented({
  tag: 'Operations',
  summary: 'Go on with a change of master keys (operator)',
  description:
    'With `Authorization: Bearer <STEWARD_ADMIN_TOKEN>`. Wraps up to some hundred keys anew with the first key of `STEWARD_MASTER_KEY`; repeat until `left` is 0. The sweep does the same every five minutes.',
  isPublic: true,
  answers: {
    200: {
      description: 'How far it is.',
      body: { schema: z.object({ done: z.int(), left: z.int().describe('What an earlier master key still seals.') }) },
    },
  },
  refuses: ['unauthenticated', 'unavailable'],
})

/** The master keys. Mounted as `/operations/keys`. */
export function masterKeyRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().post('/rewrap', REWRAP, async (c) => {
    const { adminToken, credentials } = deps
    const given = bearerOf(c.req.header('Authorization')) ?? ''
    if (adminToken === undefined || adminToken === '' || !credentials.matches(given, credentials.hash(adminToken)))
      throw new AppError('unauthenticated', "Send the operator's token as Authorization: Bearer <token>.")
    if (deps.rewrapKeys === undefined) throw notHere()
    return c.json(await deps.rewrapKeys())
  })
}

function keysOf(deps: ApiDeps, tenantId: string) {
  if (deps.tenantKeys === undefined) throw notHere()
  return deps.tenantKeys(tenantId)
}

const notHere = () => new AppError('unavailable', 'This installation keeps no keys; set STEWARD_MASTER_KEY.')
