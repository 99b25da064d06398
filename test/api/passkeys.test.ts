import { beforeEach, describe, expect, test } from 'vitest'
import { hotp } from '../../workers/adapters/node-totp'
import { siteOf } from '../../workers/domain/site'
import { type Authenticator, createAuthenticator } from '../fakes/authenticator'
import { type Account, call, createAccount, createKit, type Kit } from './kit'
import { addMember, asPerson, PASSWORD, type Person } from './members'

const ORIGIN = 'https://steward.example.com'
const site = { origin: ORIGIN }

let kit: Kit
let acme: Account
let jo: Person
let device: Authenticator
beforeEach(async () => {
  kit = createKit({ site: (url) => siteOf({ publicUrl: ORIGIN, trustsRequest: false }, url) })
  acme = await createAccount(kit, 'acme')
  jo = await addMember(kit, acme, 'agent', 'jo')
  device = createAuthenticator()
})

const mine = (method: string, path = '', body?: unknown, person = jo) =>
  asPerson(kit, person, method, `/api/v1/account/passkeys${path}`, body)
const begin = async (person = jo) => (await mine('POST', '/options', {}, person)).body
const add = async (authenticator = device, person = jo, where: object = {}) =>
  await mine('POST', '', { name: 'Laptop', credential: authenticator.create(await begin(person), { ...site, ...where }) }, person)
const beginSignIn = async () => (await call(kit, undefined, 'POST', '/auth/passkeys/options')).body
const send = (credential: unknown, more: object = {}) => call(kit, undefined, 'POST', '/auth/passkeys', { credential, ...more })
const signIn = async (authenticator = device, where: object = {}) =>
  await send(authenticator.get(await beginSignIn(), { ...site, ...where }))
/** What an authenticator app shows, for a secret in base32. */
function codeNow(secret: string, at: Date): string {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  return hotp(key, Math.floor(at.getTime() / 30_000), 6)
}
const REFUSED = { status: 401, body: { detail: 'The passkey is not known here or was not accepted; sign in in another way.' } }

describe('adding a passkey', () => {
  test('the options ask for a discoverable credential of a verified person, and name nothing but the address', async () => {
    const options = await begin()
    expect(options).toMatchObject({
      rp: { id: 'steward.example.com', name: 'Steward' },
      user: { name: jo.email },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [],
    })
    expect(options.pubKeyCredParams.map(({ alg }: { alg: number }) => alg)).toEqual([-7, -8, -257])
  })

  test('a passkey is added, listed without its key, excluded the next time, and told of', async () => {
    const added = await add()
    expect(added).toMatchObject({ status: 201, body: { name: 'Laptop', isSynced: false } })
    const { body, text } = await mine('GET')
    expect(body.items).toEqual([added.body])
    expect(text).not.toContain('publicKey')
    expect((await begin()).excludeCredentials).toHaveLength(1)
    expect((await call(kit, acme, 'GET', '/api/v1/security-events?kind=passkey_added')).body.items).toHaveLength(1)
  })

  test('an answer is taken once, in time, by the one who asked, from our origin and for our domain', async () => {
    const eve = await addMember(kit, acme, 'agent', 'eve')
    const options = await begin()
    const credential = device.create(options, site)
    expect(await mine('POST', '', { credential }, eve)).toMatchObject({ status: 400, body: { reason: 'passkey_refused' } })
    expect((await mine('POST', '', { credential })).status).toBe(400)
    const again = device.create(await begin(), site)
    expect((await mine('POST', '', { credential: again })).status).toBe(201)
    expect((await mine('POST', '', { credential: again })).status).toBe(400)
    const late = createAuthenticator().create(await begin(), site)
    kit.clock.advance(5 * 60_000)
    expect((await mine('POST', '', { credential: late })).status).toBe(400)
    expect((await add(createAuthenticator(), jo, { origin: 'https://evil.example' })).status).toBe(400)
    expect((await add(createAuthenticator(), jo, { domain: 'evil.example' })).status).toBe(400)
    const unverified = createAuthenticator()
    unverified.isPersonVerified = false
    expect((await add(unverified)).status).toBe(400)
    expect((await mine('GET')).body.items).toHaveLength(1)
  })

  test('a sign-in challenge adds nothing', async () => {
    const { challenge } = await beginSignIn()
    const credential = device.create({ challenge, rp: { id: 'steward.example.com' }, user: { id: 'x' } }, site)
    expect((await mine('POST', '', { credential })).status).toBe(400)
  })

  test('a credential belongs to one person only', async () => {
    await add()
    const eve = await addMember(kit, await createAccount(kit, 'beta'), 'agent', 'eve')
    expect((await add(device, eve)).status).toBe(409)
  })

  test('it takes the password once the sign-in is ten minutes old', async () => {
    kit.clock.advance(10 * 60_000 + 1)
    expect(await mine('POST', '/options', {})).toMatchObject({ status: 403, body: { reason: 'reauthentication_required' } })
    expect(await mine('POST', '/options', { password: 'wrong' })).toMatchObject({ status: 403, body: { reason: 'wrong_password' } })
    expect((await mine('POST', '/options', { password: PASSWORD })).status).toBe(200)
  })

  test('an API key has no passkeys', async () => {
    expect((await call(kit, acme, 'GET', '/api/v1/account/passkeys')).body.items).toEqual([])
    expect((await call(kit, acme, 'POST', '/api/v1/account/passkeys/options', {})).status).toBe(400)
  })
})

