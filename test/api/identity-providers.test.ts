import { beforeEach, expect, test } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

const ORDER = {
  issuer: 'https://login.acme.example',
  clientId: 'steward',
  clientSecret: 'top secret of the client',
  allowedDomains: ['ACME.example'],
}

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})
const providers = (method: string, path = '', body?: unknown, account = acme) =>
  call(kit, account, method, `/api/v1/identity-providers${path}`, body)

test('is kept without its secret ever being shown', async () => {
  const saved = await providers('PUT', '/company', ORDER)
  expect(saved).toMatchObject({
    status: 200,
    body: {
      name: 'company',
      hasSecret: true,
      allowedDomains: ['acme.example'],
      createsAccounts: false,
      defaultRole: 'client',
      redirectUri: 'http://localhost/api/v1/auth/oidc/callback/acme/company',
      startPath: '/api/v1/auth/oidc/acme/company',
    },
  })
  const [read, listed] = [await providers('GET', '/company'), await providers('GET')]
  expect(read.body).toEqual(saved.body)
  expect(listed.body.items).toEqual([saved.body])
  const told = await call(kit, acme, 'GET', '/api/v1/security-events?kind=identity_provider_saved')
  expect(told.body.items).toHaveLength(1)
  for (const { text } of [saved, read, listed, told]) expect(text).not.toContain(ORDER.clientSecret)
})

test('the secret stays unless another is sent, and goes to no other issuer or client', async () => {
  await providers('PUT', '/company', ORDER)
  const { clientSecret: _, ...without } = ORDER
  expect((await providers('PUT', '/company', { ...without, createsAccounts: true })).body).toMatchObject({
    hasSecret: true,
    createsAccounts: true,
  })
  expect(await providers('PUT', '/company', { ...without, issuer: 'https://evil.example' })).toMatchObject({
    status: 400,
    body: { problems: [{ path: 'clientSecret' }] },
  })
  expect((await providers('PUT', '/company', { ...ORDER, clientSecret: null })).body.hasSecret).toBe(false)
})

test('what does not fit is refused: no domain, a mapping of nothing, a role that there is not', async () => {
  expect((await providers('PUT', '/company', { ...ORDER, allowedDomains: [] })).status).toBe(400)
  expect((await providers('PUT', '/company', { ...ORDER, allowedDomains: ['*'] })).status).toBe(400)
  expect((await providers('PUT', '/company', { ...ORDER, roleMapping: [{ value: 'x', role: 'admin' }] })).status).toBe(400)
  expect((await providers('PUT', '/company', { ...ORDER, defaultRole: 'king' })).body.problems).toMatchObject([{ path: 'role' }])
  expect((await providers('PUT', '/No_Name', ORDER)).status).toBe(400)
})

test('takes all that an administrator may do, because it decides who everybody is', async () => {
  await call(kit, acme, 'PUT', '/api/v1/roles/helpdesk', { permissions: ['identity_providers:write', 'identity_providers:read'] })
  const { key } = (await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'k', role: 'helpdesk' })).body
  const helpdesk = { ...acme, apiKey: key }
  expect((await providers('PUT', '/company', ORDER, helpdesk)).status).toBe(403)
  await providers('PUT', '/company', ORDER)
  expect((await providers('GET', '/company', undefined, helpdesk)).status).toBe(200)
  expect((await providers('DELETE', '/company', undefined, helpdesk)).status).toBe(403)
})

test('is removed once, and another tenant sees nothing of it', async () => {
  const beta = await createAccount(kit, 'beta')
  await providers('PUT', '/company', ORDER)
  expect((await providers('GET', '', undefined, beta)).body.items).toEqual([])
  expect((await providers('DELETE', '/company', undefined, beta)).status).toBe(404)
  expect((await providers('DELETE', '/company')).status).toBe(204)
  expect((await providers('DELETE', '/company')).status).toBe(404)
})
