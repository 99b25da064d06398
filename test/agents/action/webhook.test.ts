import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WEBHOOK_RETRY, webhook } from '../../../workers/agents/action/webhook'
import type { StepContext } from '../../../workers/agents/agent'
import type { StoredSecret } from '../../../workers/domain/ports'
import { signWebhook, verifyWebhook } from '../../../workers/domain/webhook-signature'
import { createActionPorts, createContext, MemoryLedger, type Receiver, startReceiver } from './stage'

let receiver: Receiver
let ledger: MemoryLedger
let context: StepContext
beforeEach(async () => {
  receiver = await startReceiver()
  ledger = new MemoryLedger()
  context = createContext(ledger)
})
afterEach(() => receiver.close())

const { ports } = createActionPorts({ 'webhook:default': 'whsec_test' })
const send = (input: Record<string, unknown> = {}) =>
  webhook.run(webhook.input.parse({ url: receiver.url, event: 'document.processed', data: { n: 1 }, ...input }), context, ports)

describe('webhook', () => {
  it('posts a signed message once and settles with a receipt without secrets', async () => {
    const receipt = await send()
    const [request] = receiver.received
    const { key, status, target, receipt: kept } = ledger.only()
    expect(JSON.parse(request?.body ?? '')).toEqual({ id: key, event: 'document.processed', data: { n: 1 } })
    expect(request?.headers).toMatchObject({
      'idempotency-key': key,
      'steward-event': 'document.processed',
      'content-type': 'application/json',
    })
    const mac = createHmac('sha256', 'whsec_test').update(`1795237200.${request?.body}`).digest('hex')
    expect(request?.headers['steward-signature']).toBe(`t=1795237200,v1=${mac}`)
    expect({ status, target }).toEqual({ status: 'settled', target: new URL(receiver.url).host })
    expect(JSON.stringify(kept)).not.toMatch(/whsec|hook/)
    expect(receipt).toEqual(kept)
  })

  it('gives the first receipt when it is asked again, and sends nothing', async () => {
    const first = await send()
    expect(await send()).toEqual(first)
    expect(receiver.received).toHaveLength(1)
  })

  it('is sent and reconciled only where its secret is for, the stored address included', async () => {
    const { host } = new URL(receiver.url)
    const sendWith = (secret: StoredSecret, input: Record<string, unknown>) => {
      const { ports } = createActionPorts({ 'webhook:default': secret })
      return webhook.run(webhook.input.parse({ event: 'document.processed', data: { n: 1 }, ...input }), context, ports)
    }
    const refusal = { code: 'forbidden', reason: 'secret_host' }
    const url = receiver.url
    await expect(sendWith({ value: 's', hosts: ['erp.example.com'] }, { url })).rejects.toMatchObject(refusal)
    const reconcileUrl = 'https://evil.example/{idempotencyKey}'
    await expect(sendWith({ value: 's', hosts: [host] }, { url, reconcileUrl })).rejects.toMatchObject(refusal)
    expect([receiver.received, ledger.effects.size]).toEqual([[], 0])
    const stored = { value: JSON.stringify({ url, secret: 's' }), hosts: ['erp.example.com'] }
    expect(await sendWith(stored, { endpoint: 'default' })).toMatchObject({ status: 200, target: host })
    expect(await sendWith({ value: 's', hosts: [host] }, { url, data: { n: 2 } })).toMatchObject({ status: 200, target: host })
  })

  it('fails and may be sent again after 5xx, 408 and 429, with the same key and body', async () => {
    receiver.answers = [503, 408, { status: 429, headers: { 'retry-after': '7' } }, 204]
    await expect(send()).rejects.toMatchObject({ code: 'unavailable', reason: 'http_503' })
    expect(ledger.only().status).toBe('failed')
    await expect(send()).rejects.toMatchObject({ code: 'unavailable', reason: 'http_408' })
    await expect(send()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 7_000 })
    await send()
    expect(ledger.only().status).toBe('settled')
    expect(new Set(receiver.received.map(({ body, headers }) => body + headers['idempotency-key'])).size).toBe(1)
  })

  it('is refused for good by other 4xx and by redirects', async () => {
    receiver.answers = [400]
    await expect(send()).rejects.toMatchObject({ code: 'invalid', reason: 'http_400' })
    receiver.answers = [{ status: 302, headers: { location: '/elsewhere' } }]
    await expect(send()).rejects.toMatchObject({ code: 'invalid', reason: 'http_302' })
    expect(ledger.only().status).toBe('failed')
  })

  it('is never repeated after a cut connection: it is handed to a person', async () => {
    receiver.answers = ['cut']
    await expect(send()).rejects.toMatchObject({ code: 'conflict', reason: 'effect_unknown' })
    expect(ledger.only().status).toBe('unknown')
    receiver.answers = [200]
    await expect(send()).rejects.toMatchObject({ code: 'conflict', reason: 'effect_unknown' })
    expect(receiver.received).toHaveLength(1)
  })

  it('is never repeated when an earlier attempt was cut off between acting and settling', async () => {
    await send()
    const { key } = ledger.only()
    ledger.effects.set(key, { status: 'pending', target: 'x' })
    await expect(send()).rejects.toMatchObject({ reason: 'effect_unknown' })
    expect(receiver.received).toHaveLength(1)
  })

  it('gives a receipt without a status where a person found that it arrived', async () => {
    receiver.answers = ['cut']
    await expect(send()).rejects.toMatchObject({ reason: 'effect_unknown' })
    const { key } = ledger.only()
    await ledger.settle(key, { confirmedBy: 'ann', confirmedAt: '2026-03-05T12:00:00.000Z' })
    const receipt = { status: null, confirmedBy: 'ann', deliveredAt: '2026-03-05T12:00:00.000Z', idempotencyKey: key }
    expect(webhook.output.parse(await send())).toMatchObject(receipt)
    expect(receiver.received).toHaveLength(1)
  })

  it('asks the reconciling address: 200 settles, 404 sends again, anything else asks later', async () => {
    const reconcileUrl = `${receiver.url}/{idempotencyKey}`
    receiver.answers = ['cut', 500, 200]
    await expect(send({ reconcileUrl })).rejects.toMatchObject({ code: 'unavailable', reason: 'reconciling' })
    await expect(send({ reconcileUrl })).rejects.toMatchObject({ code: 'unavailable', reason: 'reconciling' })
    expect(await send({ reconcileUrl })).toMatchObject({ reconciled: true })
    expect(receiver.received.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET'])
    expect(receiver.received[1]?.url).toBe(`/hook/${ledger.only().key}`)

    ledger.effects.set(ledger.only().key, { status: 'unknown', target: 'x' })
    receiver.answers = [404, 200]
    expect(await send({ reconcileUrl })).toMatchObject({ reconciled: false, status: 200 })
    expect(receiver.received.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'GET', 'POST'])
  })

  it('fails without doubt when nobody listens, so that it may be tried again', async () => {
    receiver.close()
    await expect(send()).rejects.toMatchObject({ code: 'unavailable', reason: 'not_sent' })
    expect(ledger.only().status).toBe('failed')
  })

  it('uses a stored endpoint, and refuses to send unsigned', async () => {
    const { ports: stored } = createActionPorts({ 'webhook:crm': JSON.stringify({ url: receiver.url, secret: 's' }) })
    const run = (input: Record<string, unknown>) => webhook.run(webhook.input.parse({ event: 'e', data: 1, ...input }), context, stored)
    await run({ endpoint: 'crm' })
    expect(receiver.received).toHaveLength(1)
    const until = new Date(ports.clock.now().getTime() + 60_000).toISOString()
    const { ports: rotating } = createActionPorts({
      'webhook:crm': JSON.stringify({ url: receiver.url, secret: 'next', previous: { secret: 's', until } }),
    })
    await webhook.run(webhook.input.parse({ event: 'e', data: 2, endpoint: 'crm' }), context, rotating)
    const [, sent] = receiver.received
    const bytes = new TextEncoder().encode(sent?.body ?? '')
    for (const secret of ['next', 's'])
      expect(await verifyWebhook(String(sent?.headers['steward-signature']), bytes, [secret], ports.clock.now())).toBeDefined()
    await expect(run({ endpoint: 'erp' })).rejects.toMatchObject({ code: 'invalid', reason: 'no_secret' })
    await expect(run({ url: receiver.url })).rejects.toMatchObject({ reason: 'no_secret' })
    expect(() => webhook.input.parse({ event: 'e', data: 1 })).toThrow(/endpoint/)
  })

  it('refuses a body that is too large before sending', async () => {
    await expect(send({ data: 'x'.repeat(300_000) })).rejects.toMatchObject({ code: 'too_large' })
    expect(receiver.received).toHaveLength(0)
  })
})

