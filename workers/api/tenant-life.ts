import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { INSTALLATION } from '../domain/audit'
import { AppError } from '../domain/error'
import type { StoredTenant } from '../domain/identity'
import type { SecurityEventKind } from '../domain/security-events'
import {
  DELETION_DAYS,
  DELETION_DAYS_LEAST,
  DELETION_DAYS_MOST,
  deletionAsked,
  deletionTakenBack,
  reactivated,
  statusOf,
  suspended,
  type TenantLife,
} from '../domain/tenant-life'
import { alertAdministrators } from './alerts'
import { auditedOperator, noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { runLater } from './later'
import { addressOf, recordAct, recordSecurityEvent } from './security-events'
import { operated } from './tenants'

const LifeSchema = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    status: z.enum(['active', 'suspended', 'deleting']),
    createdAt: z.iso.datetime(),
    suspendedAt: z.iso.datetime().optional(),
    deletionAskedAt: z.iso.datetime().optional(),
    erasedFrom: z.iso.datetime().optional().describe('From when on it is erased and nothing takes that back.'),
  })
  .meta({ id: 'TenantLife' })
const ErasureSchema = z
  .object({
    tenantId: z.string(),
    slug: z.string(),
    askedAt: z.iso.datetime(),
    beganAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().optional().describe('Absent while something may be left.'),
    counts: z.record(z.string(), z.int()).describe('What was erased, by part.'),
  })
  .meta({ id: 'TenantErasure' })
const Confirmation = z
  .object({
    slug: z.string().max(64).describe('Slug of the tenant, as a confirmation.'),
    days: z.int().min(DELETION_DAYS_LEAST).max(DELETION_DAYS_MOST).default(DELETION_DAYS).describe('For so long it can be taken back.'),
  })
  .meta({ example: { slug: 'acme-to-be-deleted', days: 30 } })
const TenantPath = z.object({ id: z.string().max(64) })

const OPERATOR = 'With `Authorization: Bearer <STEWARD_ADMIN_TOKEN>`.'
const operates = (summary: string, description: string) =>
  documented({
    tag: 'Tenants',
    summary: `${summary} (operator)`,
    description: `${OPERATOR} ${description}`,
    isPublic: true,
    answers: { 200: { description: 'As it is now.', body: { schema: LifeSchema } } },
    refuses: ['invalid', 'unauthenticated', 'not_found', 'conflict', 'too_large', 'unavailable'],
  })
const READ = operates('How a tenant stands', 'Active, suspended, or being deleted.')
const SUSPEND = operates(
  'Suspend a tenant',
  'Nobody signs in, no token or key counts (within 15 seconds), no mail or webhook is taken, no run starts. Runs that were admitted go on to their end.',
)
const REACTIVATE = operates('Reactivate a tenant', 'Takes a suspension back.')
const DELETE = operates(
  'Delete a tenant',
  'Closes it like a suspension and erases it for good when the days are over. Asking again does not change the time.',
)
const TAKE_BACK = operates('Take the deletion of a tenant back', 'While the days last.')
const DELETE_OWN = documented({
  tag: 'Tenants',
  summary: 'Delete my tenant',
  description:
    'Closes it at once: nobody signs in and no key counts, that of the caller included. When the days are over it is erased for good; until then the operator can take it back.',
  answers: { 200: { description: 'Closed.', body: { schema: LifeSchema } } },
  refuses: ['invalid', 'not_found', 'conflict', 'too_large'],
})
const CERTIFICATE = documented({
  tag: 'Tenants',
  summary: 'What was erased of a tenant (operator)',
  description: `${OPERATOR} The certificate, also while erasing is under way.`,
  isPublic: true,
  answers: { 200: { description: 'The certificate.', body: { schema: ErasureSchema } } },
  refuses: ['unauthenticated', 'not_found', 'unavailable'],
})

