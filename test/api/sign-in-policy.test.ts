import { beforeEach, describe, expect, test, vi } from 'vitest'
import { hotp } from '../../workers/adapters/node-totp'
import { siteOf } from '../../workers/domain/site'
import { createAuthenticator } from '../fakes/authenticator'
import { PATIENCE } from '../patience'
import { type Account, call, createAccount, createKit, type Kit } from './kit'
import { addMember, asPerson, PASSWORD, type Person, signInAs } from './members'

const ORIGIN = 'https://steward.example.com'
const PATH = '/api/v1/tenant/sign-in-policy'
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

let kit: Kit
let acme: Account
let jo: Person
beforeEach(async () => {
  kit = createKit({ site: (url) => siteOf({ publicUrl: ORIGIN, trustsRequest: false }, url) })
  acme = await createAccount(kit, 'acme')
  jo = await addMember(kit, acme, 'agent', 'jo')
})

const set = (policy: object) => call(kit, acme, 'PUT', PATH, policy)
const statusOf = async (person: Pick<Person, 'accessToken'>, path = '/api/v1/runs') => (await asPerson(kit, person, 'GET', path)).status
const renew = ({ refreshToken }: Pick<Person, 'refreshToken'>) => call(kit, undefined, 'POST', '/auth/refresh', { refreshToken })
const login = (more: object = {}) =>
  call(kit, undefined, 'POST', '/auth/login', { tenant: 'acme', email: jo.email, password: PASSWORD, ...more })

/** What the app shows now, for a secret in base32. */
function codeNow(secret: string): string {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  return hotp(key, Math.floor(kit.clock.now().getTime() / 30_000), 6)
}
async function addApp(person: Person): Promise<string> {
  const { secret } = (await asPerson(kit, person, 'POST', '/api/v1/account/totp', { password: PASSWORD })).body
  expect((await asPerson(kit, person, 'POST', '/api/v1/account/totp/confirm', { code: codeNow(secret) })).status).toBe(200)
  kit.clock.advance(30_000)
  return secret
}
async function addPasskey(person: Person) {
  const device = createAuthenticator()
  const options = (await asPerson(kit, person, 'POST', '/api/v1/account/passkeys/options', { password: PASSWORD })).body
  const credential = device.create(options, { origin: ORIGIN })
  expect((await asPerson(kit, person, 'POST', '/api/v1/account/passkeys', { name: 'Key', credential })).status).toBe(201)
  return async (): Promise<Person> => {
    const asked = (await call(kit, undefined, 'POST', '/auth/passkeys/options')).body
    return (await call(kit, undefined, 'POST', '/auth/passkeys', { credential: device.get(asked, { origin: ORIGIN }) })).body
  }
}

describe('the policy', () => {
  test('asks for nothing until a tenant says so, and is its own', async () => {
    const beta = await createAccount(kit, 'beta')
    const shipped = { requireSecondFactor: 'none', idleMinutes: 10_080, absoluteHours: null }
    expect((await call(kit, acme, 'GET', PATH)).body).toEqual(shipped)
    expect((await set({ requireSecondFactor: 'everyone', absoluteHours: 12 })).body).toEqual({
      requireSecondFactor: 'everyone',
      idleMinutes: 10_080,
      absoluteHours: 12,
    })
    expect((await call(kit, beta, 'GET', PATH)).body).toEqual(shipped)
    expect((await set({})).body).toEqual(shipped)
  })

  test.each([{ requireSecondFactor: 'some' }, { idleMinutes: 4 }, { idleMinutes: 10_081 }, { absoluteHours: 0 }, { absoluteHours: 8_761 }])(
    'does not take %j',
    async (policy) => expect((await set(policy)).status).toBe(400),
  )

  test('is entered in the audit with what it was and what it is', async () => {
    await set({ idleMinutes: 30 })
    await set({ idleMinutes: 60 })
    await vi.waitFor(
      () =>
        expect(kit.tenant(acme.tenantId).audit.open.entries.at(-1)).toMatchObject({
          action: 'putApiV1TenantSignInPolicy',
          before: { idleMinutes: 30 },
          after: { idleMinutes: 60, requireSecondFactor: 'none' },
        }),
      PATIENCE,
    )
  })

  test('outlives a change of the settings, shows in none of them, and of two edits one is told', async () => {
    const tag = (await call(kit, acme, 'GET', PATH)).headers.get('ETag') ?? ''
    expect((await call(kit, acme, 'PUT', PATH, { idleMinutes: 30 }, { 'If-Match': tag })).status).toBe(200)
    expect((await call(kit, acme, 'PUT', PATH, { idleMinutes: 60 }, { 'If-Match': tag })).status).toBe(412)
    const settings = (await call(kit, acme, 'GET', '/api/v1/tenants/me/settings')).body
    await call(kit, acme, 'PUT', '/api/v1/tenants/me/settings', { ...settings, signIn: { idleMinutes: 5 }, locale: 'de' })
    expect((await call(kit, acme, 'GET', PATH)).body.idleMinutes).toBe(30)
    expect((await call(kit, acme, 'GET', '/api/v1/tenants/me')).text).not.toContain('idleMinutes')
  })
})

