import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as z from 'zod'
import { AppError } from '../domain/error'
import type { FoundIdentityProvider, OpenIdAttempt } from '../domain/identity-providers'
import { CHALLENGE_MS } from '../domain/sign-in-challenges'
import type { Site } from '../domain/site'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { whoComes } from './oidc-person'
import { addressOf } from './security-events'
import { openSession, TokenPairSchema, visitOf } from './sign-in'
import { countStart, putChallenge, takeChallenge } from './sign-in-starts'

/** Only this host, only over TLS, for no other path or script: what binds a sign-in to the browser that began it. */
const COOKIE = '__Host-steward-sign-in'
/** Letters of state, cookie and code: 256 bits and more. */
const SECRET_LENGTH = 48

const Start = z.object({
  challenge: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'the SHA-256 of your verifier in lower-case hex')
    .describe('SHA-256 (hex) of a random text that you keep: POST /auth/oidc/token takes the text, so nobody else can use the code.'),
})
const Trade = z.object({
  code: z.string().max(200),
  verifier: z.string().min(32).max(200).describe('The text whose SHA-256 began the sign-in.'),
})
/** What the code stands for between its making and its trade. */
const CodeContext = z.object({ challenge: z.string() })
const StartContext = z.object({
  tenantId: z.string(),
  tenant: z.string(),
  provider: z.string(),
  challenge: z.string(),
  cookieHash: z.string(),
})

const redirects = {
  302: {
    description: 'To the provider, or back to the dashboard with `#sso_error=unavailable | failed | refused`.',
    headers: { Location: 'Where to go.' },
  },
}
const START = documented({
  tag: 'Auth',
  summary: 'Sign in with an identity provider',
  description: 'Open it in a browser. Unknown tenants and providers are sent back to the dashboard as a provider is that fails.',
  isPublic: true,
  answers: redirects,
  refuses: ['invalid', 'rate_limited', 'unavailable'],
})
const CALLBACK = documented({
  tag: 'Auth',
  summary: 'Come back from an identity provider',
  description:
    'The provider sends the browser here; each has an address of its own (`redirectUri`), and an answer that comes by that of another is refused unread. It goes on to the dashboard with `#sso_code=…`, good once and for a minute.',
  isPublic: true,
  answers: redirects,
  refuses: ['unavailable'],
})
const TRADE = documented({
  tag: 'Auth',
  summary: 'Trade the code of a sign-in for tokens',
  isPublic: true,
  answers: { 200: { description: 'A new pair of tokens.', body: { schema: TokenPairSchema } } },
  refuses: ['invalid', 'unauthenticated', 'forbidden', 'too_large'],
})

/** Sign-in with OpenID Connect. Tokens never stand in an address. */
export function oidcRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/callback/:tenant/:name', CALLBACK, async (c) => backToDashboard(c, deps.site(c.req.url), await finish(deps, c)))
    .get('/:tenant/:name', START, check('query', Start), async (c) => {
      const url = await begin(deps, c, c.req.valid('query').challenge)
      return url === undefined ? backToDashboard(c, deps.site(c.req.url), { error: 'unavailable' }) : c.redirect(url)
    })
    .post('/token', TRADE, check('json', Trade), async (c) => {
      const { code, verifier } = c.req.valid('json')
      const taken = await takeChallenge(deps, 'sign_in_code', code)
      const { data: context } = CodeContext.safeParse(parse(taken?.context))
      const user =
        taken?.tenantId === undefined || taken.userId === undefined ? undefined : await deps.identity.findUser(taken.tenantId, taken.userId)
      const isBound = context !== undefined && deps.credentials.matches(verifier, context.challenge)
      if (user === undefined || !isBound || user.disabledAt !== undefined)
        throw new AppError('unauthenticated', 'The code is unknown, used or expired; sign in again.')
      // Whether a second factor is asked for is the provider's business, as who may come in is.
      return c.json(await openSession(deps, user, visitOf(c), 'strong'), 200, { 'Cache-Control': 'no-store' })
    })
}

/**
 * Where a provider sends browsers back to; it is entered at the provider. One for each, because many do not say in their answer who they
 * are (RFC 9207): by a common address a provider could have the code of another one's sign-in sent to itself (RFC 9700, 4.4).
 */
export const oidcCallbackUrl = ({ apiOrigin }: Site, provider: { tenant: string; name: string }): string =>
  `${apiOrigin}/api/v1/auth/oidc/callback/${provider.tenant}/${provider.name}`

