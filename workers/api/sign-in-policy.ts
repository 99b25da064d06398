import { type Context, Hono } from 'hono'
import { AppError } from '../domain/error'
import type { StoredTenant } from '../domain/identity'
import { lackOf, limitsRest, type SavedSignInPolicy, SHIPPED_SIGN_IN_POLICY, SignInPolicy } from '../domain/sign-in-policy'
import { noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { etagOf, expectedTags, staleEdit } from './etag'
import { guard } from './guard'

const PolicySchema = SignInPolicy.meta({
  id: 'SignInPolicy',
  example: { requireSecondFactor: 'administrators', idleMinutes: 480, absoluteHours: 72 },
})

const READ = documented({
  tag: 'Tenants',
  summary: 'What is asked of sign-ins',
  description: 'Whom the tenant asks for a second factor, and for how long a sign-in lasts.',
  answers: { 200: { description: 'The policy.', body: { schema: PolicySchema }, headers: { ETag: 'The revision of the settings.' } } },
  refuses: ['not_found'],
})
const SAVE = documented({
  tag: 'Tenants',
  summary: 'Set what is asked of sign-ins',
  description:
    'Replaces all of it; what is left out gets its shipped value. It counts within 15 seconds, also for who is signed in: who lacks the second factor may only look after their own account (403, reason `second_factor_required`) until they have one. A passkey or an identity provider counts as one. Keys and service accounts are not concerned. `If-Match` refuses to overwrite a change of somebody else (412).',
  headers: { 'If-Match': 'ETag of the policy that was edited.' },
  answers: { 200: { description: 'Saved.', body: { schema: PolicySchema }, headers: { ETag: 'The revision of the settings.' } } },
  refuses: ['invalid', 'not_found', 'conflict', 'too_large'],
})

/** What a tenant asks of the sign-ins of its people. Mounted as `/tenant/sign-in-policy`. */
export function signInPolicyRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/', READ, guard(deps, 'settings:read'), async (c) => {
      const { signInPolicy, revision } = await ownTenant(deps, c)
      return c.json(shown(signInPolicy), 200, { ETag: etagOf(revision) })
    })
    .put('/', SAVE, guard(deps, 'identity_providers:write'), check('json', PolicySchema), (c) => savePolicy(deps, c, c.req.valid('json')))
}

async function savePolicy(deps: ApiDeps, c: Context<ApiEnv>, after: SignInPolicy) {
  const { id, revision, signInPolicy } = await ownTenant(deps, c)
  const expected = expectedTags(c.req.header('If-Match'))
  if (expected !== undefined && !expected.includes(String(revision))) throw staleEdit()
  const isLimitedYet = signInPolicy !== undefined && limitsRest(signInPolicy)
  const policy = { ...after, restLimitedSince: isLimitedYet ? signInPolicy.restLimitedSince : deps.clock.now().toISOString() }
  await requireOwnWayBack(deps, c, policy)
  const saved = await deps.identity.saveSignInPolicy(id, policy, expected === undefined ? undefined : revision)
  if (saved === undefined) throw staleEdit()
  noteChange(c, { resource: { kind: 'signInPolicy', id }, before: shown(signInPolicy), after })
  return c.json(after, 200, { ETag: etagOf(saved) })
}

/** Who has no factor can add one; who has one that this sign-in did not use may have lost it, and would be out for good. */
async function requireOwnWayBack(deps: ApiDeps, c: Context<ApiEnv>, policy: SavedSignInPolicy): Promise<void> {
  const { tenantId, id, sessionId, role, permissions } = c.get('principal')
  const signIn = sessionId === undefined ? undefined : await deps.identity.sessions.find(tenantId, id, sessionId)
  if (signIn === undefined) return
  const [app, passkeys] = await Promise.all([deps.secondFactors.find(tenantId, id), deps.passkeys.list(tenantId, id)])
  const hasFactor = app?.confirmedAt !== undefined || passkeys.length > 0
  if (lackOf({ role, ...(permissions && { permissions }), hasFactor }, signIn, policy) !== 'to_prove') return
  throw new AppError(
    'conflict',
    'You have a second factor, but this sign-in did not use it; sign in with it first, so that you keep your own way in.',
  )
}

async function ownTenant(deps: ApiDeps, c: Context<ApiEnv>): Promise<StoredTenant> {
  const tenant = await deps.identity.findTenant(c.get('principal').tenantId)
  if (tenant === undefined) throw new AppError('not_found', 'This tenant does not exist any more.')
  return tenant
}

function shown(policy: SavedSignInPolicy | undefined): SignInPolicy {
  if (policy === undefined) return SHIPPED_SIGN_IN_POLICY
  const { restLimitedSince: _, ...rest } = policy
  return rest
}
