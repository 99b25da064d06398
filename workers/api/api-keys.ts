import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import type { ApiKey } from '../domain/identity'
import { PermissionName, reachOf, requireAtLeast, scopedPermissions } from '../domain/roles'
import type { Principal } from '../domain/tenants'
import { noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { permissionsOfRole } from './grants'
import { guard } from './guard'
import { endOfNew, endOfNext, ownEnd } from './key-ends'
import { listSchema } from './lists'
import { recordAct } from './security-events'
import { newApiKey } from './tenant-creation'

const HOUR_MS = 3_600_000

const ApiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string(),
    role: z.string(),
    scopes: z.array(z.string()).optional().describe('What of the role it may do; absent: all.'),
    serviceAccountId: z.string().optional(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
    lastUsedAt: z.iso.datetime().optional().describe('To the minute.'),
    revokedAt: z.iso.datetime().optional(),
    madeBy: z.string().optional().describe('Id of the person who made it, also by way of another key; absent: nobody is known.'),
  })
  .meta({ id: 'ApiKey' })
const KeyOrder = z
  .object({
    name: z.string().min(1).max(100),
    role: z.string().max(64).optional().describe('Needed unless the key is for a service account, which has its own.'),
    serviceAccountId: z.string().max(64).optional(),
    scopes: z.array(PermissionName).min(1).max(200).optional().describe('What of the role the key may do; all when left out.'),
    expiresAt: z.iso.datetime().optional().describe('In the future; when left out the key never ends, or ends with the key that makes it.'),
  })
  .meta({ example: { name: 'Accounting', role: 'client', scopes: ['documents:write', 'runs:read'] } })
const Rotation = z.object({
  overlapHours: z.number().min(0).max(168).default(24).describe('For how long the old key still works beside the new one.'),
})
const MadeKey = z.object({ id: z.string(), key: z.string(), expiresAt: z.iso.datetime().optional() })

const CREATE = documented({
  tag: 'API keys',
  summary: 'Create an API key',
  description: 'It may do nothing that its maker may not, and does not outlive a key that makes it.',
  answers: { 201: { description: 'The key itself is shown once.', body: { schema: MadeKey } } },
  refuses: ['invalid', 'too_large'],
})

const LIST = documented({
  tag: 'API keys',
  summary: 'List API keys',
  answers: { 200: { description: 'Without their secrets.', body: { schema: listSchema(ApiKeySchema) } } },
  refuses: [],
})

const ROTATE = documented({
  tag: 'API keys',
  summary: 'Rotate an API key',
  description:
    'Makes a new key that may do the same; the old one works on for the overlap, so that programs can change over one by one. The new one lives as long as the old one did, but does not outlive a key that makes it.',
  answers: { 201: { description: 'The new key is shown once.', body: { schema: MadeKey.extend({ oldKeyExpiresAt: z.iso.datetime() }) } } },
  refuses: ['invalid', 'not_found', 'conflict', 'too_large'],
})

const REVOKE = documented({
  tag: 'API keys',
  summary: 'Revoke an API key',
  answers: { 204: { description: 'It is not accepted any more.' } },
  refuses: ['not_found'],
})

/** Keys of programs. */
export function apiKeyRoutes(deps: ApiDeps) {
  const { apiKeys } = deps.identity
  return new Hono<ApiEnv>()
    .post('/', CREATE, guard(deps, 'api_keys:write'), check('json', KeyOrder), async (c) =>
      c.json(await createKey(deps, c, c.req.valid('json')), 201, NO_STORE),
    )
    .get('/', LIST, guard(deps, 'api_keys:write'), async (c) => {
      const keys = await apiKeys.list(c.get('principal').tenantId)
      return c.json({ items: keys.map(({ tenantId: _, scopes, ...key }) => ({ ...key, ...(scopes && { scopes: [...scopes] }) })) })
    })
    .post('/:id/rotate', ROTATE, guard(deps, 'api_keys:write'), check('json', Rotation), async (c) =>
      c.json(await rotateKey(deps, c, await ownKey(deps, c), c.req.valid('json').overlapHours), 201, NO_STORE),
    )
    .delete('/:id', REVOKE, guard(deps, 'api_keys:write'), async (c) => {
      const key = await ownKey(deps, c)
      await requireMayEnd(deps, c, key)
      await apiKeys.revoke(key.tenantId, key.id, deps.clock.now().toISOString())
      noteChange(c, { before: { name: key.name, role: key.role, scopes: key.scopes, revokedAt: key.revokedAt ?? null } })
      await recordAct(deps, c, 'api_key_revoked', `${key.name} (${key.prefix})`)
      return c.body(null, 204)
    })
}

