import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { type AuditOrigin, toSecurityEvent } from '../domain/audit'
import { ID_PREFIXES } from '../domain/ids'
import { SECURITY_EVENT_KINDS, type SecurityEventKind } from '../domain/security-events'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { PageQuery, pageSchema, TimeQuery } from './lists'

const SecurityEventSchema = z
  .object({
    id: z.string(),
    kind: z.enum(SECURITY_EVENT_KINDS),
    actor: z.string().describe('Id of the user or key; `unknown` when nobody was signed in.'),
    address: z.string(),
    at: z.iso.datetime(),
    detail: z.string().optional(),
  })
  .meta({ id: 'SecurityEvent' })

const LIST = documented({
  tag: 'Security',
  summary: 'What happened to the safety of the tenant',
  description:
    'Tokens used twice, throttled sign-ins, changed passwords, roles and keys: the entries of the audit that an administrator is told about. The newest first.',
  answers: { 200: { description: 'A page.', body: { schema: pageSchema(SecurityEventSchema) } } },
  refuses: ['invalid'],
})

/** Security events, for administrators. */
export function securityEventRoutes(deps: ApiDeps) {
  const query = PageQuery.extend(TimeQuery.shape).extend({ kind: z.enum(SECURITY_EVENT_KINDS).optional() })
  return new Hono<ApiEnv>().get('/', LIST, guard(deps, 'security_events:read'), check('query', query), async (c) => {
    const { limit, cursor, kind, createdFrom, createdTo } = c.req.valid('query')
    const page = await deps.audit(c.get('principal').tenantId).list({
      limit,
      isSecurity: true,
      ...(cursor !== undefined && { cursor }),
      ...(kind !== undefined && { kind }),
      ...(createdFrom !== undefined && { createdFrom }),
      ...(createdTo !== undefined && { createdTo }),
    })
    const events = page.items.map(toSecurityEvent).filter((event) => event !== undefined)
    return c.json({ ...page, items: events.map(({ tenantId: _, ...event }) => event) })
  })
}

/** Where a request came from, as the platform says; empty where it says nothing. */
export const addressOf = (c: Context): string => c.req.header('CF-Connecting-IP') ?? ''

type RecordDeps = Pick<ApiDeps, 'audit' | 'newId'>

/** Enters a security event of a route that no guard stands before. */
export async function recordSecurityEvent(
  { audit, newId }: RecordDeps,
  event: { tenantId: string; kind: SecurityEventKind; actor: string; address: string; requestId?: string; detail?: string },
): Promise<void> {
  const { tenantId, kind, actor, address, requestId = '', detail } = event
  await audit(tenantId).record([
    {
      id: newId('securityEvent'),
      action: kind,
      kind,
      outcome: 'done',
      actor: actorOf(actor),
      address,
      requestId,
      ...(detail !== undefined && { detail }),
    },
  ])
}

const actorOf = (id: string): AuditOrigin['actor'] => ({
  id,
  kind: id.startsWith(`${ID_PREFIXES.user}_`) ? 'user' : id.startsWith(`${ID_PREFIXES.apiKey}_`) ? 'api_key' : 'unknown',
})

/** Says what the caller of a guarded route has just done: the entry of the act is then a security event, with this detail. */
export async function recordAct(deps: RecordDeps, c: Context<ApiEnv>, kind: SecurityEventKind, detail?: string): Promise<void> {
  const act = c.get('act')
  if (act !== undefined && act.kind === undefined) {
    Object.assign(act, { kind, ...(detail !== undefined && { detail }) })
    return
  }
  const { tenantId, id } = c.get('principal')
  const said = detail === undefined ? {} : { detail }
  await recordSecurityEvent(deps, { tenantId, kind, actor: id, address: addressOf(c), requestId: c.get('requestId'), ...said })
}
