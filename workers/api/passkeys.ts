import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import { MAX_PASSKEYS, type Passkey, type RelyingParty } from '../domain/passkeys'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { listSchema } from './lists'
import { callerOf } from './passwords'
import { requireRecent } from './re-authentication'
import { weakenWithoutFactor } from './second-factors'
import { recordAct } from './security-events'
import { putChallenge, takeChallenge } from './sign-in-starts'
import { changeableMember } from './users'

const PasskeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    isSynced: z.boolean().describe('Whether it is copied between devices of its person, as password managers do.'),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Passkey' })
/** Base64url of what an authenticator made. */
export const Encoded = z
  .string()
  .max(20_000)
  .regex(/^[A-Za-z0-9_-]+$/, 'base64url is expected')
const Proof = z.object({
  password: z.string().max(1_024).optional().describe('The current one; not needed within ten minutes after signing in.'),
})
const Registration = z.object({
  name: z.string().trim().min(1).max(100).default('Passkey').describe('By which you recognise it.'),
  credential: z
    .object({
      id: Encoded,
      rawId: Encoded,
      type: z.literal('public-key'),
      response: z.object({
        clientDataJSON: Encoded,
        attestationObject: Encoded,
        transports: z.array(z.string().max(40)).max(10).optional(),
      }),
    })
    .describe('`PublicKeyCredential.toJSON()` of `navigator.credentials.create()`.'),
})
export const PasskeyOptionsSchema = z
  .looseObject({ challenge: z.string() })
  .meta({ id: 'PasskeyOptions', description: 'For `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` of the browser.' })

const OPTIONS = documented({
  tag: 'Auth',
  summary: 'Begin with a passkey',
  description: 'Gives what the browser hands to an authenticator. The challenge in it is good once and for five minutes.',
  answers: { 200: { description: 'For `navigator.credentials.create()`.', body: { schema: PasskeyOptionsSchema } } },
  refuses: ['invalid', 'conflict', 'rate_limited', 'too_large', 'unavailable'],
})
const REGISTER = documented({
  tag: 'Auth',
  summary: 'Add a passkey',
  description:
    'From then on it signs in without password and code: the authenticator itself verifies its person. The sign-in in which it was added counts as one with a second factor.',
  answers: { 201: { description: 'Added.', body: { schema: PasskeySchema } } },
  refuses: ['invalid', 'conflict', 'too_large', 'unavailable'],
})
const LIST = documented({
  tag: 'Auth',
  summary: 'My passkeys',
  description: 'An API key has none.',
  answers: { 200: { description: 'The oldest first.', body: { schema: listSchema(PasskeySchema) } } },
  refuses: [],
})
const REMOVE = documented({
  tag: 'Auth',
  summary: 'Remove a passkey',
  description:
    'Takes the password in the body, or a sign-in of the last ten minutes. With the last factor every sign-in counts as one with a password alone.',
  answers: { 204: { description: 'It opens nothing any more.' } },
  refuses: ['invalid', 'not_found', 'rate_limited', 'too_large'],
})
const REMOVE_ALL = documented({
  tag: 'Users',
  summary: 'Take all passkeys of a user away',
  description: 'For somebody whose device was lost or stolen. Every sign-in of theirs counts as one with a password alone from then on.',
  answers: { 200: { description: 'Removed.', body: { schema: z.object({ removed: z.int() }) } } },
  refuses: ['not_found'],
})

