import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import type { StoredUser } from '../domain/identity'
import type { MemberChanged } from '../domain/members'
import type { User } from '../domain/tenants'
import { noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { requireMayGrant } from './grants'
import { guard } from './guard'
import { PageQuery, pageSchema } from './lists'
import { recordAct } from './security-events'
import { requireSeats } from './tenant-seats'

const UserSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: z.string(),
    createdAt: z.iso.datetime(),
    disabledAt: z.iso.datetime().optional(),
    emailVerifiedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'User' })

const LIST = documented({
  tag: 'Users',
  summary: 'List users',
  answers: { 200: { description: 'The newest first.', body: { schema: pageSchema(UserSchema) } } },
  refuses: ['invalid'],
})
const READ = documented({
  tag: 'Users',
  summary: 'Read a user',
  answers: { 200: { description: 'The user.', body: { schema: UserSchema } } },
  refuses: ['not_found'],
})
const changes = (summary: string, description: string) =>
  documented({
    tag: 'Users',
    summary,
    description,
    answers: { 200: { description: 'As it is now.', body: { schema: UserSchema } } },
    refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'over_budget'],
  })
const SET_ROLE = changes('Change the role of a user', 'Counts within seconds. The last administrator stays one.')
const DISABLE = changes('Disable a user', 'Ends all sign-ins; nobody can sign in until it is enabled. The last administrator stays.')
const ENABLE = changes('Enable a user', 'The user can sign in again.')
const END_SESSIONS = documented({
  tag: 'Users',
  summary: 'Sign a user out everywhere',
  answers: { 200: { description: 'Signed out.', body: { schema: z.object({ revoked: z.int() }) } } },
  refuses: ['not_found'],
})

const END_FACTOR = documented({
  tag: 'Users',
  summary: 'Take the second factor of a user away',
  description:
    'For somebody who lost the authenticator app and the recovery codes. Every sign-in of theirs counts as one with a password alone from then on.',
  answers: { 204: { description: 'The password alone opens the account again.' } },
  refuses: ['not_found', 'conflict'],
})

/** The people of the tenant. They come by invitation. */
export function userRoutes(deps: ApiDeps) {
  const { members, sessions } = deps.identity
  const now = () => deps.clock.now().toISOString()
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'users:read'), check('query', PageQuery), async (c) => {
      const { limit, cursor } = c.req.valid('query')
      const page = await members.list(c.get('principal').tenantId, { limit, ...(cursor !== undefined && { cursor }) })
      return c.json({ ...page, items: page.items.map(shown) })
    })
    .get('/:id', READ, guard(deps, 'users:read'), async (c) => c.json(shown(await memberOf(deps, c))))
    .put('/:id/role', SET_ROLE, guard(deps, 'users:write'), check('json', z.object({ role: z.string().max(64) })), async (c) => {
      const user = await changeableMember(deps, c)
      const { role } = c.req.valid('json')
      await requireMayGrant(deps, c.get('principal'), role)
      requireChanged(await members.setRole(user.tenantId, user.id, role))
      noteChange(c, { before: { role: user.role }, after: { role } })
      await recordAct(deps, c, 'user_role_changed', `${user.id}: ${user.role} → ${role}`)
      return c.json(shown(await memberOf(deps, c)))
    })
    .post('/:id/disable', DISABLE, guard(deps, 'users:write'), async (c) => {
      const user = await changeableMember(deps, c)
      requireChanged(await members.disable(user.tenantId, user.id, now()))
      await sessions.revokeAll(user.tenantId, user.id, now())
      noteChange(c, { before: { disabled: user.disabledAt !== undefined }, after: { disabled: true } })
      await recordAct(deps, c, 'user_disabled', user.id)
      return c.json(shown(await memberOf(deps, c)))
    })
    .post('/:id/enable', ENABLE, guard(deps, 'users:write'), async (c) => {
      const user = await changeableMember(deps, c)
      if (user.disabledAt !== undefined) await requireSeats(deps, user.tenantId, 1)
      requireChanged((await members.enable(user.tenantId, user.id)) ? 'changed' : 'unknown')
      noteChange(c, { before: { disabled: user.disabledAt !== undefined }, after: { disabled: false } })
      await recordAct(deps, c, 'user_enabled', user.id)
      return c.json(shown(await memberOf(deps, c)))
    })
    .delete('/:id/totp', END_FACTOR, guard(deps, 'users:write'), async (c) => {
      const user = await changeableMember(deps, c)
      if (!(await deps.secondFactors.remove(user.tenantId, user.id))) throw new AppError('conflict', 'The user has no second factor.')
      await sessions.weakenAll(user.tenantId, user.id)
      await recordAct(deps, c, 'second_factor_disabled', user.id)
      return c.body(null, 204)
    })
    .delete('/:id/sessions', END_SESSIONS, guard(deps, 'users:write'), async (c) => {
      const user = await changeableMember(deps, c)
      const revoked = await sessions.revokeAll(user.tenantId, user.id, now())
      if (revoked > 0) await recordAct(deps, c, 'sessions_revoked', `${revoked} devices of ${user.id}`)
      return c.json({ revoked })
    })
}

async function memberOf({ identity }: Pick<ApiDeps, 'identity'>, c: Context<ApiEnv>): Promise<StoredUser> {
  const user = await identity.findUser(c.get('principal').tenantId, c.req.param('id') ?? '')
  if (user === undefined) throw unknownUser()
  return user
}

/** A user whom the caller may change: nobody touches somebody who may do more than they. */
export async function changeableMember(deps: Pick<ApiDeps, 'identity'>, c: Context<ApiEnv>): Promise<StoredUser> {
  const user = await memberOf(deps, c)
  await requireMayGrant(deps, c.get('principal'), user.role)
  return user
}

function requireChanged(outcome: MemberChanged): void {
  if (outcome === 'unknown') throw unknownUser()
  if (outcome === 'last_admin')
    throw new AppError('conflict', 'This is the last administrator who can sign in; make somebody else one first.', {
      reason: 'last_admin',
    })
}

const unknownUser = () => new AppError('not_found', 'There is no user with that id.')

const shown = ({ id, email, name, role, createdAt, disabledAt, emailVerifiedAt }: User) => ({
  id,
  email,
  name,
  role,
  createdAt,
  ...(disabledAt !== undefined && { disabledAt }),
  ...(emailVerifiedAt !== undefined && { emailVerifiedAt }),
})