describe('a demanded second factor', () => {
  test('shuts everything but the own account, for tokens that are out and for those that follow', async () => {
    await set({ requireSecondFactor: 'everyone' })
    const { paths } = (await call(kit, undefined, 'GET', '/api/v1/openapi.json')).body
    const guarded = Object.entries(paths as Record<string, Record<string, { 'x-permission'?: string }>>).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { 'x-permission': permission }]) =>
        permission === undefined || permission.startsWith('self:') ? [] : [{ method: method.toUpperCase(), path }],
      ),
    )
    expect(guarded.length).toBeGreaterThan(80)
    const renewed = (await renew(jo)).body
    for (const { method, path } of guarded) {
      const body = ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined
      const answer = await asPerson(kit, renewed, method, path.replace(/\{[^}]+\}/g, 'x'), body)
      expect(answer.status, `${method} ${path}`).toBe(403)
      // SCIM has refusals of its own shape.
      expect(answer.text, `${method} ${path}`).toContain(
        path.includes('/scim/') ? 'asks for a second factor' : '"reason":"second_factor_required"',
      )
    }
    expect((await asPerson(kit, jo, 'GET', '/api/v1/runs')).body).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('account page'),
    })
    for (const path of ['/api/v1/account', '/api/v1/account/totp', '/api/v1/account/passkeys', '/api/v1/sessions'])
      expect(await statusOf(jo, path), path).toBe(200)
    expect((await asPerson(kit, jo, 'GET', '/auth/verify')).body.secondFactor).toBe('to_enrol')
    expect((await asPerson(kit, jo, 'DELETE', '/api/v1/sessions')).status).toBe(200)
  })

  test('is met by an authenticator app that is added in that very sign-in, and by no other sign-in with the password', async () => {
    const other = await signInAs(kit, acme, jo.email)
    await set({ requireSecondFactor: 'everyone' })
    const secret = await addApp(jo)
    expect(await statusOf(jo)).toBe(200)
    expect(await statusOf((await renew(jo)).body)).toBe(200)
    expect(await statusOf(other)).toBe(403)
    expect(await statusOf((await renew(other)).body)).toBe(403)
    expect(await statusOf((await login({ code: codeNow(secret) })).body)).toBe(200)
  })

  test('is met by a passkey that is added in that very sign-in or opened it, and not by having one', async () => {
    const other = await signInAs(kit, acme, jo.email)
    await set({ requireSecondFactor: 'everyone' })
    const signIn = await addPasskey(jo)
    expect(await statusOf(jo)).toBe(200)
    expect(await statusOf((await renew(jo)).body)).toBe(200)
    expect((await asPerson(kit, other, 'GET', '/api/v1/runs')).body).toMatchObject({ reason: 'second_factor_required' })
    expect(await statusOf((await renew(other)).body)).toBe(403)
    expect(await statusOf(await signIn())).toBe(200)
    expect(await statusOf((await renew(await signIn())).body)).toBe(200)
    const byPassword = (await login()).body
    expect((await asPerson(kit, byPassword, 'GET', '/auth/verify')).body.secondFactor).toBe('to_prove')
    expect(await statusOf(byPassword)).toBe(403)
  })

  test('lets nobody who only knows the password put a factor of their own beside the one that is there', async () => {
    await addPasskey(jo)
    await set({ requireSecondFactor: 'everyone' })
    const thief = (await login()).body
    const [passkey] = (await asPerson(kit, thief, 'GET', '/api/v1/account/passkeys')).body.items
    const tries = [
      asPerson(kit, thief, 'POST', '/api/v1/account/totp', { password: PASSWORD }),
      asPerson(kit, thief, 'POST', '/api/v1/account/passkeys/options', { password: PASSWORD }),
      asPerson(kit, thief, 'DELETE', `/api/v1/account/passkeys/${passkey.id}`, { password: PASSWORD }),
      asPerson(kit, thief, 'PUT', '/api/v1/account/password', { currentPassword: PASSWORD, newPassword: 'another horse battery' }),
    ]
    for (const answer of await Promise.all(tries)) expect(answer).toMatchObject({ status: 403, body: { reason: 'second_factor_required' } })
    const id = (await asPerson(kit, thief, 'GET', '/auth/verify')).body.sessionId
    expect((await asPerson(kit, thief, 'DELETE', `/api/v1/sessions/${id}`)).status).toBe(204)
  })

  test('is asked for again once it is switched off', async () => {
    await set({ requireSecondFactor: 'everyone' })
    await addApp(jo)
    expect(await statusOf(jo)).toBe(200)
    await asPerson(kit, jo, 'POST', '/api/v1/account/totp/disable', { password: PASSWORD })
    expect(await statusOf(jo)).toBe(403)
    expect((await asPerson(kit, jo, 'GET', '/auth/verify')).body.secondFactor).toBe('to_enrol')
  })

  const passkeysOf = async (person: Pick<Person, 'accessToken'>): Promise<string[]> =>
    (await asPerson(kit, person, 'GET', '/api/v1/account/passkeys')).body.items.map(({ id }: { id: string }) => id)
  const remove = async (person: Pick<Person, 'accessToken'>, id = '') =>
    expect((await asPerson(kit, person, 'DELETE', `/api/v1/account/passkeys/${id}`, { password: PASSWORD })).status).toBe(204)

  test('is asked for again by every sign-in once the last passkey is removed, and not before', async () => {
    await set({ requireSecondFactor: 'everyone' })
    await addPasskey(jo)
    const byPasskey = await (await addPasskey(jo))()
    const [first, second] = await passkeysOf(jo)
    await remove(jo, first)
    expect([await statusOf(jo), await statusOf(byPasskey)]).toEqual([200, 200])
    await remove(jo, second)
    for (const person of [jo, byPasskey, (await renew(jo)).body, (await renew(byPasskey)).body]) {
      expect(await statusOf(person)).toBe(403)
      expect((await asPerson(kit, person, 'GET', '/auth/verify')).body.secondFactor).toBe('to_enrol')
    }
  })

  test('is not asked for again while an authenticator app is left, and is when that goes too', async () => {
    await set({ requireSecondFactor: 'everyone' })
    await addPasskey(jo)
    await addApp(jo)
    await remove(jo, (await passkeysOf(jo))[0])
    expect(await statusOf(jo)).toBe(200)
    await asPerson(kit, jo, 'POST', '/api/v1/account/totp/disable', { password: PASSWORD })
    expect(await statusOf(jo)).toBe(403)
  })

  test('is not met by an app that was begun and never proven, once the last passkey is removed', async () => {
    await set({ requireSecondFactor: 'everyone' })
    await addPasskey(jo)
    await asPerson(kit, jo, 'POST', '/api/v1/account/totp', { password: PASSWORD })
    await remove(jo, (await passkeysOf(jo))[0])
    expect(await statusOf(jo)).toBe(403)
  })

  test('that was removed before the tenant demands one opened nothing for later', async () => {
    const byPasskey = await (await addPasskey(jo))()
    await remove(jo, (await passkeysOf(jo))[0])
    await set({ requireSecondFactor: 'everyone' })
    expect([await statusOf(jo), await statusOf(byPasskey)]).toEqual([403, 403])
  })

  test('is asked for again when an administrator took it away, an app or the passkeys, whatever is left', async () => {
    await set({ requireSecondFactor: 'everyone' })
    await addApp(jo)
    expect((await call(kit, acme, 'DELETE', `/api/v1/users/${jo.id}/totp`)).status).toBe(204)
    expect(await statusOf(jo)).toBe(403)
    const signIn = await addPasskey(jo)
    const secret = await addApp(jo)
    const byPasskey = await signIn()
    expect((await call(kit, acme, 'DELETE', `/api/v1/users/${jo.id}/passkeys`)).body).toEqual({ removed: 1 })
    for (const person of [jo, byPasskey]) expect((await asPerson(kit, person, 'GET', '/auth/verify')).body.secondFactor).toBe('to_prove')
    expect(await statusOf((await login({ code: codeNow(secret) })).body)).toBe(200)
  })

  test('of administrators concerns whoever may do what only administrators may, under whatever name', async () => {
    const admin = await signInAs(kit, acme, acme.email, acme.password)
    await call(kit, acme, 'PUT', '/api/v1/roles/auditor', { permissions: ['audit:read', 'runs:read'] })
    await call(kit, acme, 'PUT', '/api/v1/roles/reader', { permissions: ['runs:read'] })
    const [auditor, reader] = [await addMember(kit, acme, 'auditor', 'al'), await addMember(kit, acme, 'reader', 'rae')]
    await set({ requireSecondFactor: 'administrators' })
    expect(await Promise.all([admin, auditor, reader, jo].map((person) => statusOf(person)))).toEqual([403, 403, 200, 200])
    await call(kit, acme, 'PUT', `/api/v1/users/${jo.id}/role`, { role: 'admin' })
    expect(await statusOf(jo)).toBe(403)
  })

  test('concerns no program', async () => {
    await set({ requireSecondFactor: 'everyone' })
    const account = (await call(kit, acme, 'POST', '/api/v1/service-accounts', { name: 'Import', role: 'client' })).body
    const { key } = (await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'k', serviceAccountId: account.id })).body
    expect((await call(kit, { ...acme, apiKey: key }, 'GET', '/api/v1/runs')).status).toBe(200)
  })

  test('locks out no administrator who sets it: who has none adds one, who has one must have used it', async () => {
    const admin = await signInAs(kit, acme, acme.email, acme.password)
    const byAdmin = (policy: object, person: Pick<Person, 'accessToken'> = admin) => asPerson(kit, person, 'PUT', PATH, policy)
    expect((await byAdmin({ requireSecondFactor: 'administrators' })).status).toBe(200)
    expect((await byAdmin({ requireSecondFactor: 'none' })).body.reason).toBe('second_factor_required')
    const { secret } = (await asPerson(kit, admin, 'POST', '/api/v1/account/totp', { password: acme.password })).body
    await asPerson(kit, admin, 'POST', '/api/v1/account/totp/confirm', { code: codeNow(secret) })
    expect((await byAdmin({ requireSecondFactor: 'none' })).status).toBe(200)
    const joAsAdmin = { ...jo }
    await call(kit, acme, 'PUT', `/api/v1/users/${jo.id}/role`, { role: 'admin' })
    const byPassword = await signInAs(kit, acme, jo.email)
    const signIn = await addPasskey(joAsAdmin)
    expect(await byAdmin({ requireSecondFactor: 'everyone' }, byPassword)).toMatchObject({ status: 409 })
    expect((await byAdmin({ idleMinutes: 60 }, byPassword)).status).toBe(200)
    expect((await byAdmin({ requireSecondFactor: 'everyone' }, await signIn())).status).toBe(200)
  })

  test('no ticket and no header opens the live events of a run without it', async () => {
    await set({ requireSecondFactor: 'everyone' })
    expect((await asPerson(kit, jo, 'GET', '/api/v1/runs/run_x/events')).body.reason).toBe('second_factor_required')
  })
})