/** The caller's own passkeys. */
export function passkeyRoutes(deps: ApiDeps) {
  const { passkeys } = deps
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'self:read'), async (c) => {
      const { tenantId, id } = c.get('principal')
      return c.json({ items: (await passkeys.list(tenantId, id)).map(shown) })
    })
    .post('/options', OPTIONS, guard(deps, 'self:write'), check('json', Proof), async (c) => {
      const { user, tenant } = await requireRecent(deps, c, c.req.valid('json').password)
      const known = await passkeys.list(tenant.id, user.id)
      if (known.length >= MAX_PASSKEYS) throw new AppError('conflict', `There are ${MAX_PASSKEYS} passkeys already; remove one first.`)
      const options = await deps.webAuthn.creationOptions(partyOf(deps, c), user, known)
      await putChallenge(deps, options.challenge, { kind: 'passkey_registration', tenantId: tenant.id, userId: user.id })
      return c.json(options, 200, NO_STORE)
    })
    .post('/', REGISTER, guard(deps, 'self:write'), check('json', Registration), async (c) => {
      const passkey = await register(deps, c, c.req.valid('json'))
      // The person was verified here and now, so this sign-in needs no new one; what else is open to the password alone does.
      const { sessionId } = c.get('principal')
      if (sessionId !== undefined) await deps.identity.sessions.strengthen(passkey.tenantId, passkey.userId, sessionId)
      await recordAct(deps, c, 'passkey_added')
      return c.json(shown(passkey), 201)
    })
    .delete('/:id', REMOVE, guard(deps, 'self:write'), check('json', Proof), async (c) => {
      const { tenantId, id } = c.get('principal')
      const passkeyId = c.req.param('id')
      if ((await passkeys.find(tenantId, id, passkeyId)) === undefined) throw unknownPasskey()
      await requireRecent(deps, c, c.req.valid('json').password)
      if (!(await passkeys.remove(tenantId, id, passkeyId))) throw unknownPasskey()
      await weakenWithoutFactor(deps, { tenantId, id })
      await recordAct(deps, c, 'passkey_removed')
      return c.body(null, 204)
    })
}

/** What an administrator does with the passkeys of others. */
export function memberPasskeyRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().delete('/', REMOVE_ALL, guard(deps, 'users:write'), async (c) => {
    const user = await changeableMember(deps, c)
    const removed = await deps.passkeys.removeAll(user.tenantId, user.id)
    // Whoever has the device may be signed in with it at this moment; which sign-ins it opened nobody has noted.
    await deps.identity.sessions.weakenAll(user.tenantId, user.id)
    if (removed > 0) await recordAct(deps, c, 'passkey_removed', `${removed} of ${user.id}`)
    return c.json({ removed })
  })
}

/** The challenge is taken first: whatever the answer is worth, it is not answered twice. */
async function register(deps: ApiDeps, c: Context<ApiEnv>, { name, credential }: z.output<typeof Registration>): Promise<Passkey> {
  const { user, tenant } = await callerOf(deps, c)
  const challenge = deps.webAuthn.challengeOf(credential.response.clientDataJSON)
  const taken = challenge === undefined ? undefined : await takeChallenge(deps, 'passkey_registration', challenge)
  const isOwn = taken?.tenantId === tenant.id && taken.userId === user.id
  const made =
    challenge === undefined || !isOwn ? undefined : await deps.webAuthn.verifyRegistration(partyOf(deps, c), challenge, credential)
  if (made === undefined)
    throw new AppError('invalid', 'The passkey was not accepted; begin again with POST /api/v1/account/passkeys/options.', {
      reason: 'passkey_refused',
    })
  const passkey = {
    ...made,
    id: deps.newId('passkey'),
    tenantId: tenant.id,
    userId: user.id,
    name,
    createdAt: deps.clock.now().toISOString(),
  }
  await deps.passkeys.insert(passkey)
  return passkey
}

/** Who asks the authenticator: this installation, at the address that is configured. */
export function partyOf(deps: Pick<ApiDeps, 'site'>, c: Context<ApiEnv>): RelyingParty {
  const { origin, passkeyDomain } = deps.site(c.req.url)
  return { origin, domain: passkeyDomain, name: 'Steward' }
}

const unknownPasskey = () => new AppError('not_found', 'You have no passkey with that id.')

const shown = ({ id, name, isSynced, createdAt, lastUsedAt }: Passkey) => ({
  id,
  name,
  isSynced,
  createdAt,
  ...(lastUsedAt !== undefined && { lastUsedAt }),
})

const NO_STORE = { 'Cache-Control': 'no-store' }
