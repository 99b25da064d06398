import { and, asc, eq } from 'drizzle-orm'
import type { Secrets } from '../domain/ports'
import { openD1 } from './d1'
import { secrets } from './schema'
import type { Vault } from './vault'

/** Secrets of one tenant in D1, sealed with the tenant's vault and bound to their name. Their hosts lie open. */
export function createD1Secrets(binding: D1Database, tenantId: string, vault: Vault): Secrets {
  const db = openD1(binding)
  const find: Secrets['find'] = async (name) => {
    const [row] = await db
      .select()
      .from(secrets)
      .where(and(eq(secrets.tenantId, tenantId), eq(secrets.name, name)))
      .limit(1)
    if (row === undefined) return undefined
    const value = new TextDecoder().decode(await vault.open(row.sealed, secretPurpose(tenantId, name)))
    return { value, ...(row.hosts !== null && { hosts: row.hosts }) }
  }
  return {
    put: async (name, value, hosts) => {
      const sealed = await vault.seal(new TextEncoder().encode(value), secretPurpose(tenantId, name))
      const set = { sealed, ...(hosts !== undefined && { hosts }) }
      await db
        .insert(secrets)
        .values({ tenantId, name, ...set })
        .onConflictDoUpdate({ target: [secrets.tenantId, secrets.name], set })
    },
    get: async (name) => (await find(name))?.value,
    find,
    list: async () => {
      const { name, hosts } = secrets
      const rows = await db.select({ name, hosts }).from(secrets).where(eq(secrets.tenantId, tenantId)).orderBy(asc(name))
      return rows.map((row) => ({ name: row.name, ...(row.hosts !== null && { hosts: row.hosts }) }))
    },
  }
}

/** What a secret is bound to. */
export const secretPurpose = (tenantId: string, name: string): string => `secret/${tenantId}/${name}`
