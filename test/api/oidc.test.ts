import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOutbound } from '../../workers/adapters/guarded-outbound'
import { createOidcClient } from '../../workers/adapters/oidc-client'
import { PLANS } from '../../workers/domain/plans'
import { siteOf } from '../../workers/domain/site'
import { CLIENT, type CompanyLogin, type Employee, startCompanyLogin } from '../fakes/company-login'
import { createFakeMoney } from '../fakes/money'
import { type Account, call, createAccount, createKit, type Kit } from './kit'
import { addMember, asPerson } from './members'

const ORIGIN = 'https://steward.example.com'
const callbackOf = (tenant: string, name = 'company') => `${ORIGIN}/api/v1/auth/oidc/callback/${tenant}/${name}`
const CALLBACK = callbackOf('acme')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

let login: CompanyLogin
beforeAll(async () => {
  login = await startCompanyLogin(CALLBACK, callbackOf('beta'))
})
afterAll(async () => await login.stop())

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createTheKit()
  acme = await createAccount(kit, 'acme')
  expect((await save()).status).toBe(200)
})

/** Addresses that the Worker has asked. */
const asked: string[] = []
/** As many providers do not say in their answers who they are, nor that they would. */
let saysNothingOfItself = false

function createTheKit({ allowLoopback = true } = {}): Kit {
  const outbound = createOutbound({
    allowLoopback,
    fetch: async (url, init) => {
      asked.push(url)
      const answer = await fetch(url, init)
      if (!saysNothingOfItself || !url.endsWith('/.well-known/openid-configuration')) return answer
      return Response.json({ ...((await answer.json()) as object), authorization_response_iss_parameter_supported: false })
    },
  })
  return createKit({
    site: (url) => siteOf({ publicUrl: ORIGIN, trustsRequest: false }, url),
    openId: createOidcClient({ outbound, allowLoopback }),
  })
}

const save = (more: object = {}, account = acme) =>
  call(kit, account, 'PUT', '/api/v1/identity-providers/company', {
    issuer: login.issuer,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    allowedDomains: ['acme.example'],
    createsAccounts: true,
    ...more,
  })
const JO: Employee = { sub: 'e-1', email: 'Jo@acme.example', email_verified: true, name: 'Jo Doe' }
const events = async (kind: string) => (await call(kit, acme, 'GET', `/api/v1/security-events?kind=${kind}`)).body.items

/** A person's browser, with its one cookie and what the dashboard keeps. */
interface Browser {
  verifier: string
  cookie: string
  /** Where the provider was to be opened. */
  start: URL
}

async function begin(path = '/auth/oidc/acme/company'): Promise<Browser> {
  const verifier = randomBytes(32).toString('hex')
  const response = await kit.app.request(`${ORIGIN}${path}?challenge=${sha256(verifier)}`)
  expect(response.status).toBe(302)
  const [cookie = ''] = (response.headers.get('Set-Cookie') ?? '').split(';')
  return { verifier, cookie, start: new URL(response.headers.get('Location') ?? '') }
}

async function comeBack({ cookie }: Pick<Browser, 'cookie'>, back: URL): Promise<URLSearchParams> {
  const response = await kit.app.request(back.href, { headers: { cookie } })
  expect(response.status).toBe(302)
  const target = new URL(response.headers.get('Location') ?? '')
  expect(target.origin + target.pathname + target.search).toBe(`${ORIGIN}/sign-in`)
  return new URLSearchParams(target.hash.slice(1))
}

const trade = (code: string | null, verifier: string) => call(kit, undefined, 'POST', '/auth/oidc/token', { code, verifier })

async function signIn(employee: Employee) {
  login.employee = employee
  const browser = await begin()
  const answer = await comeBack(browser, await login.follow(browser.start.href))
  return { error: answer.get('sso_error'), code: answer.get('sso_code'), ...browser }
}
async function enter(employee: Employee) {
  const { error, code, verifier } = await signIn(employee)
  if (error !== null) return { error }
  const { body } = await trade(code, verifier)
  return (await asPerson(kit, body, 'GET', '/auth/verify')).body
}

