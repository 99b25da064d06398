import * as oauth from 'oauth4webapi'
import { addressKind } from '../domain/addresses'
import { AppError } from '../domain/error'
import type { FoundIdentityProvider, OpenId, OpenIdAttempt, ProvenClaims } from '../domain/identity-providers'
import type { Outbound } from '../domain/ports'

export interface OidcClientOptions {
  /** Every request goes through it: discovery, key set, token and userinfo. */
  outbound: Pick<Outbound, 'send'>
  /** Providers on loopback, also by plain http: development only. */
  allowLoopback: boolean
}

/** A provider that takes longer keeps a person before an empty page. */
const TIMEOUT_MS = 10_000

/**
 * OpenID Connect by oauth4webapi: authorization code with PKCE (S256), state and nonce. Checked are the state, the `iss` of the answer
 * where the provider sends it, and of the ID token signature (by the provider's key set), issuer, audience, nonce and times. What the
 * ID token does not say of e-mail is asked of the userinfo endpoint, for the same subject.
 */
export function createOidcClient(options: OidcClientOptions): OpenId {
  const http = {
    [oauth.customFetch]: fetchThrough(options.outbound),
    // Plain http reaches loopback only: the outbound port refuses everything else.
    [oauth.allowInsecureRequests]: options.allowLoopback,
  }
  const discover = async (provider: FoundIdentityProvider) => {
    const issuer = new URL(provider.issuer)
    return await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...http }))
  }
  return {
    authorizationUrl: (provider, attempt) =>
      orRefused(async () => {
        const server = await discover(provider)
        const url = browserUrl(server.authorization_endpoint, options.allowLoopback)
        const parameters = {
          client_id: provider.clientId,
          response_type: 'code',
          redirect_uri: attempt.redirectUri,
          scope: [...new Set(['openid', 'email', ...provider.scopes])].join(' '),
          state: attempt.state,
          nonce: attempt.nonce,
          code_challenge: await oauth.calculatePKCECodeChallenge(attempt.codeVerifier),
          code_challenge_method: 'S256',
        }
        for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
        return url.href
      }),
    redeem: (provider, attempt, callback) =>
      orRefused(async () => {
        const server = await discover(provider)
        const client: oauth.Client = { client_id: provider.clientId }
        const answer = oauth.validateAuthResponse(server, client, callback, attempt.state)
        const response = await oauth.authorizationCodeGrantRequest(
          server,
          client,
          authenticationOf(server, provider),
          answer,
          attempt.redirectUri,
          attempt.codeVerifier,
          http,
        )
        return await readClaims(server, client, response, attempt, http)
      }),
  }
}

type Http = Parameters<typeof oauth.userInfoRequest>[3]

async function readClaims(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  response: Response,
  { nonce }: OpenIdAttempt,
  http: Http,
): Promise<ProvenClaims> {
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true })
  await oauth.validateApplicationLevelSignature(server, response, http)
  const idToken = oauth.getValidatedIdTokenClaims(tokens)
  if (idToken === undefined || idToken.sub === '') throw new AppError('unauthenticated', 'The identity provider names nobody.')
  const isWhole = idToken.email !== undefined && idToken.email_verified !== undefined
  const more =
    isWhole || server.userinfo_endpoint === undefined
      ? {}
      : await oauth.processUserInfoResponse(
          server,
          client,
          idToken.sub,
          await oauth.userInfoRequest(server, client, tokens.access_token, http),
        )
  // The signed token has the last word.
  const all: Record<string, unknown> = { ...more, ...idToken }
  const text = (name: string) => (typeof all[name] === 'string' && all[name] !== '' ? all[name] : undefined)
  const [email, name] = [text('email')?.trim().toLowerCase(), text('name')]
  return {
    issuer: idToken.iss,
    subject: idToken.sub,
    isEmailVerified: all.email_verified === true,
    all,
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
  }
}

/** How the client proves itself at the token endpoint: as the provider says, `client_secret_basic` where it says nothing. */
function authenticationOf(server: oauth.AuthorizationServer, { clientSecret }: FoundIdentityProvider): oauth.ClientAuth {
  if (clientSecret === undefined) return oauth.None()
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  const takesOnlyPost = !methods.includes('client_secret_basic') && methods.includes('client_secret_post')
  return takesOnlyPost ? oauth.ClientSecretPost(clientSecret) : oauth.ClientSecretBasic(clientSecret)
}

/** Where a person's browser may be sent: https, or loopback in development. */
function browserUrl(endpoint: string | undefined, allowLoopback: boolean): URL {
  if (endpoint === undefined || !URL.canParse(endpoint))
    throw new AppError('unauthenticated', 'The identity provider names no address to sign in at.')
  const url = new URL(endpoint)
  const isLocal = allowLoopback && url.protocol === 'http:' && addressKind(url.hostname) === 'loopback'
  if (url.protocol !== 'https:' && !isLocal) throw new AppError('unauthenticated', 'The identity provider does not use https.')
  return url
}

type Fetched = { body?: URLSearchParams | null | undefined; headers: Record<string, string>; method: string }

/** The library's fetch through the guarded way out. Answers over 500 are the provider's trouble, not an answer to us. */
function fetchThrough(outbound: Pick<Outbound, 'send'>) {
  return async (url: string, { body, headers, method }: Fetched): Promise<Response> => {
    const answer = await outbound.send({
      url,
      method,
      headers,
      timeoutMs: TIMEOUT_MS,
      ...(body && { body: body.toString() }),
    })
    if (answer.status >= 500) throw new AppError('unavailable', `The identity provider answered with status ${answer.status}.`)
    const isBodiless = answer.status === 204 || answer.status === 304
    return new Response(isBodiless ? null : answer.body, { status: answer.status, headers: answer.headers })
  }
}

/** What the library finds wrong is a refused sign-in; what the way out says stays what it is, and a defect a defect. */
async function orRefused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof AppError || !(thrown instanceof Error && 'code' in thrown)) throw thrown
    throw new AppError('unauthenticated', `The identity provider's answer does not hold (${String(thrown.code)}).`, { cause: thrown })
  }
}
