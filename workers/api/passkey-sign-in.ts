import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import { type AuthenticatorAssertion, type Passkey, userHandleOf } from '../domain/passkeys'
import type { User } from '../domain/tenants'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { countAttempt } from './login-brake'
import { Encoded, PasskeyOptionsSchema, partyOf } from './passkeys'
import { addressOf, recordSecurityEvent } from './security-events'
import { openSession, TokenPairSchema, visitOf } from './sign-in'
import { countStart, putChallenge, takeChallenge } from './sign-in-starts'

const Assertion = z.object({
  tenant: z.string().max(64).optional().describe('Slug. When it is sent, only a passkey of that tenant signs in.'),
  credential: z
    .object({
      id: Encoded,
      rawId: Encoded,
      type: z.literal('public-key'),
      response: z.object({
        clientDataJSON: Encoded,
        authenticatorData: Encoded,
        signature: Encoded,
        userHandle: Encoded.nullish().transform((handle) => handle ?? undefined),
      }),
    })
    .describe('`PublicKeyCredential.toJSON()` of `navigator.credentials.get()`.'),
})

const OPTIONS = documented({
  tag: 'Auth',
  summary: 'Begin to sign in with a passkey',
  description: 'Asks for nobody in particular, so it says nothing about who there is. The challenge is good once and for five minutes.',
  isPublic: true,
  answers: { 200: { description: 'For `navigator.credentials.get()`.', body: { schema: PasskeyOptionsSchema } } },
  refuses: ['rate_limited', 'unavailable'],
})
const SIGN_IN = documented({
  tag: 'Auth',
  summary: 'Sign in with a passkey',
  description: 'Stands for both factors: the authenticator is had, and it has verified its person. Every refusal has the same words.',
  isPublic: true,
  answers: { 200: { description: 'A new pair of tokens.', body: { schema: TokenPairSchema } } },
  refuses: ['invalid', 'unauthenticated', 'forbidden', 'rate_limited', 'too_large', 'unavailable'],
})

/** Sign-in with passkeys. */
export function passkeySignInRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post('/options', OPTIONS, async (c) => {
      await countStart(deps, addressOf(c))
      const options = await deps.webAuthn.requestOptions(partyOf(deps, c))
      await putChallenge(deps, options.challenge, { kind: 'passkey_sign_in' })
      return c.json(options, 200, NO_STORE)
    })
    .post('/', SIGN_IN, check('json', Assertion), async (c) => {
      const { tenant, credential } = c.req.valid('json')
      const address = addressOf(c)
      // Counted by credential: nobody has said yet whose it is.
      const attempt = { purpose: 'login' as const, tenant: '', email: `passkey ${credential.id}`, address }
      const counted = await countAttempt(deps, attempt, () => undefined)
      const user = await whoSigned(deps, c, credential, tenant)
      if (user === undefined)
        throw new AppError('unauthenticated', 'The passkey is not known here or was not accepted; sign in in another way.')
      await counted.succeed()
      return c.json(await openSession(deps, user, visitOf(c), 'strong'), 200, NO_STORE)
    })
}

/** Whom the passkey signs in, or undefined for whatever reason: the challenge is used up all the same. */
async function whoSigned(
  deps: ApiDeps,
  c: Context<ApiEnv>,
  credential: AuthenticatorAssertion,
  slug: string | undefined,
): Promise<User | undefined> {
  const challenge = deps.webAuthn.challengeOf(credential.response.clientDataJSON)
  if (challenge === undefined || (await takeChallenge(deps, 'passkey_sign_in', challenge)) === undefined) return undefined
  const passkey = await deps.passkeys.findByCredential(credential.id)
  if (passkey === undefined || !isMeant(passkey, credential)) return undefined
  const signed = await deps.webAuthn.verifyAssertion(partyOf(deps, c), challenge, credential, passkey)
  if (signed === undefined) return undefined
  if (!(await deps.passkeys.use(passkey.id, signed.counter, deps.clock.now().toISOString()))) {
    await tellReversed(deps, passkey, addressOf(c))
    return undefined
  }
  const [user, tenant] = await Promise.all([
    deps.identity.findUser(passkey.tenantId, passkey.userId),
    deps.identity.findTenant(passkey.tenantId),
  ])
  return tenant === undefined || user?.disabledAt !== undefined || (slug !== undefined && slug !== tenant.slug) ? undefined : user
}

/** The authenticator says whom it keeps the credential for; that must be whom we keep it for. */
const isMeant = ({ userId }: Passkey, { response }: AuthenticatorAssertion): boolean => response.userHandle === userHandleOf(userId)

async function tellReversed(deps: ApiDeps, { tenantId, userId, name }: Passkey, address: string): Promise<void> {
  const detail = `the counter of the passkey '${name}' went back: it may have been copied; remove it if you are not sure`
  await recordSecurityEvent(deps, { tenantId, kind: 'passkey_counter_reversed', actor: userId, address, detail })
}

const NO_STORE = { 'Cache-Control': 'no-store' }