/** How tenants end: suspension, deletion, certificate. Mounted as `/tenants`. */
export function tenantLifeRoutes(deps: ApiDeps) {
  const now = () => deps.clock.now()
  const operator = operated(deps)
  const change = (c: Context<ApiEnv>, id: string, kind: SecurityEventKind, next: (tenant: StoredTenant) => TenantLife) =>
    operate(deps, c, { id, kind }, next)
  return new Hono<ApiEnv>()
    .post('/me/delete', DELETE_OWN, guard(deps, 'tenant:delete'), check('json', Confirmation), async (c) =>
      c.json(await deleteOwn(deps, c, c.req.valid('json'))),
    )
    .get('/:id', READ, operator, check('param', TenantPath), async (c) => {
      return c.json(shown(await tenantOf(deps, c.req.valid('param').id)))
    })
    .get('/:id/erasure', CERTIFICATE, operator, check('param', TenantPath), async (c) => {
      const found = await deps.erasures?.find(c.req.valid('param').id)
      if (found === undefined) throw new AppError('not_found', 'Nothing of a tenant with that id was erased.')
      const { done: _, ...certificate } = found
      return c.json(certificate)
    })
    .post('/:id/suspend', SUSPEND, operator, check('param', TenantPath), async (c) =>
      c.json(await change(c, c.req.valid('param').id, 'tenant_suspended', (tenant) => suspended(lifeOf(tenant), now()))),
    )
    .post('/:id/reactivate', REACTIVATE, operator, check('param', TenantPath), async (c) =>
      c.json(await change(c, c.req.valid('param').id, 'tenant_reactivated', (tenant) => reactivated(lifeOf(tenant)))),
    )
    .post('/:id/delete', DELETE, operator, check('param', TenantPath), check('json', Confirmation), async (c) => {
      const { slug, days } = c.req.valid('json')
      return c.json(
        await change(c, c.req.valid('param').id, 'tenant_deletion_asked', (tenant) => {
          requireSlug(tenant, slug)
          return deletionAsked(lifeOf(tenant), now(), days)
        }),
      )
    })
    .post('/:id/take-back', TAKE_BACK, operator, check('param', TenantPath), async (c) =>
      c.json(await change(c, c.req.valid('param').id, 'tenant_deletion_taken_back', (tenant) => deletionTakenBack(lifeOf(tenant), now()))),
    )
}

async function operate(
  deps: ApiDeps,
  c: Context<ApiEnv>,
  { id, kind }: { id: string; kind: SecurityEventKind },
  next: (tenant: StoredTenant) => TenantLife,
) {
  const before = await tenantOf(deps, id)
  return await auditedOperator(deps, c, { audit: INSTALLATION, resource: { kind: 'tenant', id } }, async (notes) => {
    const life = next(before)
    await recordSecurityEvent(deps, { tenantId: id, kind, actor: 'operator', address: addressOf(c), requestId: c.get('requestId') })
    const after = await setLife(deps, before, life)
    Object.assign(notes, { before: shown(before), after })
    // A mail that cannot be sent keeps nobody from closing a tenant.
    runLater(deps, () => alertAdministrators(deps, id, kind))
    return after
  })
}

async function deleteOwn(deps: ApiDeps, c: Context<ApiEnv>, { slug, days }: z.output<typeof Confirmation>) {
  const before = await tenantOf(deps, c.get('principal').tenantId)
  requireSlug(before, slug)
  const after = await setLife(deps, before, deletionAsked(lifeOf(before), deps.clock.now(), days))
  noteChange(c, { resource: { kind: 'tenant', id: before.id }, before: shown(before), after })
  await recordAct(deps, c, 'tenant_deletion_asked', `erased from ${after.erasedFrom}`)
  return after
}

async function setLife({ identity }: ApiDeps, before: StoredTenant, life: TenantLife) {
  if (!(await identity.setLife(before.id, life))) throw unknownTenant()
  const { suspendedAt: _s, deletionAskedAt: _d, erasedFrom: _e, ...rest } = before
  return shown({ ...rest, ...life })
}

async function tenantOf({ identity }: ApiDeps, id: string): Promise<StoredTenant> {
  const tenant = await identity.findTenant(id)
  if (tenant === undefined) throw unknownTenant()
  return tenant
}

function requireSlug(tenant: StoredTenant, slug: string): void {
  if (tenant.slug === slug) return
  const message = 'This is not the slug of the tenant; send it to confirm the deletion.'
  throw new AppError('invalid', message, { problems: [{ path: 'slug', message }] })
}

const unknownTenant = () => new AppError('not_found', 'There is no tenant with that id.')

const lifeOf = ({ suspendedAt, deletionAskedAt, erasedFrom }: TenantLife): TenantLife => ({
  ...(suspendedAt !== undefined && { suspendedAt }),
  ...(deletionAskedAt !== undefined && { deletionAskedAt }),
  ...(erasedFrom !== undefined && { erasedFrom }),
})

const shown = (tenant: StoredTenant) => {
  const { id, slug, name, createdAt } = tenant
  return { id, slug, name, status: statusOf(tenant), createdAt, ...lifeOf(tenant) }
}
