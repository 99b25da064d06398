import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import type { StoredTenant, StoredUser } from '../domain/identity'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { runLater } from './later'
import { countAttempt } from './login-brake'
import { NewPassword } from './new-password'
import { sendToken } from './one-time-tokens'
import { addressOf, recordAct, recordSecurityEvent } from './security-events'

const Code = z.string().max(200).describe('Out of the mail.')
const Change = z.object({ currentPassword: z.string().max(1_024), newPassword: NewPassword })
const ResetOrder = z
  .object({ tenant: z.string().max(64), email: z.string().max(254) })
  .meta({ example: { tenant: 'acme', email: 'jo@acme.example' } })
const Reset = z.object({ code: Code, password: NewPassword })

const CHANGE = documented({
  tag: 'Auth',
  summary: 'Change my password',
  description: 'Signs out all other devices.',
  answers: { 204: { description: 'Changed.' } },
  refuses: ['invalid', 'rate_limited', 'too_large'],
})
const ASK_RESET = documented({
  tag: 'Auth',
  summary: 'Ask for a new password',
  description: 'Mails a code that is good once and for 30 minutes, if there is such an account. The answer is the same when there is none.',
  isPublic: true,
  answers: { 202: { description: 'If there is such an account, the mail is on its way.' } },
  refuses: ['invalid', 'rate_limited', 'too_large'],
})
const RESET = documented({
  tag: 'Auth',
  summary: 'Set a new password with a mailed code',
  description: 'Signs out all devices.',
  isPublic: true,
  answers: { 204: { description: 'Set; sign in with it.' } },
  refuses: ['invalid', 'unauthenticated', 'too_large'],
})
const ASK_VERIFICATION = documented({
  tag: 'Auth',
  summary: 'Ask for a mail that proves my address',
  answers: { 202: { description: 'The mail is on its way.' } },
  refuses: ['rate_limited', 'unavailable'],
})
const VERIFY = documented({
  tag: 'Auth',
  summary: 'Prove an address with a mailed code',
  isPublic: true,
  answers: { 204: { description: 'Proven.' } },
  refuses: ['invalid', 'unauthenticated', 'too_large'],
})

/** What people do with their own accounts. */
export function accountRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .put('/password', CHANGE, guard(deps, 'self:write'), check('json', Change), async (c) => {
      await changePassword(deps, c, c.req.valid('json'))
      return c.body(null, 204)
    })
    .post('/password-reset', ASK_RESET, check('json', ResetOrder), async (c) => {
      await askForReset(deps, c.req.valid('json'), addressOf(c))
      return c.body(null, 202)
    })
    .post('/password-reset/confirm', RESET, check('json', Reset), async (c) => {
      await resetPassword(deps, c.req.valid('json'), addressOf(c))
      return c.body(null, 204)
    })
    .post('/email-verification', ASK_VERIFICATION, guard(deps, 'self:write'), async (c) => {
      const { user, tenant } = await callerOf(deps, c)
      await countAttempt(deps, { purpose: 'mail', tenant: tenant.slug, email: user.email, address: addressOf(c) }, () => undefined)
      await sendToken(deps, tenant, { purpose: 'email_verification', email: user.email, userId: user.id })
      return c.body(null, 202)
    })
    .post('/email-verification/confirm', VERIFY, check('json', z.object({ code: Code })), async (c) => {
      const at = deps.clock.now().toISOString()
      const user = await takeCode(deps, 'email_verification', c.req.valid('json').code, at)
      await deps.identity.members.verifyEmail(user.tenantId, user.id, at)
      return c.body(null, 204)
    })
}

async function changePassword(deps: ApiDeps, c: Context<ApiEnv>, { currentPassword, newPassword }: z.output<typeof Change>): Promise<void> {
  const { identity, passwords, clock } = deps
  const { user, tenant } = await requirePassword(deps, c, currentPassword)
  await identity.members.setPassword(tenant.id, user.id, await passwords.hash(newPassword))
  await identity.sessions.revokeAll(tenant.id, user.id, clock.now().toISOString(), c.get('principal').sessionId)
  await recordAct(deps, c, 'password_changed')
}

