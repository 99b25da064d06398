import { and, eq } from 'drizzle-orm'
import { AppError } from '../domain/error'
import type { Secrets } from '../domain/ports'
import { openD1 } from './d1'
import { secrets, tenantKeys } from './schema'
import { createVault, KEY_BYTES, type Vault } from './vault'

/**
 * Secrets of one tenant in D1, envelope-encrypted: each under the tenant's data key, which lies sealed with the master key. Tenant
 * and name are bound as associated data.
 */
export function createD1Secrets(binding: D1Database, tenantId: string, master: Vault): Secrets {
  const db = openD1(binding)
  let vault: Promise<Vault> | undefined
  const open = () => {
    vault ??= openTenantVault(binding, tenantId, master).catch((thrown: unknown) => {
      vault = undefined
      throw thrown
    })
    return vault
  }
  const purpose = (name: string) => `secret/${tenantId}/${name}`
  return {
    put: async (name, value) => {
      const sealed = await (await open()).seal(new TextEncoder().encode(value), purpose(name))
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
      return row && new TextDecoder().decode(await (await open()).open(row.sealed, purpose(name)))
    },
  }
}

/** The tenant's data key, made at the first use. Of two who make one at once, the first stored counts. */
async function openTenantVault(binding: D1Database, tenantId: string, master: Vault): Promise<Vault> {
  const db = openD1(binding)
  const purpose = `tenant-key/${tenantId}`
  const find = async () => (await db.select().from(tenantKeys).where(eq(tenantKeys.tenantId, tenantId)).limit(1))[0]
  const known = await find()
  if (known !== undefined) return createVault(await master.open(known.sealed, purpose))
  const sealed = await master.seal(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), purpose)
  await db.insert(tenantKeys).values({ tenantId, sealed }).onConflictDoNothing()
  const stored = await find()
  if (stored === undefined) throw new AppError('unavailable', 'The key of the tenant could not be stored; try again.')
  return createVault(await master.open(stored.sealed, purpose))
}
