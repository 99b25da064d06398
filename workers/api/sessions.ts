import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import type { Device } from '../domain/sessions'
import { endOf, type SavedSignInPolicy } from '../domain/sign-in-policy'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { listSchema } from './lists'
import { recordAct } from './security-events'

const DeviceSchema = z
  .object({
    id: z.string(),
    userAgent: z.string(),
    address: z.string(),
    createdAt: z.iso.datetime().describe('When the person signed in.'),
    lastUsedAt: z.iso.datetime().describe('When it was last renewed; to the minute when it was last used, where the tenant limits rest.'),
    expiresAt: z.iso.datetime().describe('When it ends unless it is used or renewed before, by the sign-in policy of the tenant too.'),
    isCurrent: z.boolean().describe('Whether the request came from it.'),
  })
  .meta({ id: 'Device' })

const LIST = documented({
  tag: 'Auth',
  summary: 'Where I am signed in',
  description: 'An API key is not signed in anywhere: for it the list is empty.',
  answers: { 200: { description: 'The last used first.', body: { schema: listSchema(DeviceSchema) } } },
  refuses: [],
})

const END = documented({
  tag: 'Auth',
  summary: 'Sign out one device',
  description: 'Its refresh token is dead at once, its access token within seconds.',
  answers: { 204: { description: 'Signed out.' } },
  refuses: ['not_found'],
})

const END_ALL = documented({
  tag: 'Auth',
  summary: 'Sign out everywhere',
  query: { keepCurrent: '`true` leaves the device signed in from which the request comes.' },
  answers: { 200: { description: 'Signed out.', body: { schema: z.object({ revoked: z.int() }) } } },
  refuses: [],
})

/** Devices on which the caller is signed in. */
export function sessionRoutes(deps: ApiDeps) {
  const { sessions } = deps.identity
  const now = () => deps.clock.now().toISOString()
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'self:read'), async (c) => {
      const { tenantId, id, sessionId } = c.get('principal')
      const [devices, tenant] = await Promise.all([sessions.list(tenantId, id, now()), deps.identity.findTenant(tenantId)])
      const items = devices.map((device) => ({
        ...device,
        expiresAt: expiryOf(device, tenant?.signInPolicy),
        isCurrent: device.id === sessionId,
      }))
      return c.json({ items: items.filter(({ expiresAt }) => expiresAt > now()) })
    })
    .delete('/', END_ALL, guard(deps, 'self:write', { isSignOut: true }), async (c) => {
      const { tenantId, id, sessionId } = c.get('principal')
      const kept = c.req.query('keepCurrent') === 'true' ? sessionId : undefined
      const revoked = await sessions.revokeAll(tenantId, id, now(), kept)
      if (revoked > 0) await recordAct(deps, c, 'sessions_revoked', `${revoked} devices`)
      return c.json({ revoked })
    })
    .delete('/:id', END, guard(deps, 'self:write', { isSignOut: true }), async (c) => {
      const { tenantId, id } = c.get('principal')
      const isKnown = await sessions.revoke(tenantId, id, c.req.param('id'), now())
      if (!isKnown) throw new AppError('not_found', 'You are not signed in on a device with that id.')
      await recordAct(deps, c, 'sessions_revoked', 'one device')
      return c.body(null, 204)
    })
}

function expiryOf({ createdAt, lastUsedAt, expiresAt }: Device, policy: SavedSignInPolicy | undefined): string {
  const end = endOf({ startedAt: createdAt, lastUsedAt }, policy)
  return end === undefined || end > expiresAt ? expiresAt : end
}
