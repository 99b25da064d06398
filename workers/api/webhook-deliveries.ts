import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { AppError } from '../domain/error'
import { ABANDONED_MS } from '../domain/idempotency'
import { isOpen } from '../domain/tenant-life'
import type { Principal } from '../domain/tenants'
import { currentSecrets, INCOMING_SECRET, parseWebhookSecret } from '../domain/webhook-secrets'
import { SIGNATURE_TOLERANCE_SECONDS, verifyWebhook } from '../domain/webhook-signature'
import type { ApiDeps, ApiEnv } from './deps'
import { countRequest } from './rate-limit'

/** Stands in where a tenant has no secret, so that its absence takes the same work and gives the same answer. */
const NO_SECRET = 'no secret is stored, so this one meets no signature'

/** Who a signed delivery is: it may start runs and nothing else. */
const senderOf = (tenantId: string): Principal => ({
  kind: 'api_key',
  id: INCOMING_SECRET,
  tenantId,
  role: 'agent',
  permissions: ['runs:write'],
})

/**
 * Lets a delivery through that is signed with the tenant's incoming secret, or with the one before it while both are good: sets
 * `principal`, `ports` and `runs`. Refuses `unauthenticated` for anything else, alike for unknown tenants, and `conflict` (reason
 * `replayed`) for a body with a time that was taken before, whatever route it is sent to.
 */
export const signedDelivery = (deps: ApiDeps) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const body = new Uint8Array(await c.req.arrayBuffer())
    const { tenantId, time } = await authenticateDelivery(deps, c, body)
    const sender = senderOf(tenantId)
    if (deps.rateLimits !== undefined) await countRequest(c, deps.rateLimits, sender, 'runs:write')
    c.set('principal', sender)
    c.set('ports', deps.portsFor(tenantId))
    c.set('runs', deps.runs(tenantId))
    await once(deps, c, { time, body }, next)
  })

async function authenticateDelivery(deps: ApiDeps, c: Context<ApiEnv>, body: Uint8Array<ArrayBuffer>) {
  const named = await deps.identity.findTenantBySlug(c.req.param('tenant') ?? '')
  // One that is closed gets the answer of one that there is not.
  const tenant = isOpen(named) ? named : undefined
  const stored = tenant && (await deps.portsFor(tenant.id).secrets.get(INCOMING_SECRET))
  const now = deps.clock.now()
  const secrets = stored === undefined || stored === '' ? [NO_SECRET] : currentSecrets(parseWebhookSecret(stored), now)
  const time = await verifyWebhook(c.req.header('Steward-Signature'), body, secrets, now)
  if (tenant === undefined || stored === undefined || stored === '' || time === undefined)
    throw new AppError('unauthenticated', 'The signature does not fit: sign `<t>.<body>` anew with the present time and secret.', {
      reason: 'signature',
    })
  return { tenantId: tenant.id, time }
}

interface Delivery {
  time: number
  body: Uint8Array<ArrayBuffer>
}

/** Takes a body with a time once. What failed or was refused may come again, and then starts the run that the first try may have. */
async function once(deps: ApiDeps, c: Context<ApiEnv>, { time, body }: Delivery, next: () => Promise<void>): Promise<void> {
  const digest = deps.newDigest()
  digest.update(body)
  const key = `webhook/${time}/${digest.hex()}`
  const store = deps.idempotency(c.get('principal').tenantId)
  const now = deps.clock.now()
  const claimed = await store.claim({
    key,
    fingerprint: deps.credentials.hash(c.req.path),
    runId: deps.newId('run'),
    at: now.toISOString(),
    // Past this the signature itself is too old.
    expiresAt: new Date((time + SIGNATURE_TOLERANCE_SECONDS + 1) * 1_000).toISOString(),
    abandonedBefore: new Date(now.getTime() - ABANDONED_MS).toISOString(),
  })
  if (claimed.kind !== 'mine')
    throw new AppError('conflict', 'This delivery was taken before; sign a new one with the present time.', { reason: 'replayed' })
  c.set('runId', claimed.runId)
  await next()
  if (c.res.status >= 500) await store.abandon(key)
  else if (c.res.ok) await store.finish(key, { status: c.res.status, mediaType: 'text/plain', body: '' })
  else await store.release(key)
}
