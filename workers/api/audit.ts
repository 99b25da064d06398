import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AUDIT_ACTORS, AUDIT_OUTCOMES, type Audit, type AuditCheckpoint, INSTALLATION } from '../domain/audit'
import { EXPORT_TYPE } from '../domain/audit-verification'
import { SECURITY_EVENT_KINDS } from '../domain/security-events'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { PageQuery, pageSchema, TimeQuery } from './lists'
import { operated } from './tenants'

const EntrySchema = z
  .object({
    seq: z.int().describe('1, 2, 3, … without a gap.'),
    id: z.string(),
    at: z.iso.datetime().describe('When it was entered.'),
    occurredAt: z.string().optional().describe('When it happened, where this is earlier.'),
    actor: z.object({ kind: z.enum(AUDIT_ACTORS), id: z.string() }),
    address: z.string(),
    requestId: z.string(),
    action: z.string().describe('`operationId` of the route, type of the event of a run, or kind of the security event.'),
    kind: z.enum(SECURITY_EVENT_KINDS).optional().describe('Set: it is a security event.'),
    outcome: z.enum(AUDIT_OUTCOMES).describe('`unknown`: it began, and the process that did it died before it could say how it ended.'),
    status: z.int().optional(),
    resource: z.object({ kind: z.string(), id: z.string() }).optional(),
    permission: z.string().optional(),
    detail: z.string().optional(),
    before: z.unknown().optional().describe('As an edit found it, without secrets.'),
    after: z.unknown().optional().describe('As an edit left it, without secrets.'),
    prevHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' })

const Filters = TimeQuery.extend({
  actor: z.string().max(200).optional().describe('Id of who acted.'),
  action: z.string().max(200).optional(),
  kind: z.enum(SECURITY_EVENT_KINDS).optional(),
  resourceKind: z.string().max(64).optional(),
  resourceId: z.string().max(200).optional(),
})

const LIST = documented({
  tag: 'Security',
  summary: 'The audit of the tenant',
  description: 'Who did what, when, from where, and what it changed. The newest first.',
  answers: { 200: { description: 'A page.', body: { schema: pageSchema(EntrySchema) } } },
  refuses: ['invalid', 'unavailable'],
})

const EXPORT = documented({
  tag: 'Security',
  summary: 'The whole audit as NDJSON',
  description:
    'One line an entry, oldest first, with signed checkpoints between. The first line tells of what tenant it is, holds a checkpoint that is signed for this export, and the public keys. `npm run verify-audit` checks the file without a network.',
  answers: { 200: { description: 'A stream.', body: { mediaType: 'application/x-ndjson', description: 'Entries and checkpoints.' } } },
  refuses: ['unavailable'],
})

const KEYS = documented({
  tag: 'Security',
  summary: 'Public keys of audit checkpoints',
  description: 'A JWK set with every key that ever signed a checkpoint: keys that sign no more stay in it.',
  isPublic: true,
  answers: { 200: { description: 'The keys.', body: { schema: z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }) } } },
  refuses: ['unavailable'],
})

const INSTALLATION_EXPORT = documented({
  tag: 'Security',
  summary: 'The audit of the installation as NDJSON (operator)',
  description:
    'What the operator did, and what the upkeep of the platform deleted and made. With `Authorization: Bearer <STEWARD_ADMIN_TOKEN>`.',
  isPublic: true,
  answers: { 200: { description: 'A stream.', body: { mediaType: 'application/x-ndjson', description: 'Entries and checkpoints.' } } },
  refuses: ['unauthenticated', 'unavailable'],
})

const Key = z.looseObject({ kty: z.string() })

/** The audit, for administrators. */
export function auditRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'audit:read'), check('query', PageQuery.extend(Filters.shape)), async (c) => {
      const wanted = Object.fromEntries(Object.entries(c.req.valid('query')).filter(([, value]) => value !== undefined))
      const page = await auditOf(deps, c).list({ ...wanted, limit: c.req.valid('query').limit })
      return c.json({ ...page, items: page.items.map(({ tenantId: _, type: __, ...entry }) => entry) })
    })
    .get('/export', EXPORT, guard(deps, 'audit:read'), (c) => exportOf(deps, c.get('principal').tenantId))
    .get('/installation/export', INSTALLATION_EXPORT, operated(deps), () => exportOf(deps, INSTALLATION))
    .get('/keys', KEYS, async (c) => c.json({ keys: await keysOf(deps) }, 200, { 'Cache-Control': 'public, max-age=300' }))
}

const keysOf = async (deps: ApiDeps) => (await deps.auditKeys()).map((key) => Key.parse(key))

async function exportOf(deps: ApiDeps, tenantId: string): Promise<Response> {
  const audit = deps.audit(tenantId)
  const head = await audit.checkpoint()
  const first = { type: EXPORT_TYPE, tenantId, at: deps.clock.now().toISOString(), head: head ?? null, keys: await keysOf(deps) }
  return new Response(linesOf(audit, first, head), {
    headers: {
      'Content-Type': 'application/x-ndjson',
      'Content-Disposition': `attachment; filename="audit-${tenantId}.ndjson"`,
      'Cache-Control': 'no-store',
    },
  })
}

const auditOf = (deps: ApiDeps, c: Context<ApiEnv>): Audit => deps.audit(c.get('principal').tenantId)

/** Lines read at once: some hundred kilobytes. */
const AT_ONCE = 500

/** The chain up to the checkpoint of this export: what comes in meanwhile is for the next one. */
function linesOf(audit: Audit, first: object, head: AuditCheckpoint | undefined): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const end = head?.seq ?? 0
  let after = 0
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(`${JSON.stringify(first)}\n`)),
    async pull(controller) {
      const lines = after >= end ? [] : (await audit.lines(after, AT_ONCE)).filter(({ seq }) => seq <= end)
      if (lines.length === 0) return controller.close()
      after = lines.at(-1)?.seq ?? end
      controller.enqueue(encoder.encode(lines.map((line) => `${JSON.stringify(line)}\n`).join('')))
    },
  })
}
