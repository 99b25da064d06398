import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { isAllowed, type Permission } from '../domain/auth'
import { AppError } from '../domain/error'
import { ABANDONED_MS, type ClaimOutcome, IDEMPOTENCY_MS, type Idempotency, RENEW_MS, type StoredAnswer } from '../domain/idempotency'
import { ROLES } from '../domain/tenants'
import type { ApiDeps, ApiEnv } from './deps'
import { isJsonType } from './json-body'
import { describeUpload } from './upload'

const MAX_KEY_LENGTH = 200
/** A row of D1 holds 2 MB, and sealing makes four bytes of a character at most; no answer of a POST is near this. */
const MAX_STORED_CHARACTERS = 450_000
const RETRY_MS = 1_000
const KEY_REUSED_STATUS = 422
const UPLOAD_PATH = /^\/api\/v1\/documents$/
const IMPORT_PATH = /^\/api\/v1\/collections\/[^/]+\/import$/
/** What an upload sent stands before its answer. */
const SENT = /^sent:([0-9a-f]{64})\n([\s\S]*)$/

/**
 * Whether a guarded route takes `Idempotency-Key`: a POST that does something. Reading by POST changes nothing; what people do to their
 * own account comes with passwords, of which not even a hash is kept; and an import of a collection changes nothing when it comes again.
 */
export const takesKey = ({ method, path }: { method: string; path: string }, permission: Permission): boolean =>
  method === 'POST' && !permission.endsWith(':read') && !permission.startsWith('self:') && !IMPORT_PATH.test(path)

/**
 * Does the work of a POST once for its `Idempotency-Key`: a repetition within 24 hours gives status and body of the first answer again,
 * marked `Idempotency-Replayed: true`. A refusal is not stored: nothing was done, so the key is free again. After a failure on our side,
 * or `ABANDONED_MS` after the process that worked on it died, the same request goes on with the run that the first one may have started.
 * Refuses `conflict` while the first request is under way, and `invalid` when the key was used for another request, of an upload also
 * when only bytes, name or fields differ. What only administrators may do answers the same caller alone: it may show a secret.
 * `guard` does this for the routes of `takesKey`; what starts a run takes its id from `runIdOf`.
 */
export async function once(deps: ApiDeps, c: Context<ApiEnv>, permission: Permission, work: () => Promise<void>): Promise<void> {
  const key = c.req.header('Idempotency-Key')
  if (key === undefined) return await work()
  if (key === '' || key.length > MAX_KEY_LENGTH)
    throw new AppError('invalid', `Idempotency-Key must have 1 to ${MAX_KEY_LENGTH} characters.`)
  const principal = c.get('principal')
  const store = deps.idempotency(principal.tenantId)
  const whose = isForAdministrators(permission) ? `${principal.kind} ${principal.id}` : ''
  const fingerprint = deps.credentials.hash([whose, ...(await describeRequest(c.req))].join('\n'))
  const claimed = await claim(store, { key, fingerprint, runId: deps.newId('run') }, deps.clock.now())
  if (claimed.kind === 'done') {
    c.res = await replay(deps, c, claimed.answer)
    return
  }
  c.set('runId', claimed.runId)
  try {
    await renewing(store, key, deps.clock, work)
  } catch (thrown) {
    await store.abandon(key)
    throw thrown
  }
  await keep(store, key, c)
}

/** The same for a route that finds its caller in another way than `guard` does; stand it behind that. */
export const idempotent = (deps: ApiDeps, permission: Permission) => createMiddleware<ApiEnv>((c, next) => once(deps, c, permission, next))

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
  if (outcome.kind === 'mismatch') throw keyReused()
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

/** What makes two requests the same. Of an upload, which is streamed, the rest is compared when its answer is asked for again. */
async function describeRequest(req: Context<ApiEnv>['req']): Promise<string[]> {
  const { pathname, search } = new URL(req.url)
  return [req.method, pathname, search, UPLOAD_PATH.test(pathname) ? '' : await req.text()]
}

/** The stored answer. Refuses `invalid` for an upload of something else than what the answer is about. */
async function replay(deps: ApiDeps, c: Context<ApiEnv>, { status, mediaType, body: stored }: StoredAnswer): Promise<Response> {
  const [, sent, body = stored] = SENT.exec(stored) ?? []
  if (sent !== undefined && (await describeUpload(deps, c.req.raw)) !== sent) throw keyReused()
  const headers = { 'Content-Type': mediaType, 'Cache-Control': 'no-store', 'Idempotency-Replayed': 'true' }
  return new Response(body === '' ? null : body, { status, headers })
}

/** Answers that stream, or are too long, are not kept: these requests are done anew. */
async function keep(store: Idempotency, key: string, c: Context<ApiEnv>): Promise<void> {
  const { res } = c
  // A key that turned out to be another request's stays as that one left it.
  if (res.status >= 500 || res.status === KEY_REUSED_STATUS) return await store.abandon(key)
  const mediaType = res.headers.get('Content-Type') ?? 'application/json'
  if (!res.ok || (res.body !== null && !isJsonType(mediaType))) return await store.release(key)
  const sent = c.get('sent')
  const body = `${sent === undefined ? '' : `sent:${sent}\n`}${await res.clone().text()}`
  if (body.length > MAX_STORED_CHARACTERS) return await store.release(key)
  await store.finish(key, { status: res.status, mediaType, body })
}

const isForAdministrators = (permission: Permission): boolean => ROLES.every((role) => role === 'admin' || !isAllowed(role, permission))
/** The refusal of a key that was used for another request. */
export const keyReused = () =>
  new AppError('invalid', 'This Idempotency-Key was used for another request; choose a new one.', { reason: 'key_reused' })
