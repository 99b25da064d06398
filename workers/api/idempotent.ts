import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { AppError } from '../domain/error'
import { ABANDONED_MS, type ClaimOutcome, IDEMPOTENCY_MS, type Idempotency, RENEW_MS } from '../domain/idempotency'
import type { ApiDeps, ApiEnv } from './deps'

const MAX_KEY_LENGTH = 200
/** A row of D1 holds 2 MB, and sealing makes four bytes of a character at most; no answer of a POST is near this. */
const MAX_STORED_CHARACTERS = 450_000
const RETRY_MS = 1_000

/**
 * With `Idempotency-Key`, a POST is done once: a repetition within 24 hours gives the first answer again, marked
 * `Idempotency-Replayed: true`. A refusal is not stored: nothing was done, so the key is free again. After a failure on our side, or
 * `ABANDONED_MS` after the process that worked on it died, the same request goes on with the run that the first one may have started.
 * Refuses `conflict` while the first request is under way, and `invalid` when the key was used for another request. Stand it behind
 * `guard`; what starts a run takes its id from `runIdOf`.
 */
export const idempotent = (deps: ApiDeps) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const key = c.req.header('Idempotency-Key')
    if (key === undefined) return await next()
    if (key === '' || key.length > MAX_KEY_LENGTH)
      throw new AppError('invalid', `Idempotency-Key must have 1 to ${MAX_KEY_LENGTH} characters.`)
    const store = deps.idempotency(c.get('principal').tenantId)
    const fingerprint = deps.credentials.hash(await describeRequest(c.req))
    const claimed = await claim(store, { key, fingerprint, runId: deps.newId('run') }, deps.clock.now())
    if (claimed.kind === 'done') {
      const { body, status, mediaType } = claimed.answer
      return new Response(body, { status, headers: { 'Content-Type': mediaType, 'Idempotency-Replayed': 'true' } })
    }
    c.set('runId', claimed.runId)
    await renewing(store, key, deps.clock, next)
    await keep(store, key, c.res)
  })

/** The id of the run that a request starts: with an Idempotency-Key the one of its first try. A request starts one run at most. */
export const runIdOf = (c: Context<ApiEnv>): string => c.get('runId') ?? c.get('ports').newId('run')

async function claim(
  store: Idempotency,
  request: { key: string; fingerprint: string; runId: string },
  now: Date,
): Promise<Extract<ClaimOutcome, { kind: 'mine' | 'done' }>> {
  const after = (ms: number) => new Date(now.getTime() + ms).toISOString()
  const outcome = await store.claim({
    ...request,
    at: now.toISOString(),
    expiresAt: after(IDEMPOTENCY_MS),
    abandonedBefore: after(-ABANDONED_MS),
  })
  if (outcome.kind === 'busy')
    throw new AppError('conflict', 'A request with this Idempotency-Key is under way; ask again for its answer.', {
      retryAfterMs: RETRY_MS,
    })
  if (outcome.kind === 'mismatch')
    throw new AppError('invalid', 'This Idempotency-Key was used for another request; choose a new one.', { reason: 'key_reused' })
  return outcome
}

/** Holds the key while a long request, as an upload can be, is under way. */
async function renewing(store: Idempotency, key: string, clock: ApiDeps['clock'], work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => {
    const lost = (thrown: unknown) => console.warn(JSON.stringify({ message: 'an idempotency key was not renewed', error: String(thrown) }))
    store.renew(key, clock.now().toISOString()).catch(lost)
  }, RENEW_MS)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
}

/** What makes two requests the same. Of an upload it is not the bytes, which are streamed, but their length and name. */
async function describeRequest(req: {
  method: string
  url: string
  header(name: string): string | undefined
  text(): Promise<string>
}): Promise<string> {
  const { pathname, search } = new URL(req.url)
  const isJson = /json|yaml/i.test(req.header('Content-Type') ?? '')
  const content = isJson ? await req.text() : `${req.header('Content-Length') ?? ''} ${req.header('X-File-Name') ?? ''}`
  return [req.method, pathname, search, content].join('\n')
}

async function keep(store: Idempotency, key: string, response: Response): Promise<void> {
  if (response.status >= 500) return await store.abandon(key)
  const body = response.ok ? await response.clone().text() : ''
  if (!response.ok || body.length > MAX_STORED_CHARACTERS) return await store.release(key)
  await store.finish(key, { status: response.status, mediaType: response.headers.get('Content-Type') ?? 'application/json', body })
}
