import { addressKind, isAddress, isWebPort } from '../domain/addresses'
import { withDeadline } from '../domain/deadline'
import { AppError } from '../domain/error'
import type { Outbound } from '../domain/ports'
import { readCapped } from './capped-body'

export interface OutboundOptions {
  /** Loopback hosts, also by plain http: for receivers on the same machine. Never in production. */
  allowLoopback: boolean
  fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Largest answer that is read, after decompression. */
  maxBytes?: number
  maxRedirects?: number
  /** Addresses of a name, asked again for every hop. Without it a name is trusted to lead outside. */
  resolve?: (hostname: string) => Promise<string[]>
  /**
   * Whether something listens there. For platforms whose fetch says the same for a refused and for a cut connection (local workerd):
   * only a refused one may be tried again without asking. Asked before requests that change something.
   */
  probe?: (hostname: string, port: number) => Promise<boolean>
}

/** What decides whether an address may be called. */
type GuardOptions = Pick<OutboundOptions, 'allowLoopback' | 'resolve'>

type SendRequest = Parameters<Outbound['send']>[0]
type Answer = Awaited<ReturnType<Outbound['send']>>

const MAX_BYTES = 1024 * 1024
const MAX_REDIRECTS = 3
const DEFAULT_TIMEOUT_MS = 30_000
const MAX_TIMEOUT_MS = 120_000
const USER_AGENT = 'Steward/1.0'

/** Methods that change nothing and may go to another address when told so. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Set by the connection itself; a caller's value could smuggle a second request. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'keep-alive',
  'http2-settings',
  'forwarded',
  'via',
  'x-real-ip',
  'true-client-ip',
])
/** Written by proxies and browsers: a caller's value could pass for theirs. */
const FOREIGN_HEADERS = /^(?:proxy-|sec-|cf-|x-forwarded-)/
const MAX_HEADERS = 64
const MAX_HEADER_CHARACTERS = 16_384
const MAX_URL_CHARACTERS = 8_192
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'])
/** What may follow to another origin: nothing that could be a credential. */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set(['accept', 'accept-language', 'user-agent', 'if-none-match', 'if-modified-since'])

/**
 * The one way out. https only, loopback only where allowed, never to private, link-local, metadata or other special addresses in any
 * notation, redirects checked again, answers capped in size and time.
 *
 * Throws AppError: `forbidden` (reason `not_sent`) for an address that may not be reached; `unavailable` with reason `not_sent` when
 * nothing can have arrived, else `unknown_outcome`; `too_large` for an answer over the cap (`unknown_outcome` when it was no read).
 * Any status is an answer, not an error. Messages name the host only: the rest of an address may hold secrets.
 * Not checked: that a name still leads where `resolve` said when the platform resolves it again, an instant later. Workers cannot fix the
 * address of a fetch; on Cloudflare's network no private address can be reached that way.
 */
export function createOutbound(options: OutboundOptions): Outbound {
  return {
    send: (request) =>
      withDeadline(Math.min(MAX_TIMEOUT_MS, request.timeoutMs ?? DEFAULT_TIMEOUT_MS), (signal) => send(request, options, signal)),
  }
}

/** Largest answer of a model, streamed ones included. */
const MAX_STREAM_BYTES = 32 * 1024 * 1024

/**
 * A `fetch` for libraries that bring their own protocol, as those of model providers: the same guard before every request, and a
 * redirect is an answer, so a key never follows one. The answer streams, and breaks off past `maxBytes`. Throws as `createOutbound`
 * does for an address that may not be called; failures of the connection come as the platform gives them.
 */
export const createGuardedFetch =
  (options: GuardOptions & { fetch: typeof fetch; maxBytes?: number }): typeof fetch =>
  async (input, init) => {
    const url = await guard(input instanceof Request ? input.url : String(input), options)
    const response = await options.fetch(input instanceof Request ? input : url.href, { ...init, redirect: 'manual' })
    if (response.body === null) return response
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(byteCap(url.host, options.maxBytes ?? MAX_STREAM_BYTES)), { status, statusText, headers })
  }

function byteCap(host: string, maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let size = 0
  return new TransformStream({
    transform: (chunk, controller) => {
      size += chunk.length
      if (size > maxBytes) controller.error(new AppError('too_large', `${host} answered with more than ${Math.round(maxBytes / 1024)} KB.`))
      else controller.enqueue(chunk)
    },
  })
}

async function send(request: SendRequest, options: OutboundOptions, signal: AbortSignal): Promise<Answer> {
  const method = request.method.toUpperCase()
  if (!METHODS.has(method)) throw new AppError('invalid', `The method '${method.slice(0, 20)}' is not sent.`, { reason: 'not_sent' })
  let url = await guard(request.url, options)
  let headers = outgoingHeaders(request.headers ?? {})
  for (let redirects = 0; ; redirects++) {
    const response = await attempt(
      url,
      { method, headers, redirect: 'manual', signal, ...(request.body !== undefined && { body: request.body }) },
      options,
    )
    const target = redirectTarget(response, url, method)
    if (target === undefined) return await read(response, url, method, options)
    await response.body?.cancel()
    if (redirects >= (options.maxRedirects ?? MAX_REDIRECTS))
      throw new AppError('unavailable', `${url.host} redirects too often; name the final address.`, { reason: 'redirects' })
    const next = await guard(target.href, options)
    if (addressKind(next.hostname) === 'loopback' && addressKind(url.hostname) !== 'loopback')
      throw refused(next.host, 'a redirect to this machine is not followed')
    if (next.origin !== url.origin) headers = Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.has(name)))
    url = next
  }
}