describe('signing in with a passkey', () => {
  beforeEach(async () => void (await add()))

  test('a closed tenant is not entered with it', async () => {
    await kit.identity.setLife(acme.tenantId, { suspendedAt: '2026-11-21T09:00:00.000Z' })
    expect(await signIn()).toMatchObject({ status: 403, body: { reason: 'tenant_suspended' } })
    await kit.identity.setLife(acme.tenantId, {})
    expect((await signIn()).status).toBe(200)
  })

  test('the options name nobody', async () => {
    expect(await beginSignIn()).toMatchObject({ rpId: 'steward.example.com', userVerification: 'required' })
    expect((await beginSignIn()).allowCredentials ?? []).toEqual([])
  })

  test('it opens the account, and stands for both factors', async () => {
    const { secret } = (await asPerson(kit, jo, 'POST', '/api/v1/account/totp', { password: PASSWORD })).body
    const code = codeNow(secret, kit.clock.now())
    expect((await asPerson(kit, jo, 'POST', '/api/v1/account/totp/confirm', { code })).status).toBe(200)
    const byPassword = await call(kit, undefined, 'POST', '/auth/login', { tenant: 'acme', email: jo.email, password: PASSWORD })
    expect(byPassword.body.reason).toBe('second_factor_required')
    const answer = await signIn()
    expect(answer.status).toBe(200)
    const who = await asPerson(kit, answer.body, 'GET', '/auth/verify')
    expect(who.body).toMatchObject({ id: jo.id, tenantId: acme.tenantId, role: 'agent' })
    expect((await mine('GET')).body.items[0].lastUsedAt).toBe(kit.clock.now().toISOString())
  })

  test('an answer is good once, also when two come at the same time', async () => {
    const credential = device.get(await beginSignIn(), site)
    const statuses = await Promise.all([send(credential), send(credential)])
    expect(statuses.map(({ status }) => status).sort()).toEqual([200, 401])
    expect(await send(credential)).toMatchObject(REFUSED)
  })

  test('another origin, another domain, an unverified person and an old challenge are refused alike', async () => {
    expect(await signIn(device, { origin: 'https://evil.example' })).toMatchObject(REFUSED)
    expect(await signIn(device, { domain: 'evil.example' })).toMatchObject(REFUSED)
    device.isPersonVerified = false
    expect(await signIn()).toMatchObject(REFUSED)
    device.isPersonVerified = true
    const late = device.get(await beginSignIn(), site)
    kit.clock.advance(5 * 60_000)
    expect(await send(late)).toMatchObject(REFUSED)
    expect((await signIn()).status).toBe(200)
  })

  test('an unknown credential, a forged signature, and a challenge of another ceremony are refused alike', async () => {
    const stranger = createAuthenticator()
    stranger.userHandle = device.userHandle
    expect(await signIn(stranger)).toMatchObject(REFUSED)
    const forged = stranger.get(await beginSignIn(), site)
    const { id } = device.get(await beginSignIn(), site)
    expect(await send({ ...forged, id, rawId: id })).toMatchObject(REFUSED)
    expect(await send(device.get({ ...(await begin()), rpId: 'steward.example.com' }, site))).toMatchObject(REFUSED)
    expect((await send({ ...forged, id: '!' })).status).toBe(400)
  })

  test('a counter that goes back is refused, and administrators are told; a forged one tells nobody anything', async () => {
    expect((await signIn()).status).toBe(200)
    const forger = createAuthenticator()
    forger.userHandle = device.userHandle
    forger.counter = -1
    const { id } = device.get({ challenge: 'unasked' }, site)
    expect(await send({ ...forger.get(await beginSignIn(), site), id, rawId: id })).toMatchObject(REFUSED)
    expect((await call(kit, acme, 'GET', '/api/v1/security-events?kind=passkey_counter_reversed')).body.items).toEqual([])
    device.counter = 0
    expect(await signIn()).toMatchObject(REFUSED)
    const { body, text } = await call(kit, acme, 'GET', '/api/v1/security-events?kind=passkey_counter_reversed')
    expect(body.items).toMatchObject([{ actor: jo.id }])
    expect(text).not.toContain(device.userHandle)
    expect((await signIn()).status).toBe(200)
  })

  test("another tenant's credential opens only its own account", async () => {
    const beta = await createAccount(kit, 'beta')
    const eve = await addMember(kit, beta, 'agent', 'eve')
    const hers = createAuthenticator()
    await add(hers, eve)
    const answer = await signIn(hers)
    expect((await asPerson(kit, answer.body, 'GET', '/auth/verify')).body).toMatchObject({ id: eve.id, tenantId: beta.tenantId })
    expect(await send(hers.get(await beginSignIn(), site), { tenant: 'acme' })).toMatchObject(REFUSED)
    hers.userHandle = device.userHandle
    expect(await signIn(hers)).toMatchObject(REFUSED)
    const [passkey] = (await mine('GET')).body.items
    expect((await mine('DELETE', `/${passkey.id}`, undefined, eve)).status).toBe(404)
  })

  test('a disabled account is refused alike, and a removed passkey too', async () => {
    await call(kit, acme, 'POST', `/api/v1/users/${jo.id}/disable`)
    expect(await signIn()).toMatchObject(REFUSED)
    await call(kit, acme, 'POST', `/api/v1/users/${jo.id}/enable`)
    const answer = await signIn()
    const [passkey] = (await mine('GET', '', undefined, answer.body)).body.items
    kit.clock.advance(11 * 60_000)
    expect((await mine('DELETE', `/${passkey.id}`, undefined, answer.body)).body.reason).toBe('reauthentication_required')
    expect((await mine('DELETE', `/${passkey.id}`, { password: PASSWORD }, answer.body)).status).toBe(204)
    expect((await mine('DELETE', `/${passkey.id}`, { password: PASSWORD }, answer.body)).status).toBe(404)
    expect(await signIn()).toMatchObject(REFUSED)
  })

  test('an administrator takes the passkeys of a lost device away', async () => {
    const beta = await createAccount(kit, 'beta')
    expect((await call(kit, beta, 'DELETE', `/api/v1/users/${jo.id}/passkeys`)).status).toBe(404)
    expect((await call(kit, acme, 'DELETE', `/api/v1/users/${jo.id}/passkeys`)).body).toEqual({ removed: 1 })
    expect(await signIn()).toMatchObject(REFUSED)
  })

  test('an address that guesses waits, and so does one that only begins', async () => {
    const forged = createAuthenticator()
    forged.userHandle = device.userHandle
    for (let time = 0; time < 10; time += 1) await signIn(forged)
    expect((await signIn(forged)).status).toBe(429)
    expect((await signIn()).status).toBe(200)
    let status = 200
    for (let time = 0; time < 300 && status === 200; time += 1)
      status = (await call(kit, undefined, 'POST', '/auth/passkeys/options')).status
    expect(status).toBe(429)
  })
})

test('an installation that does not know its own address refuses passkeys, whatever a request says', async () => {
  kit = createKit({ site: (url) => siteOf({ trustsRequest: false }, url) })
  const { status, body } = await call(kit, undefined, 'POST', '/auth/passkeys/options')
  expect({ status, detail: body.detail }).toEqual({ status: 503, detail: expect.stringContaining('PUBLIC_URL') })
})
