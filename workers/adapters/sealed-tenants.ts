import { AppError } from '../domain/error'
import type { TenantKeys, TenantKeyVersion } from '../domain/tenant-keys'
import { createD1TenantKeys, type DataKeyRow } from './d1-tenant-keys'
import { countValues, type UpkeepDeps } from './sealed-upkeep'
import { forgetKeys } from './tenant-vault'

/** Data keys of one tenant, for the door where administrators rotate them. */
export function createTenantKeys({ binding, master, clock }: UpkeepDeps, tenantId: string): TenantKeys {
  const rows = createD1TenantKeys(binding, tenantId, master, clock)
  return {
    list: async () => await Promise.all((await rows.list()).reverse().map((row) => toVersion(binding, row))),
    rotate: async () => {
      const version = await rows.rotate()
      forgetKeys(binding, tenantId)
      if (version === undefined)
        throw new AppError('conflict', 'The keys were rotated just now; GET /api/v1/tenant/keys shows how far it is.')
      return version
    },
  }
}

async function toVersion(binding: D1Database, row: DataKeyRow): Promise<TenantKeyVersion> {
  const { tenantId, version, createdAt, retiredAt, destroyedAt } = row
  return {
    version,
    status: statusOf(row),
    createdAt,
    ...(retiredAt !== null && { retiredAt }),
    ...(destroyedAt !== null && { destroyedAt }),
    values: await countValues(binding, tenantId, version),
    sealsContent: row.contentAt !== null,
  }
}

function statusOf({ wrapped, retiredAt, resealedAt }: DataKeyRow): TenantKeyVersion['status'] {
  if (wrapped === null) return 'destroyed'
  if (retiredAt === null) return 'active'
  return resealedAt === null ? 'retiring' : 'retired'
}

/**
 * Destroys all data keys of a tenant: nothing that they sealed opens any more, wherever a copy of it lies. Other isolates may know the
 * keys for `KEY_MEMORY_MS` more. Doing it twice changes nothing. Gives how many versions there were.
 */
export async function shredTenantKeys({ binding, master, clock }: UpkeepDeps, tenantId: string): Promise<number> {
  const shredded = await createD1TenantKeys(binding, tenantId, master, clock).shred()
  forgetKeys(binding, tenantId)
  return shredded
}
