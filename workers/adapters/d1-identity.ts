import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { AppError } from '../domain/error'
import type { Identity, Standing } from '../domain/identity'
import { endOf, isUseDue, lackOf, type SavedSignInPolicy, SHIPPED_SIGN_IN_POLICY, type SignIn } from '../domain/sign-in-policy'
import { insertOnce, openD1, withoutNulls } from './d1'
import { createD1ApiKeys } from './d1-api-keys'
import { createD1LoginFailures } from './d1-login-failures'
import { createD1Members } from './d1-members'
import { createD1OneTimeTokens } from './d1-one-time-tokens'
import { createD1Roles } from './d1-roles'
import { createD1ServiceAccounts } from './d1-service-accounts'
import { createD1Sessions } from './d1-sessions'
import { apiKeys, customRoles, passkeys, secondFactors, tenants, users } from './schema'

/** Tenants, users, keys and sessions in D1. `now` says whether a sign-in is over. */
export function createD1Identity(binding: D1Database, now: () => Date = () => new Date()): Identity {
  const db = openD1(binding)
  const sessions = createD1Sessions(binding)
  const findUser = async (condition: SQL | undefined) => {
    const [row] = await db.select().from(users).where(condition).limit(1)
    return row && withoutNulls(row)
  }
  const findTenant = async (condition: SQL | undefined) => {
    const [row] = await db.select().from(tenants).where(condition).limit(1)
    if (row === undefined) return undefined
    const { signIn, ...settings } = row.settings
    return { ...withoutNulls(row), settings, ...(signIn && { signInPolicy: wholePolicy(signIn) }) }
  }
  /** The new revision of a tenant whose settings were changed, if the expected one stood. */
  const change = async (tenantId: string, settings: SQL, ifRevision: number | undefined) => {
    const condition = ifRevision === undefined ? undefined : eq(tenants.revision, ifRevision)
    const [row] = await db
      .update(tenants)
      .set({ settings, revision: sql`${tenants.revision} + 1` })
      .where(and(eq(tenants.id, tenantId), condition))
      .returning({ revision: tenants.revision })
    return row?.revision
  }
  return {
    createTenant: async (tenant, admin, apiKey) => {
      if (admin.tenantId !== tenant.id || apiKey.tenantId !== tenant.id)
        throw new AppError('internal', 'The administrator and the key belong to another tenant.')
      const rows = db.batch([db.insert(tenants).values(tenant), db.insert(users).values(admin), db.insert(apiKeys).values(apiKey)])
      await insertOnce(rows, `The tenant slug '${tenant.slug}' is taken; choose another.`)
    },
    findTenant: (id) => findTenant(eq(tenants.id, id)),
    findTenantBySlug: (slug) => findTenant(eq(tenants.slug, slug)),
    setLife: async (tenantId, { suspendedAt = null, deletionAskedAt = null, erasedFrom = null }) => {
      const life = { suspendedAt, deletionAskedAt, erasedFrom }
      return (await db.update(tenants).set(life).where(eq(tenants.id, tenantId)).returning({ id: tenants.id })).length > 0
    },
    // Not by json_patch, which takes members away whose value is null: the policy has such.
    saveSettings: (tenantId, settings, ifRevision) => {
      const next = sql`json(${JSON.stringify(settings)})`
      const withPolicy = sql`case when ${policyIn} is null then ${next} else json_set(${next}, '$.signIn', json(${policyIn})) end`
      return change(tenantId, withPolicy, ifRevision)
    },
    saveSignInPolicy: (tenantId, policy, ifRevision) =>
      change(tenantId, sql`json_set(${tenants.settings}, '$.signIn', json(${JSON.stringify(policy)}))`, ifRevision),
    findUser: (tenantId, id) => findUser(and(eq(users.tenantId, tenantId), eq(users.id, id))),
    findUserByEmail: (tenantId, email) => findUser(and(eq(users.tenantId, tenantId), eq(users.email, email.toLowerCase()))),
    findStanding: async (tenantId, userId, family) => {
      const isCustom = and(eq(customRoles.tenantId, users.tenantId), eq(customRoles.name, users.role))
      const account = and(eq(users.tenantId, tenantId), eq(users.id, userId), isNull(users.disabledAt))
      const [[person], signIn] = await Promise.all([
        db
          .select({ role: users.role, permissions: customRoles.permissions, policy: policyIn, hasFactor })
          .from(users)
          .innerJoin(tenants, and(eq(tenants.id, users.tenantId), isNull(tenants.suspendedAt), isNull(tenants.deletionAskedAt)))
          .leftJoin(customRoles, isCustom)
          .where(account)
          .limit(1),
        sessions.find(tenantId, userId, family),
      ])
      if (person === undefined || signIn === undefined) return undefined
      const policy: SavedSignInPolicy | undefined = person.policy === null ? undefined : wholePolicy(JSON.parse(person.policy))
      const at = now().toISOString()
      const end = endOf(signIn, policy)
      if (end !== undefined && end <= at) return undefined
      if (isUseDue(signIn, policy, at)) await sessions.touch(tenantId, userId, family, at)
      return standingOf(withoutNulls({ role: person.role, permissions: person.permissions }), person.hasFactor === 1, signIn, policy)
    },
    apiKeys: createD1ApiKeys(binding),
    sessions,
    members: createD1Members(binding),
    roles: createD1Roles(binding),
    serviceAccounts: createD1ServiceAccounts(binding),
    oneTimeTokens: createD1OneTimeTokens(binding),
    loginFailures: createD1LoginFailures(binding),
  }
}

/** Settings that were saved before `saveSettings` left nulls alone have lost them. */
const wholePolicy = (kept: SavedSignInPolicy): SavedSignInPolicy => ({ ...SHIPPED_SIGN_IN_POLICY, ...kept })

const policyIn = sql<string | null>`json_extract(${tenants.settings}, '$.signIn')`

/** Whether the person has a proven authenticator app or a passkey; looked up only where the tenant asks for one. */
const hasFactor = sql<number>`case when coalesce(json_extract(${tenants.settings}, '$.signIn.requireSecondFactor'), 'none') = 'none' then 0 else
  exists (select 1 from ${secondFactors} where ${secondFactors.tenantId} = ${users.tenantId} and ${secondFactors.userId} = ${users.id}
    and ${secondFactors.confirmedAt} is not null)
  or exists (select 1 from ${passkeys} where ${passkeys.tenantId} = ${users.tenantId} and ${passkeys.userId} = ${users.id}) end`

function standingOf(
  role: Pick<Standing, 'role' | 'permissions'>,
  hasFactor: boolean,
  signIn: SignIn,
  policy: SavedSignInPolicy | undefined,
): Standing {
  const secondFactor = lackOf({ ...role, hasFactor }, signIn, policy)
  return { ...role, ...(secondFactor && { secondFactor }) }
}
