import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { mayDo, requirePermission } from '../domain/auth'
import { AppError, unwrap } from '../domain/error'
import { scopedPermissions } from '../domain/roles'
import { isOpen } from '../domain/tenant-life'
import type { Principal } from '../domain/tenants'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { asks, authenticate, guard } from './guard'
import { countRequest } from './rate-limit'

const LiveQuery = z.object({
  after: z.coerce.number().int().min(0).default(0).describe('Only events after this number: what a viewer saw last.'),
  ticket: z.string().optional().describe('In place of the Authorization header, which a browser cannot send here.'),
})
const TicketAnswer = z.object({ ticket: z.string(), expiresAt: z.iso.datetime() })

/** Live events of one run, to be mounted behind a path with `:id`: `/runs/:id/events` and `/ws/ai/workflows/:id`. */
export function liveRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get(
    '/',
    documented({
      tag: 'Runs',
      summary: 'Watch a run live (WebSocket)',
      description:
        'Sends each event of the log as one JSON message: first those after `after`, then new ones as they come. `ping` is answered with `pong`. After 15 minutes at most it is closed with code 4001: connect again with a new ticket and `after` = the last seq, and nothing is missed.',
      answers: { 101: { description: 'The connection is now a WebSocket.' } },
      refuses: ['invalid', 'unauthenticated', 'forbidden', 'not_found', 'unavailable'],
    }),
    asks('runs:read'),
    check('query', LiveQuery),
    async (c) => {
      const runId = runIdOf(c)
      const principal = await viewerOf(deps, c, runId, c.req.valid('query').ticket)
      if (deps.rateLimits !== undefined) await countRequest(c, deps.rateLimits, principal, 'runs:read')
      requirePermission(principal, 'runs:read')
      const runs = deps.runs(principal.tenantId)
      // Whose run it is comes before how it is asked for.
      unwrap(await runs.get(runId))
      if (c.req.header('Upgrade')?.toLowerCase() !== 'websocket') {
        throw new AppError('invalid', 'This is a WebSocket; connect with Upgrade: websocket, or read /runs/{id}/logs.')
      }
      return await runs.connect(runId, c.req.raw)
    },
  )
}

/** Tickets for browsers. */
export function ticketRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().post(
    '/',
    documented({
      tag: 'Runs',
      summary: 'Get a ticket to watch a run',
      description: 'For a browser: connect to `/runs/{id}/events?ticket=…` within a minute.',
      answers: { 200: { description: 'Good for one minute and this run only.', body: { schema: TicketAnswer } } },
      refuses: ['not_found', 'unavailable'],
    }),
    guard(deps, 'runs:read'),
    async (c) => {
      const runId = runIdOf(c)
      unwrap(await c.get('runs').get(runId))
      const { token, expiresAt } = await deps.tokens.issueTicket({ principal: c.get('principal'), runId })
      return c.json({ ticket: token, expiresAt })
    },
  )
}

const runIdOf = (c: Context<ApiEnv>): string => c.req.param('id') ?? ''

async function viewerOf(deps: ApiDeps, c: Context<ApiEnv>, runId: string, token: string | undefined): Promise<Principal> {
  const ticket = token === undefined ? undefined : await deps.tokens.verifyTicket(token)
  const principal =
    ticket?.runId === runId ? await standingViewer(deps, ticket.principal) : await authenticate(deps, c.req.header('Authorization'))
  // Known by more than a ticket: who asks for the run of another tenant is noticed, as behind the guard.
  if (principal !== undefined && ticket?.runId !== runId) {
    c.set('principal', principal)
    c.set('ports', deps.portsFor(principal.tenantId))
  }
  if (principal !== undefined) return principal
  throw new AppError('unauthenticated', 'Send an Authorization header, or a fresh ticket from POST /runs/{id}/events/ticket as ?ticket=.')
}

/** Whoever got the ticket, if account, key and tenant are still open: a ticket is good for a minute, and much can happen in one. */
async function standingViewer(deps: ApiDeps, principal: Principal): Promise<Principal | undefined> {
  const { identity } = deps
  if (principal.kind === 'user' && principal.sessionId !== undefined) {
    const standing = await identity.findStanding(principal.tenantId, principal.id, principal.sessionId)
    return standing && { ...principal, ...standing }
  }
  if (principal.kind === 'api_key') return (await isKeyGood(deps, principal)) ? principal : undefined
  return isOpen(await identity.findTenant(principal.tenantId)) ? principal : undefined
}

/** Whether the key would still be let in, and still to watch. */
async function isKeyGood({ identity, clock }: ApiDeps, { tenantId, id }: Principal): Promise<boolean> {
  const named = await identity.apiKeys.find(tenantId, id)
  const key = named && (await identity.apiKeys.findByPrefix(named.prefix))
  if (key === undefined || (key.expiresAt !== undefined && key.expiresAt <= clock.now().toISOString())) return false
  const permissions = scopedPermissions(key.role, key.rolePermissions, key.scopes)
  return mayDo({ role: key.role, ...(permissions && { permissions }) }, 'runs:read')
}