async function createKey(deps: ApiDeps, c: Context<ApiEnv>, order: z.output<typeof KeyOrder>): Promise<z.output<typeof MadeKey>> {
  const { name, scopes, serviceAccountId } = order
  if (order.expiresAt !== undefined && order.expiresAt <= deps.clock.now().toISOString())
    throw misfit('expiresAt', 'The time is over; choose a later one.')
  const expiresAt = endOfNew(order.expiresAt, await ownEnd(deps, c))
  const more = { ...(scopes && { scopes }), ...(expiresAt && { expiresAt }), ...(serviceAccountId && { serviceAccountId }) }
  const made = { ...more, ...madeByOf(c.get('principal')) }
  const { stored, key } = newApiKey(deps, c.get('principal').tenantId, name, await roleFor(deps, c, order), made)
  await requireMayMake(deps, c, stored)
  await deps.identity.apiKeys.insert(stored)
  noteChange(c, { resource: { kind: 'apiKey', id: stored.id }, after: { name, role: stored.role, ...more } })
  await recordAct(deps, c, 'api_key_created', `${name} (${stored.prefix}) as ${stored.role}`)
  return { id: stored.id, key, ...(expiresAt && { expiresAt }) }
}

/** The role of the service account, or the one that was asked for. */
async function roleFor(deps: ApiDeps, c: Context<ApiEnv>, { role, serviceAccountId }: z.output<typeof KeyOrder>): Promise<string> {
  if (serviceAccountId === undefined) {
    if (role === undefined) throw misfit('role', 'Name the role of the key, or a service account.')
    return role
  }
  if (role !== undefined) throw misfit('role', 'A service account has its own role; leave this out.')
  const account = await deps.identity.serviceAccounts.find(c.get('principal').tenantId, serviceAccountId)
  if (account === undefined || account.disabledAt !== undefined)
    throw misfit('serviceAccountId', 'There is no such service account, or it is disabled.')
  return account.role
}

/** Refuses a key that reaches further than the caller, and scopes that its role does not have. */
async function requireMayMake(deps: ApiDeps, c: Context<ApiEnv>, { role, scopes }: Pick<ApiKey, 'role' | 'scopes'>): Promise<void> {
  const ofRole = await permissionsOfRole(deps, c.get('principal').tenantId, role)
  const effective = scopedPermissions(role, ofRole, scopes) ?? ofRole
  const beyond = scopes?.filter((scope) => !effective.includes(scope)) ?? []
  if (beyond.length > 0) throw misfit('scopes', `The role '${role}' does not have: ${beyond.join(', ')}.`)
  requireAtLeast(c.get('principal'), reachOf(role, ofRole, scopes))
}

/** Who may do less than a key that still opens something cannot put it out of use either. */
async function requireMayEnd(deps: ApiDeps, c: Context<ApiEnv>, { role, scopes, revokedAt, expiresAt }: ApiKey): Promise<void> {
  const isOver = revokedAt !== undefined || (expiresAt !== undefined && expiresAt <= deps.clock.now().toISOString())
  if (isOver) return
  const ofRole = await permissionsOfRole(deps, c.get('principal').tenantId, role)
  requireAtLeast(c.get('principal'), reachOf(role, ofRole, scopes))
}

/** Keeps name, role, scopes and lifetime; the old key ends after the overlap. */
async function rotateKey(deps: ApiDeps, c: Context<ApiEnv>, old: ApiKey, overlapHours: number) {
  const now = deps.clock.now().getTime()
  const { name, role, scopes, serviceAccountId, expiresAt } = old
  if (old.revokedAt !== undefined || (expiresAt !== undefined && Date.parse(expiresAt) <= now))
    throw new AppError('conflict', 'The key is revoked or has expired; create a new one.')
  await requireMayMake(deps, c, old)
  const next = endOfNext(old, await ownEnd(deps, c), now)
  const { stored, key } = newApiKey(deps, old.tenantId, name, role, {
    ...(scopes && { scopes }),
    ...(serviceAccountId && { serviceAccountId }),
    ...madeByOf(c.get('principal')),
    ...(next && { expiresAt: next }),
  })
  await deps.identity.apiKeys.insert(stored)
  const end = new Date(now + overlapHours * HOUR_MS).toISOString()
  await deps.identity.apiKeys.expire(old.tenantId, old.id, end)
  noteChange(c, { before: { id: old.id, prefix: old.prefix }, after: { id: stored.id, prefix: stored.prefix, oldEnds: end } })
  await recordAct(deps, c, 'api_key_rotated', `${name} (${old.prefix} → ${stored.prefix})`)
  return {
    id: stored.id,
    key,
    ...(next && { expiresAt: next }),
    oldKeyExpiresAt: expiresAt !== undefined && expiresAt < end ? expiresAt : end,
  }
}

async function ownKey(deps: ApiDeps, c: Context<ApiEnv>): Promise<ApiKey> {
  const key = await deps.identity.apiKeys.find(c.get('principal').tenantId, c.req.param('id') ?? '')
  if (key === undefined) throw new AppError('not_found', 'There is no API key with that id.')
  return key
}

/** The person at the end of the keys that made keys: whoever is shown a key could act by it. */
function madeByOf({ kind, id, madeBy }: Principal): Pick<ApiKey, 'madeBy'> {
  const person = kind === 'user' ? id : madeBy
  return person === undefined ? {} : { madeBy: person }
}

const misfit = (path: string, message: string) => new AppError('invalid', message, { problems: [{ path, message }] })
const NO_STORE = { 'Cache-Control': 'no-store' }
