import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { createD1Identity } from '../../workers/adapters/d1-identity'
import { createD1IdentityProviders } from '../../workers/adapters/d1-identity-providers'
import { createD1Passkeys } from '../../workers/adapters/d1-passkeys'
import { createD1ScimUsers } from '../../workers/adapters/d1-scim-users'
import { createD1SignInChallenges } from '../../workers/adapters/d1-sign-in-challenges'
import { createOidcClient } from '../../workers/adapters/oidc-client'
import { createMasterVault } from '../../workers/adapters/vault'
import { call, createAccount, createKit } from '../api/kit'
import { addMember, asPerson } from '../api/members'
import { describeScimUsers } from '../contracts/scim-users'
import { describeIdentityProviders, describePasskeys, describeSignInChallenges } from '../contracts/sign-in-stores'
import { createAuthenticator } from '../fakes/authenticator'
import { bindings, MASTER_KEY, migrate } from './d1-bindings'

const { DB } = bindings
const providers = () => createD1IdentityProviders(DB, createMasterVault(MASTER_KEY))
beforeAll(migrate)

describePasskeys('D1 passkeys', () => createD1Passkeys(DB))
describeSignInChallenges('D1 challenges', () => createD1SignInChallenges(DB))
describeIdentityProviders('D1 identity providers', providers)
describeScimUsers('D1 accounts of a directory', () => ({ identity: createD1Identity(DB), scimUsers: createD1ScimUsers(DB) }))

test('a client secret lies sealed, and opens for no other tenant', async () => {
  const provider = {
    name: 'p',
    issuer: 'https://i.example',
    clientId: 'c',
    scopes: [],
    allowedDomains: ['a.example'],
    createsAccounts: false,
  }
  const more = { defaultRole: 'client', roleMapping: [], createdAt: 'x', updatedAt: 'x' }
  for (const tenantId of ['ten_a', 'ten_b']) await providers().put({ ...provider, ...more, tenantId }, `secret of ${tenantId}`)
  const row = await DB.prepare("SELECT sealed_secret AS sealed FROM identity_providers WHERE tenant_id = 'ten_a'").first<{
    sealed: string
  }>()
  expect(row!.sealed).not.toMatch(new RegExp(`secret|${btoa('secret of ten_a').slice(0, 8)}`))
  await DB.prepare("UPDATE identity_providers SET sealed_secret = ? WHERE tenant_id = 'ten_b'").bind(row!.sealed).run()
  await expect(providers().find('ten_b', 'p')).rejects.toMatchObject({ code: 'internal' })
})

test('a passkey is added and signs in within workerd, on D1', async () => {
  const kit = createKit({ identity: createD1Identity(DB), passkeys: createD1Passkeys(DB), signInChallenges: createD1SignInChallenges(DB) })
  const jo = await addMember(kit, await createAccount(kit, 'keys'), 'agent', 'jo')
  const device = createAuthenticator()
  const site = { origin: 'http://localhost' }
  const options = await asPerson(kit, jo, 'POST', '/api/v1/account/passkeys/options', {})
  const credential = device.create(options.body, site)
  expect((await asPerson(kit, jo, 'POST', '/api/v1/account/passkeys', { credential })).status).toBe(201)
  const asked = await call(kit, undefined, 'POST', '/auth/passkeys/options')
  const signed = { credential: device.get(asked.body, site) }
  expect((await call(kit, undefined, 'POST', '/auth/passkeys', signed)).status).toBe(200)
  expect((await call(kit, undefined, 'POST', '/auth/passkeys', signed)).status).toBe(401)
})

describe('the OpenID client within workerd', () => {
  const ISSUER = 'https://login.example'
  const PROVIDER = {
    ...{ tenantId: 't', name: 'p', issuer: ISSUER, clientId: 'steward', clientSecret: 's', scopes: [], allowedDomains: ['a.example'] },
    ...{ createsAccounts: true, defaultRole: 'client', roleMapping: [], createdAt: '', updatedAt: '' },
  }
  const ATTEMPT = { redirectUri: 'https://s.example/cb', state: 'state', nonce: 'nonce', codeVerifier: 'v'.repeat(64) }

  /** Redeems a code for an ID token with these claims, signed with the published key unless another is given. */
  async function redeem(claims: object = {}, { isForged = false } = {}) {
    const [keys, others] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }
    const now = Math.floor(Date.now() / 1_000)
    const all = {
      iss: ISSUER,
      aud: 'steward',
      sub: 'e-1',
      nonce: 'nonce',
      iat: now,
      exp: now + 60,
      email: 'Jo@a.example',
      email_verified: true,
    }
    const idToken = await new SignJWT({ ...all, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .sign(isForged ? others.privateKey : keys.privateKey)
    const answers: Record<string, object> = {
      '/.well-known/openid-configuration': {
        ...{ issuer: ISSUER, authorization_endpoint: `${ISSUER}/auth`, token_endpoint: `${ISSUER}/token`, jwks_uri: `${ISSUER}/keys` },
        id_token_signing_alg_values_supported: ['ES256'],
      },
      '/token': { access_token: 'a', token_type: 'Bearer', id_token: idToken },
      '/keys': { keys: [jwk] },
    }
    const outbound = {
      send: async ({ url }: { url: string }) => ({
        ...{ status: 200, headers: { 'content-type': 'application/json' } },
        body: JSON.stringify(answers[new URL(url).pathname]),
      }),
    }
    const client = createOidcClient({ outbound, allowLoopback: false })
    return await client.redeem(PROVIDER, ATTEMPT, new URLSearchParams({ code: 'c', state: 'state' }))
  }

  test('reads the claims of a token that holds', async () => {
    expect(await redeem()).toMatchObject({ issuer: ISSUER, subject: 'e-1', email: 'jo@a.example', isEmailVerified: true })
  })

  test.each([
    ['issuer', { iss: 'https://evil.example' }],
    ['audience', { aud: 'another' }],
    ['nonce', { nonce: 'another' }],
    ['end', { exp: Math.floor(Date.now() / 1_000) - 3_600 }],
    ['subject', { sub: '' }],
  ])('refuses one whose %s is wrong', async (_, claims) => {
    await expect(redeem(claims)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  test('refuses one that another key signed', async () => {
    await expect(redeem({}, { isForged: true })).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  test('takes nothing but true for a verified address', async () => {
    expect((await redeem({ email_verified: 'true' })).isEmailVerified).toBe(false)
  })
})
