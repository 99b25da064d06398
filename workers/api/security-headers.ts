import { createMiddleware } from 'hono/factory'
import { addressKind } from '../domain/addresses'
import type { Principal } from '../domain/tenants'
import type { ApiEnv } from './deps'

/** Answers of the API are read by programs: nothing in them is ever run, framed or shown as a page. */
const API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Two years, the least that browsers' preload lists take. */
const TRANSPORT_SECURITY = 'max-age=63072000; includeSubDomains'

/** What every answer of the Worker carries unless its route says something else. The dashboard's files have theirs from `_headers`. */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
} as const

/**
 * Sets the headers that keep a browser from guessing, framing and leaking. `Strict-Transport-Security` only over https and never on
 * loopback, where it would lock a developer's other servers out.
 */
export const securityHeaders = createMiddleware<ApiEnv>(async (c, next) => {
  await next()
  // An upgrade must be passed on as the very object it is; setting a header copies the answer.
  if (c.res.status === 101) return
  for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.header(name, value)
  const isPage = /^text\/html/i.test(c.res.headers.get('Content-Type') ?? '')
  if (!isPage && !c.res.headers.has('Content-Security-Policy')) c.header('Content-Security-Policy', API_POLICY)
  // What somebody who signed in was told stays in no cache: neither in a shared one nor on the disk of a browser.
  const principal: Principal | undefined = c.get('principal')
  if (principal !== undefined && !c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'private, no-store')
  const { protocol, hostname } = new URL(c.req.url)
  if (protocol === 'https:' && addressKind(hostname) !== 'loopback') c.header('Strict-Transport-Security', TRANSPORT_SECURITY)
})
