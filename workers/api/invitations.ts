import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import type { OneTimeToken } from '../domain/one-time-tokens'
import { isOpen } from '../domain/tenant-life'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { requireMayGrant } from './grants'
import { guard } from './guard'
import { listSchema } from './lists'
import { NewPassword } from './new-password'
import { sendToken } from './one-time-tokens'
import { addressOf, recordAct, recordSecurityEvent } from './security-events'
import { requireSeats } from './tenant-seats'

const InvitationSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    role: z.string(),
    createdBy: z.string().optional(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Invitation' })
const InvitationOrder = z
  .object({ email: z.email().max(254), role: z.string().max(64) })
  .meta({ example: { email: 'jo@acme.example', role: 'agent' } })
const Acceptance = z
  .object({ code: z.string().max(200).describe('Out of the mail.'), name: z.string().min(1).max(200), password: NewPassword })
  .meta({ example: { code: '…', name: 'Jo Doe', password: '…' } })
const Joined = z.object({ tenant: z.string().describe('Slug, for the sign-in.'), email: z.string() })

const CREATE = documented({
  tag: 'Users',
  summary: 'Invite somebody',
  description: 'Sends a mail with a code that is good for seven days and once. Inviting an address again makes the earlier code void.',
  answers: { 201: { description: 'The mail is on its way.', body: { schema: InvitationSchema } } },
  refuses: ['invalid', 'conflict', 'too_large', 'over_budget', 'unavailable'],
})
const LIST = documented({
  tag: 'Users',
  summary: 'List open invitations',
  answers: { 200: { description: 'The newest first.', body: { schema: listSchema(InvitationSchema) } } },
  refuses: [],
})
const REVOKE = documented({
  tag: 'Users',
  summary: 'Take an invitation back',
  answers: { 204: { description: 'Its code is void.' } },
  refuses: ['not_found'],
})
const ACCEPT = documented({
  tag: 'Users',
  summary: 'Accept an invitation',
  description: 'Makes the account with the password; then sign in. An unknown, used, void and expired code get the same answer.',
  isPublic: true,
  answers: { 201: { description: 'Joined.', body: { schema: Joined } } },
  refuses: ['invalid', 'unauthenticated', 'conflict', 'too_large', 'over_budget'],
})

/** How people come into a tenant. */
export function invitationRoutes(deps: ApiDeps) {
  const { identity } = deps
  const now = () => deps.clock.now().toISOString()
  return new Hono<ApiEnv>()
    .post('/', CREATE, guard(deps, 'users:write'), check('json', InvitationOrder), async (c) => {
      const { tenantId, id } = c.get('principal')
      const { role } = c.req.valid('json')
      const email = c.req.valid('json').email.toLowerCase()
      await requireMayGrant(deps, c.get('principal'), role)
      const tenant = await identity.findTenant(tenantId)
      if (tenant === undefined) throw new AppError('not_found', 'This tenant does not exist any more.')
      if ((await identity.findUserByEmail(tenantId, email)) !== undefined)
        throw new AppError('conflict', 'There is a user with that address already; GET /api/v1/users lists them.')
      const open = await identity.oneTimeTokens.list(tenantId, 'invitation', now())
      // Inviting an address again takes no further seat.
      await requireSeats(deps, tenantId, open.some((invitation) => invitation.email === email) ? 0 : 1)
      const token = await sendToken(deps, tenant, { purpose: 'invitation', email, role, createdBy: id })
      await recordAct(deps, c, 'user_invited', `${token.id} as ${role}`)
      return c.json(shown(token), 201)
    })
    .get('/', LIST, guard(deps, 'users:read'), async (c) => {
      const open = await identity.oneTimeTokens.list(c.get('principal').tenantId, 'invitation', now())
      return c.json({ items: open.map(shown) })
    })
    .delete('/:id', REVOKE, guard(deps, 'users:write'), async (c) => {
      const { tenantId } = c.get('principal')
      const meant = (await identity.oneTimeTokens.list(tenantId, 'invitation', now())).find(({ id }) => id === c.req.param('id'))
      if (meant?.role !== undefined) await requireMayGrant(deps, c.get('principal'), meant.role)
      const isOpen = await identity.oneTimeTokens.revoke(tenantId, 'invitation', c.req.param('id'), now())
      if (!isOpen) throw new AppError('not_found', 'There is no open invitation with that id.')
      return c.body(null, 204)
    })
    .post('/accept', ACCEPT, check('json', Acceptance), async (c) => c.json(await accept(deps, c.req.valid('json'), addressOf(c)), 201))
}

async function accept(
  deps: ApiDeps,
  { code, name, password }: z.output<typeof Acceptance>,
  address: string,
): Promise<z.output<typeof Joined>> {
  const { identity, credentials, passwords, newId } = deps
  // Before the code is looked at, so that a wrong one takes as long as a right one.
  const passwordHash = await passwords.hash(password)
  const at = deps.clock.now().toISOString()
  const found = await identity.oneTimeTokens.find('invitation', credentials.hash(code), at)
  // Its own seat is counted already; the plan may have become smaller since. The code stays good for when there is room.
  if (found !== undefined) await requireSeats(deps, found.tenantId, 0)
  const taken = await identity.oneTimeTokens.take('invitation', credentials.hash(code), at)
  const tenant = taken && (await identity.findTenant(taken.tenantId))
  if (taken?.role === undefined || tenant === undefined || !isOpen(tenant))
    throw new AppError('unauthenticated', 'The code is unknown, used or expired; ask for a new invitation.')
  const user = { id: newId('user'), tenantId: tenant.id, email: taken.email, name, role: taken.role, createdAt: at }
  await identity.members.insert({ ...user, passwordHash, emailVerifiedAt: at })
  await recordSecurityEvent(deps, {
    tenantId: tenant.id,
    kind: 'user_joined',
    actor: user.id,
    address,
    detail: `${taken.id} as ${user.role}`,
  })
  return { tenant: tenant.slug, email: user.email }
}

const shown = ({ id, email, role, createdBy, createdAt, expiresAt }: Omit<OneTimeToken, 'tokenHash'>) => ({
  id,
  email,
  role: role ?? '',
  ...(createdBy !== undefined && { createdBy }),
  createdAt,
  expiresAt,
})
