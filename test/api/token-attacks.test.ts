import { decodeJwt, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { createJoseTokens } from '../../workers/adapters/jose-tokens'
import { createTemporarySigningKey } from '../../workers/adapters/signing-keys'
import { createTestClock } from '../fakes/clock'
import { forgeriesOf } from './forged-tokens'
import { type Account, call, createAccount, createKit, type Kit } from './kit'
import { addMember } from './members'

const keys = createTemporarySigningKey()
const clock = createTestClock()
let kit: Kit
let acme: Account
let globex: Account
let pair: { accessToken: string; refreshToken: string }
let ticket: string
let runId: string

beforeAll(async () => {
  kit = createKit({ tokens: createJoseTokens(keys, 'steward', clock), clock })
  acme = await createAccount(kit, 'acme')
  globex = await createAccount(kit, 'globex')
  pair = (await call(kit, undefined, 'POST', '/auth/login', { tenant: acme.slug, email: acme.email, password: acme.password })).body
  runId = (await call(kit, acme, 'POST', '/api/v1/runs', { workflow: 'document-intake', input: { documentId: 'd' } })).body.id
  ticket = (await call(kit, acme, 'POST', `/api/v1/runs/${runId}/events/ticket`)).body.ticket
})

const withToken = (token: string, path = '/api/v1/auth/verify') =>
  call(kit, undefined, 'GET', path, undefined, { Authorization: `Bearer ${token}` })
const withTicket = (token: string) => call(kit, undefined, 'GET', `/api/v1/runs/${runId}/events?ticket=${encodeURIComponent(token)}`)
const REFUSED = { status: 401, body: { code: 'unauthenticated', status: 401 } }

/** Signed with the key of the installation: what is wrong lies in the claims alone. */
async function signed(change: object | ((claims: JWTPayload) => JWTPayload), header: object = {}): Promise<string> {
  const { kid, privateKey } = await keys.signer()
  const claims = decodeJwt(pair.accessToken)
  const payload: JWTPayload = typeof change === 'function' ? change(claims) : Object.assign(claims, change)
  return await new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT', ...header })
    .sign(privateKey, { crit: { 'x-own': true } })
}
const without =
  (...names: string[]) =>
  (claims: JWTPayload): JWTPayload =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)))
const now = () => Math.floor(clock.now().getTime() / 1_000)

test('the token that all attacks start from is good, and so is its copy signed here', async () => {
  expect((await withToken(pair.accessToken)).status).toBe(200)
  expect((await withToken(await signed({}))).status).toBe(200)
  // Not a WebSocket request, so 400: who it is was accepted.
  expect((await withTicket(ticket)).status).toBe(400)
})

test('nothing that is made from a good token and the public key opens anything', async () => {
  const [key] = (await call(kit, undefined, 'GET', '/.well-known/jwks.json')).body.keys
  const forgeries = Object.entries(forgeriesOf(pair.accessToken, key, globex.tenantId))
  expect(forgeries.length).toBeGreaterThan(75)
  for (const [name, token] of forgeries) {
    const answer = await withToken(token)
    expect(answer, name).toMatchObject(REFUSED)
    expect(answer.headers.get('Content-Type'), name).toBe('application/problem+json')
    expect(answer.headers.get('WWW-Authenticate'), name).toBe('Bearer')
    // Which check it was that refused is nobody's business.
    expect(answer.body.reason, name).toBeUndefined()
  }
  for (const [name, token] of Object.entries(forgeriesOf(ticket, key, globex.tenantId)))
    expect(await withTicket(token), name).toMatchObject(REFUSED)
})

