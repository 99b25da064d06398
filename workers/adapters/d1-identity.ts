import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { AppError } from '../domain/error'
import type { Identity } from '../domain/identity'
import { insertOnce, openD1, withoutNulls } from './d1'
import { createD1ApiKeys } from './d1-api-keys'
import { createD1LoginFailures } from './d1-login-failures'
import { createD1Members } from './d1-members'
import { createD1OneTimeTokens } from './d1-one-time-tokens'
import { createD1Roles } from './d1-roles'
import { createD1ServiceAccounts } from './d1-service-accounts'
import { createD1Sessions } from './d1-sessions'
import { apiKeys, customRoles, tenants, users } from './schema'

/** Tenants, users, keys and sessions in D1. */
export function createD1Identity(binding: D1Database): Identity {
  const db = openD1(binding)
  const sessions = createD1Sessions(binding)
  const findUser = async (condition: SQL | undefined) => {
    const [row] = await db.select().from(users).where(condition).limit(1)
    return row && withoutNulls(row)
  }
  const findTenant = async (condition: SQL | undefined) => {
    const [row] = await db.select().from(tenants).where(condition).limit(1)
    return row && withoutNulls(row)
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
    saveSettings: async (tenantId, settings, ifRevision) => {
      const condition = ifRevision === undefined ? undefined : eq(tenants.revision, ifRevision)
      const [row] = await db
        .update(tenants)
        .set({ settings, revision: sql`${tenants.revision} + 1` })
        .where(and(eq(tenants.id, tenantId), condition))
        .returning({ revision: tenants.revision })
      return row?.revision
    },
    findUser: (tenantId, id) => findUser(and(eq(users.tenantId, tenantId), eq(users.id, id))),
    findUserByEmail: (tenantId, email) => findUser(and(eq(users.tenantId, tenantId), eq(users.email, email.toLowerCase()))),
    findStanding: async (tenantId, userId, family) => {
      const isCustom = and(eq(customRoles.tenantId, users.tenantId), eq(customRoles.name, users.role))
      const account = and(eq(users.tenantId, tenantId), eq(users.id, userId), isNull(users.disabledAt))
      const [[standing], isLive] = await Promise.all([
        db
          .select({ role: users.role, permissions: customRoles.permissions })
          .from(users)
          .innerJoin(tenants, and(eq(tenants.id, users.tenantId), isNull(tenants.suspendedAt), isNull(tenants.deletionAskedAt)))
          .leftJoin(customRoles, isCustom)
          .where(account)
          .limit(1),
        sessions.isLive(tenantId, userId, family),
      ])
      return standing && isLive ? withoutNulls(standing) : undefined
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