describe('docs/WEBHOOKS.md', () => {
  const page = readFileSync('docs/WEBHOOKS.md', 'utf8')
  it('publishes test vectors that the signature meets', async () => {
    const vectors = [...page.matchAll(/\| `(\S+)`(?: then `(\S+)`)? \| (\d+) \| `([^`]*)` \| `(t=\d+(?:,v1=[0-9a-f]{64})+)` \|/g)]
    expect(vectors.length).toBeGreaterThanOrEqual(5)
    for (const [, secret = '', before, time = '', body = '', header = ''] of vectors) {
      const secrets = before === undefined ? [secret] : [secret, before]
      const at = new Date(Number(time) * 1000)
      expect(await signWebhook(secrets, body, at)).toBe(header)
      for (const each of secrets) expect(await verifyWebhook(header, new TextEncoder().encode(body), [each], at)).toBe(Number(time))
      expect(await verifyWebhook(header, new TextEncoder().encode(`${body} `), secrets, at)).toBeUndefined()
    }
  })

  it('publishes code for receivers that takes the vectors, also while a secret is rotated', async () => {
    const code = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    const module: unknown = await import(`data:text/javascript,${encodeURIComponent(code)}`)
    const { isFromSteward } = module as { isFromSteward(secret: string, header: string, body: string, now: number): boolean }
    const header = await signWebhook(['next', 'old'], '{"a":1}', new Date(1_795_237_200_000))
    for (const secret of ['next', 'old']) expect(isFromSteward(secret, header, '{"a":1}', 1_795_237_400)).toBe(true)
    expect(isFromSteward('other', header, '{"a":1}', 1_795_237_400)).toBe(false)
    expect(isFromSteward('next', header, '{"a":1}', 1_795_237_600)).toBe(false)
  })

  it('publishes the retry schedule of the code', () => {
    const waits = Array.from(
      { length: WEBHOOK_RETRY.maxAttempts - 1 },
      (_, at) => Math.min(WEBHOOK_RETRY.maxMs, WEBHOOK_RETRY.initialMs * WEBHOOK_RETRY.factor ** at) / 1000,
    )
    expect([...page.matchAll(/\| \d \| (\d+) s/g)].map(([, seconds]) => Number(seconds))).toEqual(waits)
  })
})
