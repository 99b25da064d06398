import { createHmac } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { signWebhook } from '../../workers/domain/webhook-signature'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

const BODY = '{"documentId":"doc_1"}'
const OTHER = '{"documentId":"doc_2"}'
let kit: Kit
let acme: Account
let secret: string
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  secret = await rotate()
})

const rotate = async (order: object = {}, account = acme): Promise<string> =>
  (await call(kit, account, 'POST', '/api/v1/webhooks/secret/rotate', order)).body.secret
const seconds = () => Math.floor(kit.clock.now().getTime() / 1_000)
const signature = (key: string, body = BODY, time = seconds()) =>
  `t=${time},v1=${createHmac('sha256', key).update(`${time}.${body}`).digest('hex')}`

const deliver = async (
  header: string | undefined,
  { body = BODY, path = 'acme/document-intake', headers = {} as Record<string, string> } = {},
) => {
  const response = await kit.app.request(`/api/v1/webhooks/signed/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(header !== undefined && { 'Steward-Signature': header }), ...headers },
    body,
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as { id: string; reason?: string; detail?: string },
  }
}
const runs = () => kit.tenant(acme.tenantId).runs.all.size

describe('a signed delivery', () => {
  it('starts a run of the tenant whose secret signed it', async () => {
    expect(await deliver(signature(secret))).toMatchObject({ status: 202, body: { id: expect.stringMatching(/^run_/) } })
    expect(runs()).toBe(1)
  })

  it('is refused once it was seen, on every route, for as long as its signature lasts', async () => {
    const header = signature(secret)
    await deliver(header)
    kit.clock.advance(250_000)
    for (const path of ['acme/document-intake', 'acme/other'])
      expect(await deliver(header, { path }), path).toMatchObject({ status: 409, body: { reason: 'replayed' } })
    expect(
      await deliver(`v1=${'0'.repeat(64)},${header.replace(/[a-f]/g, (letter) => letter.toUpperCase()).replace('V1', 'v1')}`),
    ).toMatchObject({
      status: 409,
    })
    kit.clock.advance(60_000)
    expect((await deliver(header)).status).toBe(401)
    expect(runs()).toBe(1)
  })

  it('is taken again when the first try was refused or failed, and starts one run', async () => {
    const header = signature(secret)
    expect((await deliver(header, { path: 'acme/gone' })).status).toBe(404)
    const fake = kit.tenant(acme.tenantId).runs
    const working = fake.start
    fake.start = async (order) => {
      await working(order)
      throw new Error('the connection broke')
    }
    expect((await deliver(header)).status).toBe(500)
    fake.start = working
    expect((await deliver(header)).status).toBe(202)
    expect(runs()).toBe(1)
  })

  it('sent anew with the same Idempotency-Key gives the first answer', async () => {
    const headers = { 'Idempotency-Key': 'evt_1' }
    const first = await deliver(signature(secret), { headers })
    kit.clock.advance(5_000)
    const again = await deliver(signature(secret), { headers })
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect(runs()).toBe(1)
  })

  it.each([
    ['no signature', () => undefined],
    ['another secret', () => signature('whsec_wrong')],
    ['another body', () => signature(secret, '{"documentId":"doc_2"}')],
    ['an old time', () => signature(secret, BODY, seconds() - 301)],
    ['a time to come', () => signature(secret, BODY, seconds() + 301)],
    ['a changed time', () => signature(secret).replace(/t=\d+/, `t=${seconds() - 1}`)],
    ['two times', () => `t=${seconds() - 1},${signature(secret)}`],
    ['no time', () => signature(secret).replace(/t=\d+,/, '')],
    ['a cut signature', () => signature(secret).slice(0, -2)],
    ['an unknown version', () => signature(secret).replace('v1', 'v0')],
    ['a long header', () => `${signature(secret)}${`,v1=${'0'.repeat(64)}`.repeat(40)}`],
    ['an empty secret', () => `t=${seconds()},v1=${createHmac('sha256', '').update(`${seconds()}.${BODY}`).digest('hex')}`],
  ])('with %s is refused alike', async (_, header) => {
    const refused = await deliver(header())
    const unknown = await deliver(header(), { path: 'nobody/document-intake' })
    expect([refused.status, refused.body.reason]).toEqual([401, 'signature'])
    expect([unknown.status, unknown.body.detail]).toEqual([401, refused.body.detail])
    expect(runs()).toBe(0)
  })

  it('of a tenant without a secret is refused alike, and one secret opens one tenant', async () => {
    await createAccount(kit, 'globex')
    expect((await deliver(signature(secret), { path: 'globex/document-intake' })).body).toMatchObject({ reason: 'signature' })
    expect((await deliver(signature(secret), { path: 'acme/document-intake' })).status).toBe(202)
  })
})

describe('the rotation of a secret', () => {
  it('takes both secrets for the overlap, then the new one', async () => {
    const next = await rotate({ overlapHours: 1 })
    expect(next).not.toBe(secret)
    expect((await deliver(signature(secret))).status).toBe(202)
    kit.clock.advance(1_000)
    expect((await deliver(signature(next))).status).toBe(202)
    kit.clock.advance(3_600_000)
    expect((await deliver(signature(secret))).status).toBe(401)
    expect((await deliver(signature(next))).status).toBe(202)
  })

  it('ends the present secret at once when asked, and never has a third', async () => {
    const second = await rotate({ overlapHours: 24 })
    const third = await rotate({ overlapHours: 24 })
    expect((await deliver(signature(secret))).status).toBe(401)
    expect((await deliver(signature(second))).status).toBe(202)
    const fourth = await rotate({ overlapHours: 0 })
    expect((await deliver(signature(third))).status).toBe(401)
    expect((await deliver(signature(fourth, OTHER), { body: OTHER })).status).toBe(202)
  })

  it('shows the secret once, tells until when the old one is good, and is entered as a security event', async () => {
    const answer = await call(kit, acme, 'POST', '/api/v1/webhooks/secret/rotate', { overlapHours: 2 })
    expect(answer.body).toEqual({
      secret: expect.stringMatching(/^whsec_\w{43}$/),
      previousValidUntil: new Date(kit.clock.now().getTime() + 7_200_000).toISOString(),
    })
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    const { body } = await call(kit, acme, 'GET', '/api/v1/security-events?kind=webhook_secret_rotated')
    expect(body.items[0]).toMatchObject({ detail: 'webhook-in' })
    expect(JSON.stringify(body)).not.toContain('whsec_')
  })

  it('of an endpoint keeps its address and signs with both', async () => {
    const path = '/api/v1/webhooks/endpoints/erp/rotate'
    expect((await call(kit, acme, 'POST', path, {})).status).toBe(404)
    await call(kit, acme, 'PUT', '/api/v1/tenants/me/secrets/webhook:erp', {
      value: JSON.stringify({ url: 'https://erp.example/hook', secret: 'old-secret' }),
    })
    const given = 'a secret that the receiver made up itself'
    expect((await call(kit, acme, 'POST', path, { secret: given })).body.secret).toBe(given)
    const stored = JSON.parse((await kit.tenant(acme.tenantId).ports.secrets.get('webhook:erp')) ?? '')
    expect(stored).toMatchObject({ url: 'https://erp.example/hook', secret: given, previous: { secret: 'old-secret' } })
  })
})

describe('signWebhook', () => {
  it('signs with each secret over the same time', async () => {
    const at = new Date(1_795_237_200_000)
    const [old, next] = await Promise.all([signWebhook('old', BODY, at), signWebhook('next', BODY, at)])
    expect(await signWebhook(['next', 'old'], BODY, at)).toBe(`${next},${old.split(',')[1]}`)
  })
})