/** The address when it may be reached; refuses otherwise, before anything is sent. */
async function guard(text: string, { allowLoopback, resolve }: GuardOptions): Promise<URL> {
  if (text.length > MAX_URL_CHARACTERS || !URL.canParse(text))
    throw new AppError('invalid', 'The address is no URL; write it as https://host/path.', { reason: 'not_sent' })
  const url = new URL(text)
  const kind = addressKind(url.hostname)
  if (url.username !== '' || url.password !== '') throw refused(url.host, 'credentials in an address are not sent; use a secret')
  if (kind === 'forbidden' || (kind === 'loopback' && !allowLoopback)) throw refused(url.host, 'only public addresses may be called')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && kind === 'loopback')) throw refused(url.host, 'only https is allowed')
  // A server of a developer may be at port 80; the databases and queues of the same machine are not for a tenant's URL.
  if (!isWebPort(portOf(url)) && !(kind === 'loopback' && portOf(url) === 80))
    throw refused(url.host, 'no web service answers on this port')
  if (resolve && kind === 'public' && !isAddress(url.hostname)) {
    const addresses = await resolve(url.hostname).catch((cause: unknown) => {
      throw new AppError('unavailable', `${url.hostname} cannot be found; check the name.`, { reason: 'not_sent', cause })
    })
    if (addresses.length === 0 || addresses.some((address) => addressKind(address) !== 'public'))
      throw refused(url.host, 'the name leads to an address that may not be called')
  }
  return url
}

const refused = (host: string, why: string): AppError => new AppError('forbidden', `${host} is not called: ${why}.`, { reason: 'not_sent' })

function outgoingHeaders(given: Record<string, string>): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': USER_AGENT }
  const entries = Object.entries(given)
  if (
    entries.length > MAX_HEADERS ||
    entries.reduce((total, [name, value]) => total + name.length + value.length, 0) > MAX_HEADER_CHARACTERS
  )
    throw new AppError('invalid', `A request may have ${MAX_HEADERS} headers and ${MAX_HEADER_CHARACTERS / 1024} KB of them.`, {
      reason: 'not_sent',
    })
  for (const [name, value] of entries) {
    const lower = name.toLowerCase()
    if (CONNECTION_HEADERS.has(lower) || FOREIGN_HEADERS.test(lower) || !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(lower))
      throw new AppError('invalid', `The header '${name.slice(0, 60)}' cannot be set; remove it.`, { reason: 'not_sent' })
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new AppError('invalid', `The header '${name}' holds characters that headers cannot carry; encode them.`, { reason: 'not_sent' })
    headers[lower] = value
  }
  return headers
}

async function attempt(url: URL, init: RequestInit & { method: string }, { fetch, probe }: OutboundOptions): Promise<Response> {
  if (probe && !READS.has(init.method) && !(await probe(url.hostname, portOf(url)))) throw notReached(url.host)
  try {
    return await fetch(url.href, init)
  } catch (cause) {
    if (wasNeverSent(cause)) throw notReached(url.host, cause)
    throw new AppError('unavailable', `${url.host} did not answer${isTimeout(cause) ? ' in time' : '; the connection was cut'}.`, {
      reason: 'unknown_outcome',
      cause,
    })
  }
}

const notReached = (host: string, cause?: unknown): AppError =>
  new AppError('unavailable', `${host} cannot be reached; nothing was sent.`, { reason: 'not_sent', ...(cause !== undefined && { cause }) })

const portOf = (url: URL): number => (url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port))

/** Failures before the first byte of a request: of names, routes, connecting and certificates. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_\w+)$/

function wasNeverSent(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  if ('code' in thrown && typeof thrown.code === 'string' && BEFORE_SENDING.test(thrown.code)) return true
  if (thrown instanceof AggregateError) return thrown.errors.length > 0 && thrown.errors.every(wasNeverSent)
  return wasNeverSent(thrown.cause)
}

const isTimeout = (thrown: unknown): boolean => thrown instanceof Error && (thrown.name === 'TimeoutError' || thrown.name === 'AbortError')

/**
 * Where a redirect leads, or undefined when the answer stands as it is. What changes something is repeated only where 307 and 308
 * demand it and the origin stays the same: its body and signature are meant for nobody else.
 */
function redirectTarget(response: Response, from: URL, method: string): URL | undefined {
  const location = response.headers.get('location')
  if (!REDIRECTS.has(response.status) || location === null || !URL.canParse(location, from.href)) return undefined
  const target = new URL(location, from)
  if (READS.has(method)) return target
  return (response.status === 307 || response.status === 308) && target.origin === from.origin ? target : undefined
}

async function read(response: Response, url: URL, method: string, options: OutboundOptions): Promise<Answer> {
  const outcome = READS.has(method) ? {} : { reason: 'unknown_outcome' }
  const body = await readCapped(response, options.maxBytes ?? MAX_BYTES).catch((cause: unknown) => {
    throw new AppError('unavailable', `${url.host} broke off its answer.`, { reason: 'unknown_outcome', cause })
  })
  if (body === undefined)
    throw new AppError(
      'too_large',
      `${url.host} answered with more than ${Math.round((options.maxBytes ?? MAX_BYTES) / 1024)} KB; ask for less.`,
      outcome,
    )
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].map(([name, value]) => [name.toLowerCase(), value])),
    body,
  }
}