/**
 * The person who calls, once they have given their password: whoever finds an open device must not be able to keep the account. Refuses
 * `forbidden` for a wrong one; guesses count as failed sign-ins.
 */
export async function requirePassword(
  deps: ApiDeps,
  c: Context<ApiEnv>,
  password: string,
): Promise<{ user: StoredUser; tenant: StoredTenant }> {
  const caller = await callerOf(deps, c)
  const attempt = { purpose: 'login' as const, tenant: caller.tenant.slug, email: caller.user.email, address: addressOf(c) }
  const counted = await countAttempt(deps, attempt, () => undefined)
  if (!(await deps.passwords.verify(password, caller.user.passwordHash)))
    throw new AppError('forbidden', 'The current password is wrong.', { reason: 'wrong_password' })
  await counted.takeBack()
  return caller
}

/** All that depends on whether the account exists happens after the answer. */
async function askForReset(deps: ApiDeps, order: z.output<typeof ResetOrder>, address: string): Promise<void> {
  const { identity } = deps
  const email = order.email.trim().toLowerCase()
  await countAttempt(deps, { purpose: 'mail', tenant: order.tenant, email, address }, () => undefined)
  runLater(deps, async () => {
    const tenant = await identity.findTenantBySlug(order.tenant)
    const user = tenant && (await identity.findUserByEmail(tenant.id, email))
    if (tenant === undefined || user === undefined || user.disabledAt !== undefined) return
    await sendToken(deps, tenant, { purpose: 'password_reset', email, userId: user.id })
  })
}

async function resetPassword(deps: ApiDeps, { code, password }: z.output<typeof Reset>, address: string): Promise<void> {
  const { identity, passwords } = deps
  // Before the code is looked at, so that a wrong one takes as long as a right one.
  const passwordHash = await passwords.hash(password)
  const at = deps.clock.now().toISOString()
  const user = await takeCode(deps, 'password_reset', code, at)
  await identity.members.setPassword(user.tenantId, user.id, passwordHash)
  await identity.members.verifyEmail(user.tenantId, user.id, at)
  await identity.sessions.revokeAll(user.tenantId, user.id, at)
  await recordSecurityEvent(deps, { tenantId: user.tenantId, kind: 'password_reset', actor: user.id, address })
}

/** Whose mailed code it is. Void for a disabled account, and where the account has another address by now: the code proves the one it went to. */
async function takeCode(
  { identity, credentials }: Pick<ApiDeps, 'identity' | 'credentials'>,
  purpose: 'password_reset' | 'email_verification',
  code: string,
  at: string,
): Promise<StoredUser> {
  const taken = await identity.oneTimeTokens.take(purpose, credentials.hash(code), at)
  const user = taken?.userId === undefined ? undefined : await identity.findUser(taken.tenantId, taken.userId)
  if (user === undefined || user.disabledAt !== undefined || user.email !== taken?.email) throw deadCode()
  return user
}

/** The person who calls; refuses `invalid` for a program, which has no password. */
export async function callerOf(
  { identity }: Pick<ApiDeps, 'identity'>,
  c: Context<ApiEnv>,
): Promise<{ user: StoredUser; tenant: StoredTenant }> {
  const { kind, tenantId, id } = c.get('principal')
  if (kind !== 'user') throw new AppError('invalid', 'An API key has no password and no address; sign in as a person.')
  const [user, tenant] = await Promise.all([identity.findUser(tenantId, id), identity.findTenant(tenantId)])
  if (user === undefined || tenant === undefined) throw new AppError('not_found', 'This account does not exist any more.')
  return { user, tenant }
}

const deadCode = () => new AppError('unauthenticated', 'The code is unknown, used or expired; ask for a new one.')