describe('signing in', () => {
  test('sends the browser away with PKCE, state and nonce, and a cookie that only this host gets back', async () => {
    const verifier = 'v'.repeat(40)
    const response = await kit.app.request(`${ORIGIN}/api/v1/auth/oidc/acme/company?challenge=${sha256(verifier)}`)
    const url = new URL(response.headers.get('Location') ?? '')
    expect(url.origin).toBe(login.issuer)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: CLIENT.id,
      redirect_uri: CALLBACK,
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^\w{48}$/),
      nonce: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(response.headers.get('Set-Cookie')).toMatch(
      /^__Host-steward-sign-in=\w{48}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  test('counts as strong where the tenant asks for a second factor', async () => {
    await call(kit, acme, 'PUT', '/api/v1/tenant/sign-in-policy', { requireSecondFactor: 'everyone' })
    const { code, verifier } = await signIn(JO)
    const { body } = await trade(code, verifier)
    expect((await asPerson(kit, body, 'GET', '/api/v1/runs')).status).toBe(200)
    const renewed = await call(kit, undefined, 'POST', '/auth/refresh', { refreshToken: body.refreshToken })
    expect((await asPerson(kit, renewed.body, 'GET', '/auth/verify')).body.secondFactor).toBeUndefined()
  })

  test('makes an account for somebody new, and finds it by subject afterwards, whatever the address is by then', async () => {
    const first = await enter(JO)
    expect(first).toMatchObject({ kind: 'user', tenantId: acme.tenantId, role: 'client' })
    const user = (await call(kit, acme, 'GET', `/api/v1/users/${first.id}`)).body
    expect(user).toMatchObject({ email: 'jo@acme.example', name: 'Jo Doe', emailVerifiedAt: expect.any(String) })
    expect((await enter({ ...JO, email: 'jo.smith@acme.example', email_verified: false })).id).toBe(first.id)
    expect((await events('user_joined')).length).toBe(1)
    expect(await events('identity_linked')).toMatchObject([{ actor: first.id, detail: `company: ${first.id}` }])
  })

  test('opens the account that there is for a verified address of an allowed domain', async () => {
    const jo = await addMember(kit, acme, 'agent', 'jo')
    await save({ createsAccounts: false })
    expect(await enter(JO)).toMatchObject({ id: jo.id, role: 'agent' })
    expect(await enter({ sub: 'e-2', email: 'new@acme.example', email_verified: true })).toEqual({ error: 'refused' })
  })

  test('no token stands in an address, and the code is good once, for its browser, for a minute', async () => {
    const { code, verifier } = await signIn(JO)
    expect((await trade(code, 'w'.repeat(40))).status).toBe(401)
    expect((await trade(code, verifier)).status).toBe(401)
    const again = await signIn(JO)
    expect((await trade(again.code, again.verifier)).body).toMatchObject({ tokenType: 'Bearer' })
    expect((await trade(again.code, again.verifier)).status).toBe(401)
    const late = await signIn(JO)
    kit.clock.advance(60_000)
    expect((await trade(late.code, late.verifier)).status).toBe(401)
  })

  test('two who come for the first time at once are one person', async () => {
    login.employee = JO
    const browsers = await Promise.all([begin(), begin()])
    const backs = await Promise.all(browsers.map((browser) => login.follow(browser.start.href)))
    const answers = await Promise.all(backs.map((back, index) => comeBack(browsers[index]!, back)))
    expect(answers.map((answer) => answer.get('sso_error'))).toEqual([null, null])
    expect((await call(kit, acme, 'GET', '/api/v1/users')).body.items).toHaveLength(2)
  })
})

describe('what does not hold', () => {
  test('a state that nobody began, or that another browser began', async () => {
    login.employee = JO
    const browser = await begin()
    const back = await login.follow(browser.start.href)
    const altered = new URL(back)
    altered.searchParams.set('state', 'x'.repeat(48))
    expect((await comeBack(browser, altered)).get('sso_error')).toBe('failed')
    expect((await comeBack(await begin(), back)).get('sso_error')).toBe('failed')
    // The state is used up by the attempt.
    expect((await comeBack(browser, back)).get('sso_error')).toBe('failed')
    const other = await begin()
    expect((await comeBack({ cookie: '' }, await login.follow(other.start.href))).get('sso_error')).toBe('failed')
  })

  test('an answer that comes again', async () => {
    login.employee = JO
    const browser = await begin()
    const back = await login.follow(browser.start.href)
    expect((await comeBack(browser, back)).get('sso_code')).toBeTruthy()
    expect((await comeBack(browser, back)).get('sso_error')).toBe('failed')
    const second = await begin()
    const replayed = new URL(back)
    replayed.searchParams.set('state', second.start.searchParams.get('state') ?? '')
    expect((await comeBack(second, replayed)).get('sso_error')).toBe('failed')
  })

  test('an ID token for another nonce, and a code for another verifier', async () => {
    login.employee = JO
    for (const [name, value] of [
      ['nonce', 'of somebody else'],
      ['code_challenge', createHash('sha256').update('of somebody else').digest('base64url')],
    ] as const) {
      const browser = await begin()
      browser.start.searchParams.set(name, value)
      expect((await comeBack(browser, await login.follow(browser.start.href))).get('sso_error'), name).toBe('failed')
    }
    expect((await call(kit, acme, 'GET', '/api/v1/users')).body.items).toHaveLength(1)
  })

  test('an answer in the name of another issuer, and one that the person refused', async () => {
    login.employee = JO
    const browser = await begin()
    const back = await login.follow(browser.start.href)
    back.searchParams.set('iss', 'https://evil.example')
    expect((await comeBack(browser, back)).get('sso_error')).toBe('failed')
    const other = await begin()
    const denied = new URL(`${CALLBACK}?error=access_denied&state=${other.start.searchParams.get('state')}&iss=${login.issuer}`)
    expect((await comeBack(other, denied)).get('sso_error')).toBe('failed')
  })

  test('an answer of one provider is never shown to another one, which the person was lured to begin with', async () => {
    saysNothingOfItself = true
    const evil = await createAccount(kit, 'evil')
    const trap = await startCompanyLogin(callbackOf('evil'))
    await save({ issuer: trap.issuer }, evil)
    // The trap sends the browser on to the real provider with the state of its own sign-in, and waits for that one's code.
    const lured = await begin('/auth/oidc/evil/company')
    const answer = `?code=${'c'.repeat(43)}&state=${lured.start.searchParams.get('state')}`
    expect((await comeBack(lured, new URL(`${CALLBACK}${answer}`))).get('sso_error')).toBe('failed')
    expect(asked.filter((url) => url === `${trap.issuer}/token`)).toEqual([])
    const own = await begin('/auth/oidc/evil/company')
    await comeBack(own, new URL(`${callbackOf('evil')}?code=x&state=${own.start.searchParams.get('state')}`))
    expect(asked.filter((url) => url === `${trap.issuer}/token`)).toHaveLength(1)
    await trap.stop()
    saysNothingOfItself = false
  })

  test('a sign-in that takes longer than ten minutes', async () => {
    login.employee = JO
    const browser = await begin()
    const back = await login.follow(browser.start.href)
    kit.clock.advance(10 * 60_000)
    expect((await comeBack(browser, back)).get('sso_error')).toBe('failed')
  })

  test('a wrong client secret', async () => {
    await save({ clientSecret: 'wrong' })
    expect((await signIn(JO)).error).toBe('failed')
  })
})

describe('who may not come in', () => {
  test.each([
    ['an address that the provider has not verified', { ...JO, email_verified: false }, 'has not verified'],
    ['an address of another domain', { ...JO, email: 'jo@evil.example' }, 'domain'],
    ['an address that only looks so', { ...JO, email: 'jo@acme.example.evil.example' }, 'domain'],
    ['no address', { sub: 'e-1' }, 'no e-mail address'],
  ])('%s', async (_, employee, why) => {
    await addMember(kit, acme, 'agent', 'jo')
    expect(await enter(employee)).toEqual({ error: 'refused' })
    expect((await events('identity_refused'))[0].detail).toContain(why)
    expect(JSON.stringify(await events('identity_refused'))).not.toContain('evil')
  })

  test('a disabled account, before and after it is linked', async () => {
    const jo = await addMember(kit, acme, 'agent', 'jo')
    await call(kit, acme, 'POST', `/api/v1/users/${jo.id}/disable`)
    expect(await enter(JO)).toEqual({ error: 'refused' })
    await call(kit, acme, 'POST', `/api/v1/users/${jo.id}/enable`)
    expect((await enter(JO)).id).toBe(jo.id)
    const { code, verifier } = await signIn(JO)
    await call(kit, acme, 'POST', `/api/v1/users/${jo.id}/disable`)
    expect((await trade(code, verifier)).status).toBe(401)
    expect(await enter(JO)).toEqual({ error: 'refused' })
  })

  test("a person of another tenant's provider, though subject and address are the same", async () => {
    await enter(JO)
    const beta = await createAccount(kit, 'beta')
    await save({ createsAccounts: false }, beta)
    login.employee = JO
    const browser = await begin('/auth/oidc/beta/company')
    expect((await comeBack(browser, await login.follow(browser.start.href))).get('sso_error')).toBe('refused')
  })
})

describe('roles', () => {
  const mapped = {
    roleClaim: 'groups',
    roleMapping: [
      { value: 'bosses', role: 'admin' },
      { value: 'staff', role: 'agent' },
    ],
  }

  test('come from the claim, anew at each sign-in', async () => {
    await save(mapped)
    expect((await enter({ ...JO, groups: ['staff', 'bosses'] })).role).toBe('admin')
    expect((await enter({ ...JO, groups: ['staff'] })).role).toBe('agent')
    expect((await enter(JO)).role).toBe('client')
    expect((await events('user_role_changed')).length).toBe(2)
  })

  test('the last administrator stays one', async () => {
    await save(mapped)
    const boss = await enter({ sub: 'e-9', email: acme.email, email_verified: true, groups: ['staff'] })
    expect(boss).toMatchObject({ id: acme.adminId, role: 'admin' })
  })

  test('one that is gone lets nobody in, and administrators see why', async () => {
    await call(kit, acme, 'PUT', '/api/v1/roles/clerk', { permissions: ['runs:read'] })
    await save({ defaultRole: 'clerk' })
    await call(kit, acme, 'DELETE', '/api/v1/roles/clerk')
    expect(await enter(JO)).toEqual({ error: 'refused' })
    expect((await events('identity_refused'))[0].detail).toContain("no role 'clerk'")
  })
})

describe('the provider', () => {
  test('that is down, unknown, or of an unknown tenant sends the person back alike', async () => {
    await save({ issuer: 'http://127.0.0.1:9' })
    for (const path of ['/auth/oidc/acme/company', '/auth/oidc/acme/other', '/auth/oidc/nobody/company']) {
      const { start } = await begin(path)
      expect(start.href).toBe(`${ORIGIN}/sign-in#sso_error=unavailable`)
    }
  })

  test('that goes down meanwhile says so', async () => {
    const mortal = await startCompanyLogin(CALLBACK)
    await save({ issuer: mortal.issuer })
    mortal.employee = JO
    const browser = await begin()
    const back = await mortal.follow(browser.start.href)
    const stolen = await begin()
    const theirs = await mortal.follow(stolen.start.href)
    await mortal.stop()
    // Another browser's answer is not even shown to the provider.
    expect((await comeBack(browser, theirs)).get('sso_error')).toBe('failed')
    expect((await comeBack(browser, back)).get('sso_error')).toBe('unavailable')
  })

  test('that says it is somebody else is not believed', async () => {
    await save({ issuer: login.issuer.replace('127.0.0.1', 'localhost') })
    expect((await begin()).start.hash).toBe('#sso_error=unavailable')
  })

  test('on loopback is reached only where development allows it', async () => {
    kit = createTheKit({ allowLoopback: false })
    acme = await createAccount(kit, 'acme')
    await save()
    expect((await begin()).start.hash).toBe('#sso_error=unavailable')
  })

  test('an address that begins too often waits', async () => {
    await save({ issuer: 'http://127.0.0.1:9' })
    let status = 302
    for (let time = 0; time <= 300 && status === 302; time += 1)
      status = (await kit.app.request(`${ORIGIN}/auth/oidc/nobody/x?challenge=${'0'.repeat(64)}`)).status
    expect(status).toBe(429)
  })
})

describe('a tenant', () => {
  test('that is closed is not entered by way of a provider', async () => {
    expect((await enter(JO)).id).toMatch(/^usr_/)
    const { code, verifier } = await signIn(JO)
    await kit.identity.setLife(acme.tenantId, { suspendedAt: '2026-11-21T09:00:00.000Z' })
    expect(await trade(code, verifier)).toMatchObject({ status: 403, body: { reason: 'tenant_suspended' } })
    await kit.identity.setLife(acme.tenantId, {})
    expect((await enter(JO)).id).toMatch(/^usr_/)
  })

  test('without a seat gets no account just in time, and its administrators see why; who has one comes in', async () => {
    kit = withSeats(2)
    acme = await createAccount(kit, 'acme')
    expect((await save()).status).toBe(200)
    expect((await enter(JO)).id).toMatch(/^usr_/)
    expect((await enter({ ...JO, sub: 'e-2', email: 'eve@acme.example' })).error).toBeDefined()
    expect((await events('identity_refused'))[0].detail).toContain("The plan 'trial' has 2 users")
    expect((await enter(JO)).id).toMatch(/^usr_/)
  })
})

function withSeats(seats: number): Kit {
  const outbound = createOutbound({ allowLoopback: true, fetch: (url, init) => fetch(url, init) })
  return createKit({
    site: (url) => siteOf({ publicUrl: ORIGIN, trustsRequest: false }, url),
    openId: createOidcClient({ outbound, allowLoopback: true }),
    money: () => createFakeMoney({ ...PLANS.trial, seats }),
  })
}