const CLAIMS: Record<string, () => Promise<string>> = {
  'not valid yet': () => signed({ nbf: now() + 600 }),
  'with an end that is no number': () => signed({ exp: String(now() + 600) }),
  'without an end': () => signed(without('exp')),
  'of the audience of tickets': () => signed({ aud: 'steward-ticket' }),
  'of another audience': () => signed({ aud: 'https://other.example' }),
  'without an audience': () => signed(without('aud')),
  'of another issuer': () => signed({ iss: 'https://attacker.example' }),
  'of an issuer that begins like ours': () => signed({ iss: 'steward.attacker.example' }),
  'without an issuer': () => signed(without('iss')),
  'without a subject': () => signed(without('sub')),
  'without a sign-in': () => signed(without('sid')),
  'without a tenant': () => signed(without('ten')),
  'of the same person in another tenant': () => signed({ ten: globex.tenantId }),
  'of a tenant that there is not': () => signed({ ten: 'ten_unknown' }),
  'of another person with this sign-in': () => signed({ sub: globex.adminId }),
  'of a sign-in that there is not': () => signed({ sid: 'ses_unknown' }),
  'of a key, which have no tokens': () => signed((claims) => ({ ...without('sid')(claims), kind: 'api_key' })),
  'of a kind that there is not': () => signed({ kind: 'operator' }),
  'with an object for the tenant': () => signed({ ten: { $ne: '' } }),
  'with a critical header': () => signed({}, { crit: ['x-own'], 'x-own': 1 }),
}

test.each(Object.keys(CLAIMS))('a token that we signed is refused when it is %s', async (name) => {
  expect(await withToken((await CLAIMS[name]?.()) ?? '')).toMatchObject(REFUSED)
})

test('an expired token is refused with the way to renew it, and only if everything else about it is right', async () => {
  expect(await withToken(await signed({ exp: now() - 1 }))).toMatchObject({ status: 401, body: { reason: 'token_expired' } })
  expect((await withToken(await signed({ exp: now() - 1, iss: 'other' }))).body.reason).toBeUndefined()
  expect((await withToken(await signed({ exp: now() - 1, aud: 'steward-ticket' }))).body.reason).toBeUndefined()
})

test('no token serves for another purpose', async () => {
  const asPerson = { Authorization: `Bearer ${pair.accessToken}` }
  const personal = (await call(kit, undefined, 'POST', `/api/v1/runs/${runId}/events/ticket`, undefined, asPerson)).body.ticket
  // Of somebody who is signed in, so nothing but its purpose keeps it from being an access token.
  expect(decodeJwt(personal)).toMatchObject({ sub: acme.adminId, sid: expect.any(String) })
  for (const [name, token] of Object.entries({
    ticket,
    "a person's ticket": personal,
    refresh: pair.refreshToken,
    'half a key': 'stw_aaaaaaaa_',
    operator: 'operator-token',
  }))
    expect(await withToken(token), name).toMatchObject(REFUSED)
  for (const [name, token] of Object.entries({ access: pair.accessToken, refresh: pair.refreshToken, key: acme.apiKey }))
    expect(await withTicket(token), name).toMatchObject(REFUSED)
  for (const refreshToken of [pair.accessToken, ticket, acme.apiKey])
    expect([400, 401]).toContain((await call(kit, undefined, 'POST', '/auth/refresh', { refreshToken })).status)
  const headers = { Authorization: `Bearer ${pair.accessToken}` }
  const order = { slug: 'attacker', name: 'Attacker', adminEmail: 'x@x.example' }
  expect((await call(kit, undefined, 'POST', '/api/v1/tenants', order, headers)).status).toBe(401)
})

test('a ticket is for its run and its minute', async () => {
  const other = (await call(kit, acme, 'POST', '/api/v1/runs', { workflow: 'document-intake', input: { documentId: 'e' } })).body.id
  expect(await call(kit, undefined, 'GET', `/api/v1/runs/${other}/events?ticket=${ticket}`)).toMatchObject(REFUSED)
  const claims = { ...decodeJwt(ticket), exp: now() - 1 }
  const { kid, privateKey } = await keys.signer()
  const old = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
  expect(await withTicket(old)).toMatchObject(REFUSED)
})

test('a good token finds nothing of another tenant, and its role is the one of the account', async () => {
  expect((await withToken(pair.accessToken, `/api/v1/users/${globex.adminId}`)).status).toBe(404)
  const client = await addMember(kit, acme, 'client', 'carla')
  const { kid, privateKey } = await keys.signer()
  const raised = await new SignJWT({ ...decodeJwt(client.accessToken), role: 'admin', permissions: ['audit:read'] })
    .setProtectedHeader({ alg: 'ES256', kid })
    .sign(privateKey)
  expect((await withToken(raised)).body.role).toBe('client')
  expect((await withToken(raised, '/api/v1/audit')).status).toBe(403)
})
