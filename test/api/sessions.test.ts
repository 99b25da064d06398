import { beforeEach, expect, test } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

interface Pair {
  accessToken: string
  refreshToken: string
}
async function signIn(userAgent: string, address = '192.0.2.1'): Promise<Pair> {
  const login = { tenant: acme.slug, email: acme.email, password: acme.password }
  const headers = { 'User-Agent': userAgent, 'CF-Connecting-IP': address }
  return (await call(kit, undefined, 'POST', '/api/v1/auth/login', login, headers)).body
}
const as = ({ accessToken }: Pair, method: string, path: string) =>
  call(kit, undefined, method, path, undefined, { Authorization: `Bearer ${accessToken}` })
const renew = ({ refreshToken }: Pair, address = '192.0.2.1') =>
  call(kit, undefined, 'POST', '/api/v1/auth/refresh', { refreshToken }, { 'User-Agent': 'Firefox', 'CF-Connecting-IP': address })

test('the devices of a person are listed with where and when, and which one asks', async () => {
  const [phone, laptop] = [await signIn('Phone', '192.0.2.1'), await signIn('Firefox', '192.0.2.2')]
  kit.clock.advance(60_000)
  const renewed = (await renew(laptop, '192.0.2.9')).body
  const { body } = await as(phone, 'GET', '/api/v1/sessions')
  expect(body.items).toMatchObject([
    { userAgent: 'Firefox', address: '192.0.2.9', isCurrent: false },
    { userAgent: 'Phone', address: '192.0.2.1', isCurrent: true },
  ])
  expect(Date.parse(body.items[0].lastUsedAt) - Date.parse(body.items[0].createdAt)).toBe(60_000)
  expect((await as(renewed, 'GET', '/api/v1/sessions')).body.items.map((item: { isCurrent: boolean }) => item.isCurrent)).toEqual([
    true,
    false,
  ])
})

test('a device that is signed out can neither renew nor go on with its access token', async () => {
  const [phone, laptop] = [await signIn('Phone'), await signIn('Laptop')]
  const id = (await as(phone, 'GET', '/api/v1/auth/verify')).body.sessionId
  expect((await as(laptop, 'DELETE', `/api/v1/sessions/${id}`)).status).toBe(204)
  expect((await as(laptop, 'DELETE', `/api/v1/sessions/${id}`)).status).toBe(404)
  expect((await as(phone, 'GET', '/api/v1/runs')).status).toBe(401)
  expect((await renew(phone)).status).toBe(401)
  expect((await as(laptop, 'GET', '/api/v1/runs')).status).toBe(200)
})

test('signing out everywhere can keep the device at hand', async () => {
  const [phone, laptop] = [await signIn('Phone'), await signIn('Laptop')]
  expect((await as(laptop, 'DELETE', '/api/v1/sessions?keepCurrent=true')).body).toEqual({ revoked: 1 })
  expect((await as(phone, 'GET', '/api/v1/runs')).status).toBe(401)
  expect((await as(laptop, 'DELETE', '/api/v1/sessions')).body).toEqual({ revoked: 1 })
  expect((await as(laptop, 'GET', '/api/v1/runs')).status).toBe(401)
})

test('a refresh token that comes twice ends its sign-in and is told to administrators once', async () => {
  const [stolen, other] = [await signIn('Laptop'), await signIn('Phone')]
  const renewed = (await renew(stolen)).body
  for (let time = 0; time < 3; time += 1) expect((await renew(stolen, '203.0.113.5')).status).toBe(401)
  expect((await as(renewed, 'GET', '/api/v1/runs')).status).toBe(401)
  const { body } = await as(other, 'GET', '/api/v1/security-events?kind=refresh_token_reused')
  expect(body.items).toMatchObject([{ kind: 'refresh_token_reused', actor: acme.adminId, address: '203.0.113.5' }])
  expect(JSON.stringify(body)).not.toContain(stolen.refreshToken)
})

test('an expired access token is answered with how to renew it, another one is not', async () => {
  const pair = await signIn('Laptop')
  kit.clock.advance(3_601_000)
  const { status, headers, body } = await as(pair, 'GET', '/api/v1/runs')
  expect({ status, type: headers.get('Content-Type') }).toEqual({ status: 401, type: 'application/problem+json' })
  expect(body).toMatchObject({ code: 'unauthenticated', reason: 'token_expired', detail: expect.stringContaining('/api/v1/auth/refresh') })
  expect((await as({ ...pair, accessToken: 'x.y.z' }, 'GET', '/api/v1/runs')).body.reason).toBeUndefined()
})

test('security events of one tenant are for its administrators only', async () => {
  const beta = await createAccount(kit, 'beta')
  const pair = await signIn('Laptop')
  await as(pair, 'DELETE', '/api/v1/sessions')
  const key = (await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'Portal', role: 'client' })).body.key
  expect((await call(kit, acme, 'GET', '/api/v1/security-events?kind=sessions_revoked')).body.items).toHaveLength(1)
  expect((await call(kit, { ...acme, apiKey: key }, 'GET', '/api/v1/security-events')).status).toBe(403)
  expect((await call(kit, beta, 'GET', '/api/v1/security-events')).body.items).toEqual([])
})

test('a refresh token that is refused because the tenant is closed stays good', async () => {
  const pair = await signIn('Phone')
  await kit.identity.setLife(acme.tenantId, { suspendedAt: '2026-11-21T09:00:00.000Z' })
  for (let time = 0; time < 2; time += 1) expect(await renew(pair)).toMatchObject({ status: 403, body: { reason: 'tenant_suspended' } })
  await kit.identity.setLife(acme.tenantId, {})
  const renewed = await renew(pair)
  expect(renewed.status).toBe(200)
  expect((await renew(pair)).status).toBe(401)
})