describe('the end of a sign-in', () => {
  test('comes after rest, for the access token and for the renewal, which ends it for good', async () => {
    await set({ idleMinutes: 30 })
    kit.clock.advance(30 * MINUTE_MS - 1)
    expect(await statusOf(jo)).toBe(200)
    kit.clock.advance(30 * MINUTE_MS)
    expect(await statusOf(jo)).toBe(401)
    expect(await renew(jo)).toMatchObject({ status: 401, body: { reason: 'session_ended', code: 'unauthenticated' } })
    await set({})
    expect(await statusOf(jo)).toBe(401)
    expect((await renew(jo)).status).toBe(401)
    expect((await call(kit, acme, 'GET', '/api/v1/security-events?kind=refresh_token_reused')).body.items).toEqual([])
  })

  test('does not come while requests come, and is shown with the device', async () => {
    await set({ idleMinutes: 5 })
    for (let minute = 0; minute < 55; minute += 4) {
      kit.clock.advance(4 * MINUTE_MS)
      expect(await statusOf(jo)).toBe(200)
    }
    const [device] = (await asPerson(kit, jo, 'GET', '/api/v1/sessions')).body.items
    expect(device).toMatchObject({
      lastUsedAt: kit.clock.now().toISOString(),
      expiresAt: new Date(kit.clock.now().getTime() + 5 * MINUTE_MS).toISOString(),
    })
    expect((await renew(jo)).status).toBe(200)
  })

  test('counts rest from when it was limited, so that nobody at work is thrown out', async () => {
    kit.clock.advance(50 * MINUTE_MS)
    await set({ idleMinutes: 5 })
    expect(await statusOf(jo)).toBe(200)
    kit.clock.advance(5 * MINUTE_MS)
    expect(await statusOf(jo)).toBe(401)
  })

  test('stays when the policy is changed afterwards', async () => {
    await set({ idleMinutes: 5 })
    kit.clock.advance(5 * MINUTE_MS)
    await set({ idleMinutes: 5, absoluteHours: 8 })
    expect(await statusOf(jo)).toBe(401)
    await set({ idleMinutes: 6, absoluteHours: 8 })
    kit.clock.advance(MINUTE_MS)
    expect((await renew(jo)).body.reason).toBe('session_ended')
  })

  test('comes so long after the sign-in, however much it is used and renewed', async () => {
    await set({ absoluteHours: 2 })
    let tokens: { accessToken: string; refreshToken: string } = jo
    kit.clock.advance(HOUR_MS)
    tokens = (await renew(tokens)).body
    kit.clock.advance(HOUR_MS - 1)
    expect(await statusOf(tokens)).toBe(200)
    kit.clock.advance(1)
    expect(await statusOf(tokens)).toBe(401)
    expect((await renew(tokens)).body.reason).toBe('session_ended')
    expect(await statusOf((await login()).body)).toBe(200)
  })
})
