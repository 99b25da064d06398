import * as z from 'zod'
import { answerKind, retryAfterMs } from '../../domain/effects'
import { AppError } from '../../domain/error'
import { Json } from '../../domain/json'
import type { Ports } from '../../domain/ports'
import { signWebhook } from '../../domain/webhook-signature'
import type { RetryPolicy } from '../../domain/workflows'
import { defineOperation } from '../agent'
import { type Endpoint, endpointOf, isStored } from './endpoint'
import { performOnce } from './perform-once'

/** Published in docs/WEBHOOKS.md: six attempts, 5 s, 25 s, about 2 min, 10 min and 52 min apart. */
export const WEBHOOK_RETRY: RetryPolicy = {
  maxAttempts: 6,
  initialMs: 5_000,
  factor: 5,
  maxMs: 3_600_000,
  jitter: 0.1,
  on: ['unavailable', 'rate_limited', 'internal'],
}

/** Larger things travel as links. */
const MAX_BODY_BYTES = 256 * 1024
const TIMEOUT_MS = 20_000

const Input = z
  .object({
    /** Name of a stored endpoint: its address and secret. */
    endpoint: z.string().min(1).max(64).optional(),
    url: z.url().nullish(),
    /** Name of the stored secret to sign with; `webhook:<endpoint>`, or `webhook:default` with a bare address. */
    secret: z.string().min(1).optional(),
    event: z
      .string()
      .regex(
        /^[a-z0-9_]+(\.[a-z0-9_]+)*$/,
        'use words of lower-case letters and digits with dots between them, such as document.processed',
      ),
    data: Json,
    /** Asked with GET when nobody knows whether a delivery arrived; `{idempotencyKey}` in it is filled in. 200: it did, 404: it did not. */
    reconcileUrl: z.string().optional(),
    /** With an `endpoint` that nobody has stored: skip, in place of failing. For workflows that many tenants share. */
    optional: z.boolean().default(false),
  })
  .refine(({ endpoint, url }) => endpoint !== undefined || typeof url === 'string', { message: "name an 'endpoint' or give a 'url'" })

const Receipt = z.object({
  target: z.string(),
  event: z.string(),
  idempotencyKey: z.string(),
  /** What the receiver answered; null where a person found that the delivery arrived. */
  status: z.int().nullable(),
  deliveredAt: z.iso.datetime(),
  reconciled: z.boolean().default(false),
  /** Who found, in place of an answer, that it arrived. */
  confirmedBy: z.string().optional(),
})
type Receipt = z.infer<typeof Receipt>
const Output = z.union([Receipt, z.object({ skipped: z.string() })])

/** Posts `{id, event, data}` as JSON, signed, with an idempotency key that is the same in every attempt. */
export const webhook = defineOperation({
  summary: 'Posts a signed JSON message to a web address, once.',
  input: Input,
  output: Output,
  hasEffects: true,
  makes: { own: true },
  timeoutMs: 60_000,
  example: { url: 'https://example.com/hooks/steward', event: 'document.processed', data: { documentId: 'doc_1' } },
  async run(input, context, ports) {
    if (input.optional && typeof input.url !== 'string' && !(await isStored(input, ports.secrets)))
      return { skipped: 'No endpoint is stored, so nothing was sent.' }
    const endpoint = await endpointOf(input, ports)
    const target = new URL(endpoint.url).host
    const { event, data, reconcileUrl } = input
    context.progress(`Sending ${event} to ${target}`)
    return await performOnce<Receipt>(
      context,
      {
        kind: 'webhook',
        target,
        args: { url: endpoint.url, event, data },
        act: (key) => deliver(key, endpoint, event, data, ports),
        confirmed: (key, { confirmedBy, confirmedAt }) => ({
          ...receiptOf(key, endpoint, event, null, new Date(confirmedAt)),
          confirmedBy,
        }),
        ...(reconcileUrl !== undefined && { reconcile: (key: string) => reconcile(key, reconcileUrl, endpoint, event, ports) }),
      },
      (receipt) => Receipt.parse(receipt),
    )
  },
})

async function deliver(
  key: string,
  endpoint: Endpoint,
  event: string,
  data: unknown,
  ports: Pick<Ports, 'outbound' | 'clock'>,
): Promise<Receipt> {
  const body = JSON.stringify({ id: key, event, data })
  if (new TextEncoder().encode(body).length > MAX_BODY_BYTES)
    throw new AppError('too_large', `A webhook may carry ${MAX_BODY_BYTES / 1024} KB; send ids or links in place of contents.`)
  const now = ports.clock.now()
  const answer = await ports.outbound.send({
    url: endpoint.url,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      'steward-event': event,
      'steward-signature': await signWebhook(endpoint.secrets, body, now),
    },
    body,
    timeoutMs: TIMEOUT_MS,
  })
  assertDone(answer, new URL(endpoint.url).host, now)
  return receiptOf(key, endpoint, event, answer.status, now)
}

/** Asks the receiver; signed like a delivery with an empty body, so that it can tell who asks. */
async function reconcile(
  key: string,
  template: string,
  endpoint: Endpoint,
  event: string,
  ports: Pick<Ports, 'outbound' | 'clock'>,
): Promise<Receipt | undefined> {
  const url = template.replaceAll('{idempotencyKey}', encodeURIComponent(key))
  const now = ports.clock.now()
  const { status } = await ports.outbound.send({
    url,
    method: 'GET',
    headers: { 'steward-signature': await signWebhook(endpoint.secrets, '', now) },
    timeoutMs: TIMEOUT_MS,
  })
  if (status === 200) return { ...receiptOf(key, endpoint, event, status, now), reconciled: true }
  if (status === 404) return undefined
  throw new AppError(
    'unavailable',
    `${new URL(endpoint.url).host} was asked whether a delivery arrived and answered ${status}; 200 or 404 would say it.`,
    { reason: 'reconciling' },
  )
}

const receiptOf = (key: string, endpoint: Endpoint, event: string, status: number | null, at: Date): Receipt => ({
  target: new URL(endpoint.url).host,
  event,
  idempotencyKey: key,
  status,
  deliveredAt: at.toISOString(),
  reconciled: false,
})

function assertDone({ status, headers }: { status: number; headers: Record<string, string> }, host: string, now: Date): void {
  const kind = answerKind(status)
  if (kind === 'done') return
  const wait = retryAfterMs(headers['retry-after'], now)
  const details = { reason: `http_${status}`, ...(wait !== undefined && { retryAfterMs: wait }) }
  if (kind === 'limited') throw new AppError('rate_limited', `${host} asks to wait (429).`, details)
  if (kind === 'later') throw new AppError('unavailable', `${host} answered ${status}; it is tried again.`, details)
  throw new AppError('invalid', `${host} refused the webhook with ${status}; check its address and secret.`, { reason: `http_${status}` })
}
