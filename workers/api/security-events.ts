import { type Context, Hono } from 'hono'
import * as z from 'zod'
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
  description: 'Tokens used twice, throttled sign-ins, changed passwords, roles and keys. The newest first.',
  answers: { 200: { description: 'A page.', body: { schema: pageSchema(SecurityEventSchema) } } },
  refuses: ['invalid'],
})

/** Security events, for administrators. */
export function securityEventRoutes(deps: ApiDeps) {
  const query = PageQuery.extend(TimeQuery.shape).extend({ kind: z.enum(SECURITY_EVENT_KINDS).optional() })
  return new Hono<ApiEnv>().get('/', LIST, guard(deps, 'security_events:read'), check('query', query), async (c) => {
    const { limit, cursor, kind, createdFrom, createdTo } = c.req.valid('query')
    const page = await deps.identity.securityEvents.list(c.get('principal').tenantId, {
      limit,
      ...(cursor !== undefined && { cursor }),
      ...(kind !== undefined && { kind }),
      ...(createdFrom !== undefined && { createdFrom }),
      ...(createdTo !== undefined && { createdTo }),
    })
    return c.json({ ...page, items: page.items.map(({ tenantId: _, ...event }) => event) })
  })
}

/** Where a request came from, as the platform says; empty where it says nothing. */
export const addressOf = (c: Context): string => c.req.header('CF-Connecting-IP') ?? ''

type RecordDeps = Pick<ApiDeps, 'identity' | 'newId' | 'clock'>

/** Enters a security event. */
export async function recordSecurityEvent(
  { identity, newId, clock }: RecordDeps,
  event: { tenantId: string; kind: SecurityEventKind; actor: string; address: string; detail?: string },
): Promise<void> {
  await identity.securityEvents.record({ ...event, id: newId('securityEvent'), at: clock.now().toISOString() })
}

/** Enters what the caller of a guarded route has just done. */
export async function recordAct(deps: RecordDeps, c: Context<ApiEnv>, kind: SecurityEventKind, detail?: string): Promise<void> {
  const { tenantId, id } = c.get('principal')
  await recordSecurityEvent(deps, { tenantId, kind, actor: id, address: addressOf(c), ...(detail !== undefined && { detail }) })
}
