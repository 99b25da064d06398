import { createMiddleware } from 'hono/factory'
import { addressKind } from '../domain/addresses'
import type { Principal } from '../domain/tenants'
import { setHeaders } from './answer-headers'
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
  // An upgrade must be passed on as the very object it is.
  if (c.res.status === 101) return
  const isPage = /^text\/html/i.test(c.res.headers.get('Content-Type') ?? '')
  const principal: Principal | undefined = c.get('principal')
  const { protocol, hostname } = new URL(c.req.url)
  const wanted = {
    ...HEADERS,
    ...(!isPage && { 'Content-Security-Policy': API_POLICY }),
    // What somebody who signed in was told stays in no cache: neither in a shared one nor on the disk of a browser.
    ...(principal !== undefined && { 'Cache-Control': 'private, no-store' }),
  }
  setHeaders(c, Object.fromEntries(Object.entries(wanted).filter(([name]) => !c.res.headers.has(name))))
  if (protocol === 'https:' && addressKind(hostname) !== 'loopback') setHeaders(c, { 'Strict-Transport-Security': TRANSPORT_SECURITY })
})
