import * as z from 'zod'
import { AppError } from '../domain/error'
import { openD1 } from './d1'
import { createD1TenantKeys, wrapPurpose } from './d1-tenant-keys'
import { dataKeys } from './schema'
import { listOthers, SEALED_COLUMNS } from './sealed-columns'
import type { UpkeepDeps } from './sealed-upkeep'
import { forgetKeys } from './tenant-vault'
import { createVault } from './vault'

const Moment = z.string().nullable()
const ArchivedKey = z.object({
  version: z.int(),
  /** Sealed with the archive key; null: destroyed. */
  sealed: z.string().nullable(),
  createdAt: z.string(),
  ...{ retiredAt: Moment, contentAt: Moment, resealedAt: Moment, destroyedAt: Moment },
})

/** What a data key in an archive is bound to, so that it opens in no other archive. */
const purposeOf = (archive: string, tenantId: string, version: number): string => `archive\n${archive}\n${tenantId}\n${version}`

/**
 * The data keys of a tenant, each sealed with the archive key, as lines of JSON. Refuses `unavailable` while the tenant has values that
 * its data keys have not sealed: they would open nowhere else.
 */
export async function archiveKeys(
  { binding, master, clock }: UpkeepDeps,
  archive: { id: string; tenantId: string; key: Uint8Array<ArrayBuffer> },
): Promise<{ lines: string; rows: number }> {
  const rows = createD1TenantKeys(binding, archive.tenantId, master, clock)
  const keys = await rows.list()
  for (const column of SEALED_COLUMNS)
    if ((await listOthers(openD1(binding), column, archive.tenantId, 't1.', 1)).length > 0)
      throw new AppError('unavailable', 'Some secrets are being sealed anew with the key of the tenant; try again in ten minutes.')
  const vault = createVault(archive.key)
  const lines = await Promise.all(
    keys.map(async (row) => {
      const { version, createdAt, retiredAt, contentAt, resealedAt, destroyedAt } = row
      const sealed =
        row.wrapped === null ? null : await vault.seal(await rows.unwrap(row), purposeOf(archive.id, archive.tenantId, version))
      return `${JSON.stringify({ version, sealed, createdAt, retiredAt, contentAt, resealedAt, destroyedAt })}\n`
    }),
  )
  return { lines: lines.join(''), rows: keys.length }
}

/** Stores the data keys of an archive, wrapped by the master key of this installation. Refuses `invalid` another archive key. */
export async function takeArchivedKeys(
  { binding, master }: UpkeepDeps,
  archive: { id: string; tenantId: string; key: Uint8Array<ArrayBuffer> },
  lines: string,
): Promise<void> {
  const { id, tenantId } = archive
  const vault = createVault(archive.key)
  const rows = await Promise.all(
    lines
      .split('\n')
      .filter((line) => line !== '')
      .map(async (line) => {
        const { sealed, ...row } = ArchivedKey.parse(JSON.parse(line))
        const opened = sealed === null ? null : await open(vault, sealed, purposeOf(id, tenantId, row.version))
        const wrapped = opened === null ? null : await master.seal(opened, wrapPurpose(tenantId, row.version))
        return { ...row, tenantId, wrapped, masterKeyId: master.keyId }
      }),
  )
  if (rows.length > 0) await openD1(binding).insert(dataKeys).values(rows).onConflictDoNothing()
  forgetKeys(binding, tenantId)
}

async function open(vault: ReturnType<typeof createVault>, sealed: string, purpose: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await vault.open(sealed, purpose)
  } catch {
    throw new AppError('invalid', 'This is not the archive key that the archive was made with.', { reason: 'archive_key' })
  }
}
