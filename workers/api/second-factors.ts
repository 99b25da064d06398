import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import type { User } from '../domain/tenants'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { callerOf, requirePassword } from './passwords'
import { recordAct, recordSecurityEvent } from './security-events'

const RECOVERY_CODES = 10
/** Letters of a recovery code: 92 bits, so a fast hash keeps it. */
const RECOVERY_LENGTH = 16

const Password = z.object({ password: z.string().max(1_024).describe('The current one: an open device alone changes nothing.') })
const Begun = z.object({
  secret: z.string().describe('For typing in.'),
  uri: z.string().describe('`otpauth://…`, to be shown as a QR code.'),
})
const Confirmed = z.object({ recoveryCodes: z.array(z.string()).describe('Each good once in place of a code; shown once.') })

const STATE = documented({
  tag: 'Auth',
  summary: 'Whether I sign in with a second factor',
  answers: { 200: { description: 'Whether.', body: { schema: z.object({ isEnabled: z.boolean() }) } } },
  refuses: [],
})
const BEGIN = documented({
  tag: 'Auth',
  summary: 'Begin with an authenticator app',
  description: 'Nothing is asked for at sign-in until a first code has proven that the app has the secret.',
  answers: { 201: { description: 'The secret, shown once.', body: { schema: Begun } } },
  refuses: ['invalid', 'conflict', 'rate_limited', 'too_large'],
})
const CONFIRM = documented({
  tag: 'Auth',
  summary: 'Prove the authenticator app',
  answers: { 200: { description: 'From now on a code is asked for.', body: { schema: Confirmed } } },
  refuses: ['invalid', 'conflict', 'too_large'],
})
const DISABLE = documented({
  tag: 'Auth',
  summary: 'Sign in without a second factor again',
  answers: { 204: { description: 'Switched off.' } },
  refuses: ['invalid', 'conflict', 'rate_limited', 'too_large'],
})

/** Codes of an authenticator app as a second factor. */
export function secondFactorRoutes(deps: ApiDeps) {
  const { secondFactors, oneTimeCodes, credentials } = deps
  const now = () => deps.clock.now()
  return new Hono<ApiEnv>()
    .get('/', STATE, guard(deps, 'self:read'), async (c) => {
      const { tenantId, id } = c.get('principal')
      return c.json({ isEnabled: (await secondFactors.find(tenantId, id))?.confirmedAt !== undefined })
    })
    .post('/', BEGIN, guard(deps, 'self:write'), check('json', Password), async (c) => {
      const { user, tenant } = await requirePassword(deps, c, c.req.valid('json').password)
      const secret = oneTimeCodes.newSecret()
      if (!(await secondFactors.begin(tenant.id, user.id, secret, now().toISOString())))
        throw new AppError('conflict', 'There is a second factor already; switch it off first.')
      return c.json({ secret, uri: oneTimeCodes.uri(secret, user.email, tenant.name) }, 201, NO_STORE)
    })
    .post('/confirm', CONFIRM, guard(deps, 'self:write'), check('json', z.object({ code: z.string().max(20) })), async (c) => {
      const { user } = await callerOf(deps, c)
      const factor = await secondFactors.find(user.tenantId, user.id)
      if (factor === undefined || factor.confirmedAt !== undefined)
        throw new AppError('conflict', 'There is no second factor to be proven; begin with POST /api/v1/account/totp.')
      if (!(await takeCode(deps, user, factor.secret, c.req.valid('json').code)))
        throw new AppError('invalid', 'The code is wrong; enter the one that the app shows now.', { reason: 'second_factor_wrong' })
      const codes = Array.from({ length: RECOVERY_CODES }, () => credentials.random(RECOVERY_LENGTH))
      await secondFactors.confirm(user.tenantId, user.id, codes.map(credentials.hash), now().toISOString())
      // The code was proven here, so this sign-in needs no new one; what else is open to the password alone does.
      const { sessionId } = c.get('principal')
      if (sessionId !== undefined) await deps.identity.sessions.strengthen(user.tenantId, user.id, sessionId)
      await recordAct(deps, c, 'second_factor_enabled')
      return c.json({ recoveryCodes: codes.map((code) => code.replace(/(.{4})(?=.)/g, '$1-')) }, 200, NO_STORE)
    })
    .post('/disable', DISABLE, guard(deps, 'self:write'), check('json', Password), async (c) => {
      const { user } = await requirePassword(deps, c, c.req.valid('json').password)
      if (!(await secondFactors.remove(user.tenantId, user.id))) throw new AppError('conflict', 'There is no second factor.')
      // Nobody keeps, by a sign-in that lasts, what the factor opened.
      await deps.identity.sessions.weakenAll(user.tenantId, user.id)
      await recordAct(deps, c, 'second_factor_disabled')
      return c.body(null, 204)
    })
}

/**
 * Takes the strength from all sign-ins of a person who has no second factor left, whatever opened them: nobody keeps, by a sign-in that
 * lasts, what a factor opened that is gone. Looks after the removal, so that of two who remove the last two at once one sees it.
 */
export async function weakenWithoutFactor(
  { passkeys, secondFactors, identity }: Pick<ApiDeps, 'passkeys' | 'secondFactors' | 'identity'>,
  { tenantId, id }: Pick<User, 'tenantId' | 'id'>,
): Promise<void> {
  const [left, app] = await Promise.all([passkeys.list(tenantId, id), secondFactors.find(tenantId, id)])
  if (left.length === 0 && app?.confirmedAt === undefined) await identity.sessions.weakenAll(tenantId, id)
}

type FactorDeps = Pick<ApiDeps, 'secondFactors' | 'oneTimeCodes' | 'credentials' | 'identity' | 'clock' | 'newId' | 'audit'>

/** Whether a person whose password was right may come in: `none` when they have no second factor, `required` when a code is needed and none was sent. */
export async function checkSecondFactor(
  deps: FactorDeps,
  user: User,
  code: string | undefined,
  address: string,
): Promise<'none' | 'passed' | 'required' | 'wrong'> {
  const factor = await deps.secondFactors.find(user.tenantId, user.id)
  if (factor?.confirmedAt === undefined) return 'none'
  if (code === undefined) return 'required'
  if (await takeCode(deps, user, factor.secret, code)) return 'passed'
  const recovery = deps.credentials.hash(code.replace(/[\s-]/g, ''))
  if (!(await deps.secondFactors.takeRecoveryCode(user.tenantId, user.id, recovery))) return 'wrong'
  await recordSecurityEvent(deps, { tenantId: user.tenantId, kind: 'recovery_code_used', actor: user.id, address })
  return 'passed'
}

async function takeCode({ secondFactors, oneTimeCodes, clock }: FactorDeps, user: User, secret: string, code: string): Promise<boolean> {
  const step = oneTimeCodes.stepOf(secret, code.replace(/\s/g, ''), clock.now())
  return step !== undefined && (await secondFactors.takeStep(user.tenantId, user.id, step))
}

const NO_STORE = { 'Cache-Control': 'no-store' }