/** Where to send the browser; undefined when that cannot be said, for whatever reason. */
async function begin(deps: ApiDeps, c: Context<ApiEnv>, challenge: string): Promise<string | undefined> {
  const site = deps.site(c.req.url)
  await countStart(deps, addressOf(c))
  const tenant = await deps.identity.findTenantBySlug(c.req.param('tenant') ?? '')
  const provider = tenant && (await deps.identityProviders.find(tenant.id, c.req.param('name') ?? ''))
  if (provider === undefined) return undefined
  const [state, cookie] = [deps.credentials.random(SECRET_LENGTH), deps.credentials.random(SECRET_LENGTH)]
  const callback = { tenant: tenant?.slug ?? '', name: provider.name }
  const whose = { tenantId: provider.tenantId, tenant: callback.tenant, provider: provider.name }
  const context = { ...whose, challenge, cookieHash: deps.credentials.hash(cookie) }
  try {
    const url = await deps.openId.authorizationUrl(provider, attemptOf(deps, oidcCallbackUrl(site, callback), { state, cookie }))
    await putChallenge(deps, state, { kind: 'oidc_start', tenantId: provider.tenantId, context: JSON.stringify(context) })
    setCookie(c, COOKIE, cookie, { ...COOKIE_RULES, maxAge: CHALLENGE_MS.oidc_start / 1_000 })
    return url
  } catch (thrown) {
    tellFailed(provider, thrown)
    return undefined
  }
}

/** `code` to be traded, or why there is none. What stood in the way in particular is for administrators, not for the address bar. */
type Finished = { code: string } | { error: 'unavailable' | 'failed' | 'refused' }

/** State and cookie are used up first: whatever the provider's answer is worth, it is looked at once. */
async function finish(deps: ApiDeps, c: Context<ApiEnv>): Promise<Finished> {
  const callback = new URL(c.req.url).searchParams
  const [state, cookie] = [callback.get('state') ?? '', getCookie(c, COOKIE)]
  deleteCookie(c, COOKIE, COOKIE_RULES)
  const taken = await takeChallenge(deps, 'oidc_start', state)
  const { data: start } = StartContext.safeParse(parse(taken?.context))
  if (start === undefined || cookie === undefined || !deps.credentials.matches(cookie, start.cookieHash)) return { error: 'failed' }
  const came = { tenant: c.req.param('tenant') ?? '', name: c.req.param('name') ?? '' }
  // Before anything of the answer goes to the provider that was asked: it may be meant for another one.
  if (came.tenant !== start.tenant || came.name !== start.provider) return { error: 'failed' }
  const provider = await deps.identityProviders.find(start.tenantId, start.provider)
  if (provider === undefined) return { error: 'unavailable' }
  const claims = await deps.openId
    .redeem(provider, attemptOf(deps, oidcCallbackUrl(deps.site(c.req.url), came), { state, cookie }), callback)
    .catch((thrown: unknown) => ({ error: tellFailed(provider, thrown) }))
  if ('error' in claims) return claims
  const user = await whoComes(deps, provider, claims, addressOf(c))
  if (user === undefined) return { error: 'refused' }
  const code = deps.credentials.random(SECRET_LENGTH)
  const context = JSON.stringify({ challenge: start.challenge })
  await putChallenge(deps, code, { kind: 'sign_in_code', tenantId: user.tenantId, userId: user.id, context })
  return { code }
}

/** Nonce and PKCE verifier come from the cookie, which never stands in an address, so nothing secret has to be kept. */
function attemptOf(
  { credentials }: Pick<ApiDeps, 'credentials'>,
  redirectUri: string,
  { state, cookie }: { state: string; cookie: string },
): OpenIdAttempt {
  return {
    redirectUri,
    state,
    nonce: credentials.hash(`nonce\n${cookie}`),
    codeVerifier: credentials.hash(`verifier\n${cookie}`),
  }
}

/** In the fragment, which browsers send to no server. */
function backToDashboard(c: Context<ApiEnv>, { origin }: Site, finished: Finished): Response {
  const fragment = new URLSearchParams('code' in finished ? { sso_code: finished.code } : { sso_error: finished.error })
  c.header('Cache-Control', 'no-store')
  c.header('Referrer-Policy', 'no-referrer')
  return c.redirect(`${origin}/sign-in#${fragment}`)
}

function tellFailed({ tenantId, name }: FoundIdentityProvider, thrown: unknown): 'unavailable' | 'failed' {
  if (!(thrown instanceof AppError)) throw thrown
  console.warn(JSON.stringify({ message: 'a sign-in by an identity provider failed', tenantId, provider: name, error: thrown.message }))
  return thrown.code === 'unauthenticated' ? 'failed' : 'unavailable'
}

function parse(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text)
}

const COOKIE_RULES = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const
