import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { beforeEach, expect, test } from 'vitest'
import { type Account, ADMIN_TOKEN, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const login = (more: object = {}) =>
  call(kit, undefined, 'POST', '/auth/login', { tenant: acme.slug, email: acme.email, password: acme.password, ...more })
const withToken = (token: string) => call(kit, undefined, 'GET', '/api/v1/auth/verify', undefined, { Authorization: `Bearer ${token}` })

test('an access token is ES256 with a key id that JWKS publishes, and names tenant and role', async () => {
  const { body } = await login()
  const header = decodeProtectedHeader(body.accessToken)
  const claims = decodeJwt(body.accessToken)
  const jwks = await call(kit, undefined, 'GET', '/.well-known/jwks.json')
  expect(header).toMatchObject({ alg: 'ES256', kid: jwks.body.keys[0].kid })
  expect(jwks.body.keys[0]).not.toHaveProperty('d')
  expect(claims).toMatchObject({ iss: 'steward', aud: 'steward', ten: acme.tenantId, role: 'admin', sub: acme.adminId })
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3_600)
  expect(body.expiresIn).toBe(3_600)
  expect(await withToken(body.accessToken)).toMatchObject({ status: 200, body: { kind: 'user', tenantId: acme.tenantId, role: 'admin' } })
})

test('an access token ends after an hour', async () => {
  const { body } = await login()
  kit.clock.advance(3_599_000)
  expect((await withToken(body.accessToken)).status).toBe(200)
  kit.clock.advance(2_000)
  expect((await withToken(body.accessToken)).status).toBe(401)
})

test('tokens of another key, without a signature, or of another audience are refused', async () => {
  const { body } = await login()
  const [header, payload, signature = ''] = body.accessToken.split('.')
  const unsigned = `${btoa('{"alg":"none","typ":"JWT"}').replaceAll('=', '')}.${payload}.`
  const foreign = await new SignJWT(decodeJwt(body.accessToken))
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode('a secret of 32 bytes at the least'))
  const tampered = `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  const run = await call(kit, acme, 'POST', '/api/v1/runs', { workflow: 'document-intake', input: { documentId: 'd' } })
  const { body: ticket } = await call(kit, acme, 'POST', `/api/v1/runs/${run.body.id}/events/ticket`)
  for (const token of [unsigned, foreign, tampered, ticket.ticket, 'stw_aaaaaaaa_short', 'x'])
    expect((await withToken(token)).status).toBe(401)
})

test('unknown tenant, unknown address and wrong password get the same answer', async () => {
  const answers = [await login({ tenant: 'nobody' }), await login({ email: 'x@acme.example' }), await login({ password: 'wrong' })]
  for (const { status, body } of answers)
    expect({ status, detail: body.detail }).toEqual({ status: 401, detail: 'Tenant, e-mail address or password is wrong.' })
})

test('an unknown account is checked against a hash as a known one is', async () => {
  const asked: (string | undefined)[] = []
  kit = createKit({ passwords: { hash: async () => 'h', verify: async (_, hash) => asked.push(hash) < 0 } })
  acme = await createAccount(kit, 'acme')
  await login({ tenant: 'nobody' })
  await login()
  expect(asked).toEqual([undefined, 'h'])
})

test('after ten failures further sign-ins wait, also with the right password, until the window is over', async () => {
  for (let failure = 0; failure < 10; failure += 1) await login({ password: 'wrong' })
  const refused = await login()
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
  kit.clock.advance(15 * 60_000 + 1)
  expect((await login()).status).toBe(200)
})

test('a refresh token is good once, and its second use revokes all that descend from the sign-in', async () => {
  const first = (await login()).body
  const renew = (refreshToken: string) => call(kit, undefined, 'POST', '/api/v1/auth/refresh', { refreshToken })
  const second = await renew(first.refreshToken)
  expect(second.status).toBe(200)
  expect((await renew(first.refreshToken)).status).toBe(401)
  expect((await renew(second.body.refreshToken)).status).toBe(401)
  expect((await renew((await login()).body.refreshToken)).status).toBe(200)
})

test('a refresh token ends after seven days', async () => {
  const { refreshToken } = (await login()).body
  kit.clock.advance(7 * 86_400_000)
  expect((await call(kit, undefined, 'POST', '/auth/refresh', { refreshToken })).status).toBe(401)
})

test('a tenant is created by the operator only, and its slug once', async () => {
  const order = { slug: 'beta', name: 'Beta', adminEmail: 'a@beta.example' }
  expect((await call(kit, undefined, 'POST', '/api/v1/tenants', order)).status).toBe(401)
  expect((await call(kit, acme, 'POST', '/api/v1/tenants', order)).status).toBe(401)
  const asOperator = { Authorization: `Bearer ${ADMIN_TOKEN}` }
  expect((await call(kit, undefined, 'POST', '/api/v1/tenants', order, asOperator)).status).toBe(201)
  expect(await call(kit, undefined, 'POST', '/api/v1/tenants', order, asOperator)).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  })
  const closed = createKit({ adminToken: undefined })
  expect((await call(closed, undefined, 'POST', '/api/v1/tenants', order, { Authorization: 'Bearer ' })).status).toBe(401)
})

test('a new API key works with its role and not after it is revoked', async () => {
  const created = await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'Portal', role: 'client' })
  expect(created.body.key).toMatch(/^stw_[A-Za-z0-9]{8}_[A-Za-z0-9]{43}$/)
  const client = { ...acme, apiKey: created.body.key }
  expect((await call(kit, client, 'GET', '/api/v1/runs')).status).toBe(200)
  expect(await call(kit, client, 'GET', '/api/v1/approvals')).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  expect((await call(kit, client, 'GET', '/api/v1/api-keys')).status).toBe(403)
  const listed = await call(kit, acme, 'GET', '/api/v1/api-keys')
  expect(listed.text).not.toContain(created.body.key.split('_')[2])
  expect((await call(kit, acme, 'DELETE', `/api/v1/api-keys/${created.body.id}`)).status).toBe(204)
  expect((await call(kit, client, 'GET', '/api/v1/runs')).status).toBe(401)
})
