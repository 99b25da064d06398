import { type Context, Hono, type MiddlewareHandler } from 'hono'
import * as z from 'zod'
import { INSTALLATION } from '../domain/audit'
import { AppError } from '../domain/error'
import type { StoredTenant } from '../domain/identity'
import { RESIDENCIES, residencyOf } from '../domain/placement'
import { TenantSettings, TenantSlug } from '../domain/tenants'
import { auditedOperator, noteChange, noteWrongOperatorToken } from './audit-acts'
import { requireLogo } from './branding'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { etagOf, expectedTags, staleEdit } from './etag'
import { bearerOf, guard } from './guard'
import { secretRoutes } from './secrets'
import { createTenant, TenantOrder } from './tenant-creation'

const SettingsSchema = TenantSettings.meta({ id: 'TenantSettings' })
const TenantSchema = z
  .object({
    id: z.string(),
    slug: TenantSlug,
    name: z.string(),
    residency: z.enum(RESIDENCIES),
    settings: SettingsSchema,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Tenant' })
const CreatedTenant = z.object({
  tenant: TenantSchema,
  admin: z.object({ id: z.string(), email: z.string(), password: z.string().optional().describe('Shown once, when it was made up here.') }),
  apiKey: z.object({ id: z.string(), key: z.string().describe('Shown once.') }),
})

const CREATE = documented({
  tag: 'Tenants',
  summary: 'Create a tenant (operator)',
  description:
    'With `Authorization: Bearer <STEWARD_ADMIN_TOKEN>`. Makes the tenant, its administrator and an API key; password and key are shown once.',
  isPublic: true,
  answers: { 201: { description: 'Created.', body: { schema: CreatedTenant } } },
  refuses: ['invalid', 'unauthenticated', 'conflict', 'too_large', 'unavailable'],
})

const ME = documented({
  tag: 'Tenants',
  summary: 'My tenant',
  answers: { 200: { description: 'The tenant of the token or key.', body: { schema: TenantSchema } } },
  refuses: ['not_found'],
})

const READ_SETTINGS = documented({
  tag: 'Tenants',
  summary: 'Settings and branding',
  answers: { 200: { description: 'The settings.', body: { schema: SettingsSchema }, headers: { ETag: 'The revision.' } } },
  refuses: ['not_found'],
})

const SAVE_SETTINGS = documented({
  tag: 'Tenants',
  summary: 'Replace the settings',
  description:
    'Branding (name, colours, logo as a PNG or JPEG in base64, footer), locale, currency and time zone. `If-Match` refuses to overwrite a change of somebody else (412).',
  headers: { 'If-Match': 'ETag of the settings that were edited.' },
  answers: { 200: { description: 'Saved.', body: { schema: SettingsSchema }, headers: { ETag: 'The revision.' } } },
  refuses: ['invalid', 'not_found', 'conflict', 'too_large'],
})

/** The tenant itself: creation by the operator, settings, secrets. */
export function tenantRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post('/', CREATE, operated(deps), check('json', TenantOrder), async (c) => {
      const created = await auditedOperator(deps, c, { audit: INSTALLATION }, async (notes) => {
        const made = await createTenant(deps, c.req.valid('json'))
        Object.assign(notes, { resource: { kind: 'tenant', id: made.tenant.id }, after: made.tenant })
        return made
      })
      return c.json(created, 201, { 'Cache-Control': 'no-store' })
    })
    .get('/me', ME, guard(deps, 'settings:read'), async (c) => {
      const { revision: _, signInPolicy: __, ...tenant } = await ownTenant(deps, c)
      return c.json({ ...tenant, residency: residencyOf(tenant.id) })
    })
    .get('/me/settings', READ_SETTINGS, guard(deps, 'settings:read'), async (c) => {
      const { settings, revision } = await ownTenant(deps, c)
      return c.json(settings, 200, { ETag: etagOf(revision) })
    })
    .put('/me/settings', SAVE_SETTINGS, guard(deps, 'settings:write'), check('json', TenantSettings), (c) =>
      saveSettings(deps, c, c.req.valid('json')),
    )
    .route('/me/secrets', secretRoutes(deps))
}

/** Refuses `unauthenticated` unless the request has the operator's token, before anything of it is read. */
export const operated =
  (deps: ApiDeps): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    requireOperator(deps, c)
    await next()
  }

function requireOperator(deps: ApiDeps, c: Context<ApiEnv>): void {
  const { adminToken, credentials } = deps
  const given = bearerOf(c.req.header('Authorization')) ?? ''
  if (adminToken === undefined || adminToken === '')
    throw new AppError('unauthenticated', 'This installation creates no tenants; its operator can set STEWARD_ADMIN_TOKEN.')
  if (credentials.matches(given, credentials.hash(adminToken))) return
  if (given !== '') noteWrongOperatorToken(deps, c)
  throw new AppError('unauthenticated', "Send the operator's token as Authorization: Bearer <token>.")
}

async function ownTenant(deps: ApiDeps, c: Context<ApiEnv>): Promise<StoredTenant> {
  const tenant = await deps.identity.findTenant(c.get('principal').tenantId)
  if (tenant === undefined) throw new AppError('not_found', 'This tenant does not exist any more.')
  return tenant
}

async function saveSettings(deps: ApiDeps, c: Context<ApiEnv>, settings: TenantSettings) {
  requireLogo(settings.branding)
  const { id, revision, settings: before } = await ownTenant(deps, c)
  const expected = expectedTags(c.req.header('If-Match'))
  if (expected !== undefined && !expected.includes(String(revision))) throw staleEdit()
  const saved = await deps.identity.saveSettings(id, settings, expected === undefined ? undefined : revision)
  if (saved === undefined) throw staleEdit()
  noteChange(c, { resource: { kind: 'settings', id }, before, after: settings })
  return c.json(settings, 200, { ETag: etagOf(saved) })
}
