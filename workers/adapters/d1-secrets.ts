import { and, eq } from 'drizzle-orm'
import type { Secrets } from '../domain/ports'
import { openD1 } from './d1'
import { secrets } from './schema'
import type { Vault } from './vault'

/** Secrets of one tenant in D1, sealed with the tenant's vault and bound to their name. */
export function createD1Secrets(binding: D1Database, tenantId: string, vault: Vault): Secrets {
  const db = openD1(binding)
  return {
    put: async (name, value) => {
      const sealed = await vault.seal(new TextEncoder().encode(value), secretPurpose(tenantId, name))
      await db
        .insert(secrets)
        .values({ tenantId, name, sealed })
        .onConflictDoUpdate({ target: [secrets.tenantId, secrets.name], set: { sealed } })
    },
    get: async (name) => {
      const [row] = await db
        .select()
        .from(secrets)
        .where(and(eq(secrets.tenantId, tenantId), eq(secrets.name, name)))
        .limit(1)
      return row && new TextDecoder().decode(await vault.open(row.sealed, secretPurpose(tenantId, name)))
    },
  }
}

/** What a secret is bound to. */
export const secretPurpose = (tenantId: string, name: string): string => `secret/${tenantId}/${name}`
