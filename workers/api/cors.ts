import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { AppError } from '../domain/error'
import { setHeaders } from './answer-headers'
import type { ApiDeps, ApiEnv } from './deps'

/** A browser asks again after this; Chrome keeps an answer for two hours at most. */
const PREFLIGHT_SECONDS = 600
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-File-Name, X-Request-Id'
const ANSWER_HEADERS =
  'Content-Disposition, ETag, Idempotency-Replayed, RateLimit-Limit, RateLimit-Policy, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id'

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Lets pages of other origins call the API, where the tenant (`allowedOrigins` of its settings) or the operator (`ALLOWED_ORIGINS`)
 * names them. Credentials are never allowed: the API knows callers by `Authorization`, which a browser sends on nobody's behalf.
 *
 * 1. A preflight names no tenant, so any origin hears which methods and headers there are; that opens nothing.
 * 2. The request itself is refused with 403 by `assertOrigin` before anything is done, unless its origin is listed.
 * 3. Only an answer to a listed origin may be read there; and a 401, which holds nothing but how to sign in.
 * 4. A request that changes something and carries a cookie but no token must come from our own origin, as the browser's
 *    `Sec-Fetch-Site` or `Origin` says: no other page can act through what a browser adds by itself.
 */
export const cors = (deps: Pick<ApiDeps, 'allowedOrigins'>) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    refuseForgery(c)
    const origin = foreignOrigin(c)
    if (origin === undefined) return await next()
    if (c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') !== undefined) return answerPreflight(c, origin)
    if (deps.allowedOrigins?.includes(origin)) c.set('allowedOrigin', origin)
    await next()
    if (c.res.status === 101) return
    c.header('Vary', 'Origin', { append: true })
    if (c.get('allowedOrigin') !== origin && c.res.status !== 401) return
    setHeaders(c, { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': ANSWER_HEADERS })
  })

/** Behind the sign-in: refuses `forbidden` (reason `origin_not_allowed`) a page whose origin neither tenant nor operator lists. */
export async function assertOrigin(c: Context<ApiEnv>): Promise<void> {
  const origin = foreignOrigin(c)
  if (origin === undefined || c.get('allowedOrigin') === origin) return
  const { allowedOrigins = [] } = await c.get('ports').settings()
  if (!allowedOrigins.includes(origin))
    throw new AppError('forbidden', "Pages of this origin may not call the API; add it to allowedOrigins of the tenant's settings.", {
      reason: 'origin_not_allowed',
    })
  c.set('allowedOrigin', origin)
}

/**
 * The origin of the page that asks, unless it is our own or no page asks. Hosts are compared, not schemes: behind a proxy that ends TLS
 * we see http. `Sec-Fetch-Site` is the browser's word, which no page can set.
 */
function foreignOrigin(c: Context<ApiEnv>): string | undefined {
  const origin = c.req.header('Origin')
  if (origin === undefined || c.req.header('Sec-Fetch-Site') === 'same-origin') return undefined
  return URL.canParse(origin) && new URL(origin).host === new URL(c.req.url).host ? undefined : origin
}

function answerPreflight(c: Context<ApiEnv>, origin: string): Response {
  return c.body(null, 204, {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': METHODS,
    'Access-Control-Allow-Headers': REQUEST_HEADERS,
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
    Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  })
}

function refuseForgery(c: Context<ApiEnv>): void {
  if (SAFE_METHODS.has(c.req.method) || c.req.header('Cookie') === undefined || c.req.header('Authorization') !== undefined) return
  const site = c.req.header('Sec-Fetch-Site')
  const isOwn = site === undefined ? c.req.header('Origin') === new URL(c.req.url).origin : site === 'same-origin' || site === 'none'
  if (!isOwn)
    throw new AppError('forbidden', 'A request with a cookie must come from our own pages; send a token instead.', { reason: 'cross_site' })
}
