import { and, eq, type SQL, sql } from 'drizzle-orm'
import { AppError } from '../domain/error'
import type { Identity } from '../domain/identity'
import { insertOnce, openD1 } from './d1'
import { createD1ApiKeys } from './d1-api-keys'
import { createD1LoginFailures } from './d1-login-failures'
import { createD1Sessions } from './d1-sessions'
import { apiKeys, tenants, users } from './schema'

/** Tenants, users, keys and sessions in D1. */
export function createD1Identity(binding: D1Database): Identity {
  const db = openD1(binding)
  const findUser = async (condition: SQL | undefined) => (await db.select().from(users).where(condition).limit(1))[0]
  return {
    createTenant: async (tenant, admin, apiKey) => {
      if (admin.tenantId !== tenant.id || apiKey.tenantId !== tenant.id)
        throw new AppError('internal', 'The administrator and the key belong to another tenant.')
      const rows = db.batch([db.insert(tenants).values(tenant), db.insert(users).values(admin), db.insert(apiKeys).values(apiKey)])
      await insertOnce(rows, `The tenant slug '${tenant.slug}' is taken; choose another.`)
    },
    findTenant: async (id) => (await db.select().from(tenants).where(eq(tenants.id, id)).limit(1))[0],
    findTenantBySlug: async (slug) => (await db.select().from(tenants).where(eq(tenants.slug, slug)).limit(1))[0],
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
    apiKeys: createD1ApiKeys(binding),
    sessions: createD1Sessions(binding),
    loginFailures: createD1LoginFailures(binding),
  }
}
