import { beforeEach, expect, test } from 'vitest'
import { hotp } from '../../workers/adapters/node-totp'
import { type Account, call, createAccount, createKit, type Kit } from './kit'
import { addMember, asPerson, PASSWORD, type Person } from './members'

let kit: Kit
let acme: Account
let jo: Person
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  jo = await addMember(kit, acme, 'agent', 'jo')
})
const totp = (method: string, path = '', body?: unknown) => asPerson(kit, jo, method, `/api/v1/account/totp${path}`, body)
const login = (more: object = {}) =>
  call(kit, undefined, 'POST', '/auth/login', { tenant: 'acme', email: jo.email, password: PASSWORD, ...more })

/** What the app shows now, for a secret in base32. */
function codeNow(secret: string): string {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  return hotp(key, Math.floor(kit.clock.now().getTime() / 30_000), 6)
}

async function enable(): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = (await totp('POST', '', { password: PASSWORD })).body
  const { recoveryCodes } = (await totp('POST', '/confirm', { code: codeNow(secret) })).body
  kit.clock.advance(30_000)
  return { secret, recoveryCodes }
}

test('nothing is asked for until the app has proven that it has the secret', async () => {
  const begun = await totp('POST', '', { password: PASSWORD })
  expect(begun.body.uri).toContain(`secret=${begun.body.secret}`)
  expect((await login()).status).toBe(200)
  expect((await totp('POST', '/confirm', { code: '000000' })).body.reason).toBe('second_factor_wrong')
  expect((await totp('GET')).body).toEqual({ isEnabled: false })
  expect((await totp('POST', '/confirm', { code: codeNow(begun.body.secret) })).body.recoveryCodes).toHaveLength(10)
  expect((await totp('GET')).body).toEqual({ isEnabled: true })
  expect((await totp('POST', '', { password: PASSWORD })).status).toBe(409)
})

test('the password alone opens nothing any more, and the code only with the password and once', async () => {
  const { secret } = await enable()
  expect(await login()).toMatchObject({ status: 401, body: { reason: 'second_factor_required' } })
  expect((await login({ password: 'wrong', code: codeNow(secret) })).body.reason).toBeUndefined()
  expect(await login({ code: '000000' })).toMatchObject({ status: 401, body: { reason: 'second_factor_wrong' } })
  const code = codeNow(secret)
  expect((await login({ code })).status).toBe(200)
  expect((await login({ code })).body.reason).toBe('second_factor_wrong')
  kit.clock.advance(30_000)
  expect((await login({ code: codeNow(secret) })).status).toBe(200)
})

test('a recovery code opens once, and administrators hear of it', async () => {
  const { recoveryCodes } = await enable()
  const [code = ''] = recoveryCodes
  expect((await login({ code })).status).toBe(200)
  expect((await login({ code })).status).toBe(401)
  expect((await login({ code: recoveryCodes[1]?.replaceAll('-', '') })).status).toBe(200)
  const { body, text } = await call(kit, acme, 'GET', '/api/v1/security-events?kind=recovery_code_used')
  expect(body.items).toHaveLength(2)
  expect(text).not.toContain(code)
})

test('wrong codes count as failed sign-ins, being asked for one does not', async () => {
  const { secret } = await enable()
  for (let time = 0; time < 20; time += 1) expect((await login()).status).toBe(401)
  for (let time = 0; time < 10; time += 1) await login({ code: '000000' })
  expect((await login({ code: codeNow(secret) })).status).toBe(429)
})

test('switching it on or off takes the password', async () => {
  expect((await totp('POST', '', { password: 'wrong' })).body.reason).toBe('wrong_password')
  await enable()
  expect((await totp('POST', '/disable', { password: 'wrong' })).status).toBe(403)
  expect((await totp('POST', '/disable', { password: PASSWORD })).status).toBe(204)
  expect((await login()).status).toBe(200)
})

test('an administrator takes it away from who lost it, in the own tenant only', async () => {
  const beta = await createAccount(kit, 'beta')
  await enable()
  expect((await call(kit, beta, 'DELETE', `/api/v1/users/${jo.id}/totp`)).status).toBe(404)
  expect((await call(kit, acme, 'DELETE', `/api/v1/users/${jo.id}/totp`)).status).toBe(204)
  expect((await login()).status).toBe(200)
  expect((await call(kit, acme, 'DELETE', `/api/v1/users/${jo.id}/totp`)).status).toBe(409)
})
