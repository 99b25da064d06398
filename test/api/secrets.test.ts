import { beforeEach, expect, test } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})
const put = (name: string, body: unknown) => call(kit, acme, 'PUT', `/api/v1/tenants/me/secrets/${name}`, body)
const list = async () => (await call(kit, acme, 'GET', '/api/v1/tenants/me/secrets')).body

test('secrets are listed with their hosts and without their values, for their tenant alone', async () => {
  expect((await put('stripe', { value: 'sk_live_1', hosts: ['api.stripe.com'] })).status).toBe(204)
  expect((await put('erp', { value: 'canary-value' })).status).toBe(204)
  expect(await list()).toEqual({ items: [{ name: 'erp' }, { name: 'stripe', hosts: ['api.stripe.com'] }] })
  const globex = await createAccount(kit, 'globex')
  expect((await call(kit, globex, 'GET', '/api/v1/tenants/me/secrets')).body).toEqual({ items: [] })
})

test('a new value keeps the hosts, and new hosts take their place', async () => {
  await put('stripe', { value: 'one', hosts: ['api.stripe.com'] })
  await put('stripe', { value: 'two' })
  expect(await kit.tenant(acme.tenantId).ports.secrets.find('stripe')).toEqual({ value: 'two', hosts: ['api.stripe.com'] })
  await put('stripe', { value: 'three', hosts: ['*'] })
  expect(await list()).toEqual({ items: [{ name: 'stripe', hosts: ['*'] }] })
})

test('the next secret of a webhook endpoint keeps its hosts', async () => {
  await put('webhook:erp', { value: '{"url":"https://erp.example.com/in","secret":"s"}', hosts: ['erp.example.com'] })
  expect((await call(kit, acme, 'POST', '/api/v1/webhooks/endpoints/erp/rotate', {})).status).toBe(200)
  expect(await list()).toEqual({ items: [{ name: 'webhook:erp', hosts: ['erp.example.com'] }] })
})

test.each([[[]], [['https://api.stripe.com']], [['*.com']], [Array.from({ length: 21 }, (_, at) => `a${at}.example.com`)]])(
  'hosts %j are refused, and nothing is stored',
  async (hosts) => {
    expect(await put('stripe', { value: 'one', hosts })).toMatchObject({ status: 400, body: { code: 'invalid' } })
    expect(await list()).toEqual({ items: [] })
  },
)

test('the audit has the hosts before and after, and never the value', async () => {
  const { audit } = kit.tenant(acme.tenantId)
  await put('stripe', { value: 'canary-1', hosts: ['api.stripe.com'] })
  expect(audit.open.entries.at(-1)).toMatchObject({ resource: { kind: 'secret', id: 'stripe' }, after: { hosts: ['api.stripe.com'] } })
  await put('stripe', { value: 'canary-2', hosts: ['api.stripe.com', '*.stripe.com'] })
  expect(audit.open.entries.at(-1)).toMatchObject({
    before: { hosts: ['api.stripe.com'] },
    after: { hosts: ['api.stripe.com', '*.stripe.com'] },
  })
  await put('erp', { value: 'canary-3' })
  expect(audit.open.entries.at(-1)).toMatchObject({ after: { hosts: null } })
  expect(JSON.stringify(audit.open)).not.toContain('canary')
})
