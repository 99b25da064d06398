import { and, asc, eq, sql } from 'drizzle-orm'
import type { RoleStore } from '../domain/roles'
import { openD1 } from './d1'
import { apiKeys, customRoles, oneTimeTokens, serviceAccounts, users } from './schema'

/** Roles that tenants made, in D1. */
export function createD1Roles(binding: D1Database): RoleStore {
  const db = openD1(binding)
  const one = (tenantId: string, name: string) => and(eq(customRoles.tenantId, tenantId), eq(customRoles.name, name))
  const find: RoleStore['find'] = async (tenantId, name) => (await db.select().from(customRoles).where(one(tenantId, name)).limit(1))[0]
  return {
    put: async (role) => {
      const { description, permissions, updatedAt } = role
      await db
        .insert(customRoles)
        .values(role)
        .onConflictDoUpdate({ target: [customRoles.tenantId, customRoles.name], set: { description, permissions, updatedAt } })
    },
    find,
    list: (tenantId) => db.select().from(customRoles).where(eq(customRoles.tenantId, tenantId)).orderBy(asc(customRoles.name)),
    delete: async (tenantId, name, at) => {
      const isHeld = sql`exists (select 1 from ${users} where ${users.tenantId} = ${tenantId} and ${users.role} = ${name})
        or exists (select 1 from ${serviceAccounts} where ${serviceAccounts.tenantId} = ${tenantId} and ${serviceAccounts.role} = ${name} and ${serviceAccounts.disabledAt} is null)
        or exists (select 1 from ${apiKeys} where ${apiKeys.tenantId} = ${tenantId} and ${apiKeys.role} = ${name} and ${apiKeys.revokedAt} is null and coalesce(${apiKeys.expiresAt}, '~') > ${at})
        or exists (select 1 from ${oneTimeTokens} where ${oneTimeTokens.tenantId} = ${tenantId} and ${oneTimeTokens.role} = ${name} and ${oneTimeTokens.usedAt} is null and ${oneTimeTokens.expiresAt} > ${at})`
      const deleted = await db
        .delete(customRoles)
        .where(and(one(tenantId, name), sql`not (${isHeld})`))
        .returning({ name: customRoles.name })
      if (deleted.length > 0) return 'deleted'
      return (await find(tenantId, name)) === undefined ? 'unknown' : 'in_use'
    },
  }
}
