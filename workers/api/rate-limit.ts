import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { networkOf } from '../domain/addresses'
import type { Permission } from '../domain/auth'
import { AppError } from '../domain/error'
import type { RateDecision, RateLimits, RouteClass } from '../domain/rate-limits'
import type { Principal } from '../domain/tenants'
import { setHeaders } from './answer-headers'
import type { ApiEnv } from './deps'

/** Addresses that may not be asked again for so long; the platform's counter has windows of ten seconds. */
const BRAKE_MS = 10_000
const MAX_KEPT = 10_000

/** What a route costs its tenant. */
export function routeClassOf(method: string, permission: Permission): RouteClass {
  if (method === 'GET' || method === 'HEAD') return 'read'
  return method === 'POST' && (permission === 'runs:write' || permission === 'agents:trigger') ? 'start' : 'write'
}

/** Counts a request of a known principal; refuses `rate_limited` with the time to come back. Waits only when a new lease is needed. */
export async function countRequest(
  c: Context<ApiEnv>,
  limits: RateLimits,
  { tenantId, id }: Pick<Principal, 'tenantId' | 'id'>,
  permission: Permission,
): Promise<void> {
  const checked = limits.check(tenantId, id, routeClassOf(c.req.method, permission))
  const decision = checked instanceof Promise ? await checked : checked
  c.set('rate', decision)
  if (decision.isAllowed) return
  throw new AppError('rate_limited', `More than ${decision.limit} requests of this kind came at once; go on more slowly.`, {
    retryAfterMs: decision.retryAfterMs,
  })
}

/** Says in each answer how much is left (`RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset` in seconds). */
export const rateHeaders = () =>
  createMiddleware<ApiEnv>(async (c, next) => {
    await next()
    const rate: RateDecision | undefined = c.get('rate')
    // An upgrade must be passed on as the very object it is. A limit of 0 says that nobody knew.
    if (rate === undefined || rate.limit === 0 || c.res.status === 101) return
    setHeaders(c, {
      'RateLimit-Limit': String(rate.limit),
      'RateLimit-Remaining': String(rate.remaining),
      'RateLimit-Reset': String(Math.ceil(rate.resetMs / 1_000)),
    })
  })

/** The platform's own counter: true while the address may go on. */
export type Brake = (address: string) => Promise<boolean>

/**
 * Slows down addresses that knock without a valid token: each 401 is counted by the platform, and an address above its count is refused
 * before anything is looked up. Requests with a valid token are never counted, and one whose token was valid before passes all the same:
 * others may share its address.
 */
export const brakeStrangers = (brake: Brake, now: () => number) => {
  const braked = new Map<string, number>()
  const welcome = new Set<number>()
  return createMiddleware<ApiEnv>(async (c, next) => {
    const address = networkOf(c.req.header('CF-Connecting-IP') ?? '')
    const until = braked.get(address) ?? 0
    const token = fingerprint(c.req.header('Authorization') ?? '')
    if (until > now() && !welcome.has(token))
      throw new AppError('rate_limited', 'Too many requests without a valid token came from this address; wait a moment.', {
        retryAfterMs: until - now(),
      })
    await next()
    if (c.res.status !== 401) {
      // Only behind the guard is a token known to be valid.
      if (c.get('principal') !== undefined) keep(welcome, token)
      return
    }
    welcome.delete(token)
    if (await brake(address)) return
    if (braked.size >= MAX_KEPT) braked.clear()
    braked.set(address, now() + BRAKE_MS)
  })
}

function keep(tokens: Set<number>, token: number): void {
  if (tokens.size >= MAX_KEPT && !tokens.has(token)) tokens.clear()
  tokens.add(token)
}

/** FNV-1a over two words: tells tokens apart without keeping any. It opens nothing, the guard still looks at the token itself. */
function fingerprint(text: string): number {
  let [low, high] = [0x811c9dc5, 0x01000193]
  for (let index = 0; index < text.length; index += 1) {
    low = Math.imul(low ^ text.charCodeAt(index), 0x01000193)
    high = Math.imul(high ^ text.charCodeAt(index), 0x85ebca6b)
  }
  return (low >>> 0) + (high >>> 11) * 2 ** 32
}
