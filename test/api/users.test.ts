import { beforeEach, expect, test } from 'vitest'
import { AppError } from '../../workers/domain/error'
import { type Account, call, createAccount, createKit, type Kit } from './kit'
import { addMember, asPerson, mailedCode, PASSWORD, signInAs } from './members'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})
const invite = (email: string, role = 'agent', account = acme) => call(kit, account, 'POST', '/api/v1/invitations', { email, role })
const accept = (code: string) => call(kit, undefined, 'POST', '/api/v1/invitations/accept', { code, name: 'Jo', password: PASSWORD })

test('who is invited by mail joins with a password of their own, once', async () => {
  expect(await invite('Jo@acme.example')).toMatchObject({ status: 201, body: { email: 'jo@acme.example', role: 'agent' } })
  const code = mailedCode(kit, acme.tenantId)
  expect((await call(kit, acme, 'GET', '/api/v1/invitations')).text).not.toContain(code)
  expect(await accept(code)).toMatchObject({ status: 201, body: { tenant: 'acme', email: 'jo@acme.example' } })
  expect((await accept(code)).status).toBe(401)
  const jo = await signInAs(kit, acme, 'jo@acme.example')
  const users = await call(kit, acme, 'GET', '/api/v1/users')
  expect(users.body.items).toMatchObject([{ id: jo.id, name: 'Jo', role: 'agent', emailVerifiedAt: expect.any(String) }, { role: 'admin' }])
  expect(users.text).not.toContain('asswordHash')
  expect((await call(kit, acme, 'GET', '/api/v1/security-events?kind=user_joined')).body.items).toMatchObject([{ actor: jo.id }])
})

test('an unknown, a revoked, an earlier and an expired code get the same answer', async () => {
  await invite('jo@acme.example')
  const earlier = mailedCode(kit, acme.tenantId)
  const { body } = await invite('jo@acme.example')
  const revoked = mailedCode(kit, acme.tenantId)
  expect((await call(kit, acme, 'DELETE', `/api/v1/invitations/${body.id}`)).status).toBe(204)
  await invite('jo@acme.example')
  const expired = mailedCode(kit, acme.tenantId)
  kit.clock.advance(7 * 86_400_000)
  const answers = await Promise.all(['x'.repeat(48), earlier, revoked, expired].map(accept))
  expect(new Set(answers.map(({ status, body: { detail } }) => `${status} ${detail}`)).size).toBe(1)
  expect(answers[0]?.status).toBe(401)
})

test('nobody is invited twice, to a role that there is not, or by a mail that cannot be sent', async () => {
  expect((await invite(acme.email)).status).toBe(409)
  expect(await invite('jo@acme.example', 'emperor')).toMatchObject({ status: 400, body: { problems: [{ path: 'role' }] } })
  const broken = createKit({
    portsFor: () => ({
      ...kit.tenant(acme.tenantId).ports,
      mailer: { send: () => Promise.reject(new AppError('unavailable', 'The server is away.')) },
    }),
  })
  const beta = await createAccount(broken, 'beta')
  expect((await call(broken, beta, 'POST', '/api/v1/invitations', { email: 'jo@beta.example', role: 'agent' })).status).toBe(503)
  expect((await call(broken, beta, 'GET', '/api/v1/invitations')).body.items).toEqual([])
})

test('a changed role counts at once, also for a token that says the old one', async () => {
  const jo = await addMember(kit, acme, 'agent', 'jo')
  expect((await asPerson(kit, jo, 'GET', '/api/v1/approvals')).status).toBe(200)
  expect((await call(kit, acme, 'PUT', `/api/v1/users/${jo.id}/role`, { role: 'client' })).body.role).toBe('client')
  expect((await asPerson(kit, jo, 'GET', '/api/v1/approvals')).status).toBe(403)
})

test('a disabled user is out at once and cannot come in until enabled', async () => {
  const jo = await addMember(kit, acme, 'agent', 'jo')
  const login = () => call(kit, undefined, 'POST', '/auth/login', { tenant: 'acme', email: jo.email, password: PASSWORD })
  expect((await call(kit, acme, 'POST', `/api/v1/users/${jo.id}/disable`)).body.disabledAt).toBeDefined()
  expect((await asPerson(kit, jo, 'GET', '/api/v1/runs')).status).toBe(401)
  expect((await call(kit, undefined, 'POST', '/auth/refresh', { refreshToken: jo.refreshToken })).status).toBe(401)
  expect(await login()).toMatchObject({ status: 401, body: { detail: 'Tenant, e-mail address or password is wrong.' } })
  expect((await call(kit, acme, 'POST', `/api/v1/users/${jo.id}/enable`)).body.disabledAt).toBeUndefined()
  expect((await login()).status).toBe(200)
})

test('the last administrator can be neither demoted nor disabled', async () => {
  for (const [method, path, body] of [
    ['PUT', 'role', { role: 'client' }],
    ['POST', 'disable', undefined],
  ] as const)
    expect(await call(kit, acme, method, `/api/v1/users/${acme.adminId}/${path}`, body)).toMatchObject({
      status: 409,
      body: { reason: 'last_admin' },
    })
  await addMember(kit, acme, 'admin', 'jo')
  expect((await call(kit, acme, 'POST', `/api/v1/users/${acme.adminId}/disable`)).status).toBe(200)
})

test('an administrator signs a user out everywhere', async () => {
  const jo = await addMember(kit, acme, 'agent', 'jo')
  expect((await call(kit, acme, 'DELETE', `/api/v1/users/${jo.id}/sessions`)).body).toEqual({ revoked: 1 })
  expect((await asPerson(kit, jo, 'GET', '/api/v1/runs')).status).toBe(401)
})

test("another tenant's users and invitations are not found", async () => {
  const beta = await createAccount(kit, 'beta')
  const jo = await addMember(kit, acme, 'agent', 'jo')
  const { body } = await invite('open@acme.example')
  for (const [method, path, order] of [
    ['GET', `users/${jo.id}`, undefined],
    ['PUT', `users/${jo.id}/role`, { role: 'client' }],
    ['POST', `users/${jo.id}/disable`, undefined],
    ['POST', `users/${jo.id}/enable`, undefined],
    ['DELETE', `users/${jo.id}/sessions`, undefined],
    ['DELETE', `invitations/${body.id}`, undefined],
  ] as const)
    expect((await call(kit, beta, method, `/api/v1/${path}`, order)).status, path).toBe(404)
  expect((await call(kit, beta, 'GET', '/api/v1/users')).body.items).toHaveLength(1)
  expect((await call(kit, beta, 'GET', '/api/v1/invitations')).body.items).toEqual([])
})
