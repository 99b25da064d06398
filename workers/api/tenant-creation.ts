import * as z from 'zod'
import { AppError } from '../domain/error'
import type { StoredApiKey } from '../domain/identity'
import { placedTenantId, RESIDENCIES } from '../domain/placement'
import { Branding } from '../domain/reports'
import { type Tenant, TenantSettings, TenantSlug } from '../domain/tenants'
import { requireLogo } from './branding'
import type { ApiDeps } from './deps'

export const TenantOrder = z
  .object({
    slug: TenantSlug,
    name: z.string().min(1).max(200),
    adminEmail: z.email(),
    adminName: z.string().min(1).max(200).default('Administrator'),
    adminPassword: z.string().min(12).max(1_024).optional().describe('At least 12 characters; made up when left out.'),
    residency: z.enum(RESIDENCIES).default('none').describe('Where its data may lie; it cannot be changed later.'),
    settings: TenantSettings.partial().optional().describe('What to set beside the defaults.'),
  })
  .meta({ id: 'TenantOrder', example: { slug: 'acme', name: 'Acme GmbH', adminEmail: 'admin@acme.example' } })

const PASSWORD_LENGTH = 20
const PREFIX_LENGTH = 8
const SECRET_LENGTH = 43

/** Makes a tenant with its administrator and a first API key. `conflict` when the slug is taken. */
export async function createTenant(deps: ApiDeps, order: z.output<typeof TenantOrder>) {
  const { identity, passwords, credentials, newId, clock } = deps
  if (order.residency !== 'none' && deps.canPlace?.(order.residency) !== true)
    throw new AppError(
      'unavailable',
      `This installation keeps no data in '${order.residency}'; its operator can add the bucket and D1 for it.`,
      {
        reason: 'residency',
      },
    )
  const createdAt = clock.now().toISOString()
  const settings = TenantSettings.parse({ branding: Branding.parse({ name: order.name }), ...order.settings })
  requireLogo(settings.branding)
  const tenant: Tenant = { id: placedTenantId(newId('tenant'), order.residency), slug: order.slug, name: order.name, settings, createdAt }
  const password = order.adminPassword ?? credentials.random(PASSWORD_LENGTH)
  const admin = {
    id: newId('user'),
    tenantId: tenant.id,
    email: order.adminEmail.toLowerCase(),
    name: order.adminName,
    role: 'admin' as const,
    createdAt,
  }
  const { stored, key } = newApiKey(deps, tenant.id, 'First key', 'admin')
  await identity.createTenant(tenant, { ...admin, passwordHash: await passwords.hash(password) }, stored)
  return {
    tenant: { ...tenant, residency: order.residency },
    admin: { id: admin.id, email: admin.email, ...(order.adminPassword === undefined && { password }) },
    apiKey: { id: stored.id, key },
  }
}

/** A new key: what is stored, and what the caller is shown once. */
export function newApiKey(
  deps: Pick<ApiDeps, 'credentials' | 'newId' | 'clock'>,
  tenantId: string,
  name: string,
  role: string,
  more: Pick<StoredApiKey, 'scopes' | 'expiresAt' | 'serviceAccountId' | 'madeBy'> = {},
): { stored: StoredApiKey; key: string } {
  const { credentials, newId, clock } = deps
  const prefix = credentials.random(PREFIX_LENGTH)
  const secret = credentials.random(SECRET_LENGTH)
  const stored = {
    ...more,
    id: newId('apiKey'),
    tenantId,
    name,
    prefix,
    role,
    secretHash: credentials.hash(secret),
    createdAt: clock.now().toISOString(),
  }
  return { stored, key: `stw_${prefix}_${secret}` }
}
