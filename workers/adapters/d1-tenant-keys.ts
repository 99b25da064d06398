import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm'
import { AppError } from '../domain/error'
import { openD1 } from './d1'
import { dataKeys, secondFactors, tenantKeys } from './schema'
import { KEY_BYTES, type MasterVault } from './vault'

export type DataKeyRow = typeof dataKeys.$inferSelect

/**
 * Rows of the data keys of one tenant. Every change is one transaction, so that of two isolates that make or rotate a key at once one
 * does and both see the same.
 */
export interface TenantKeyRows {
  /** All versions, oldest first; the first is made when there is none and nothing was destroyed. */
  list(): Promise<DataKeyRow[]>
  /** The raw key of a row. */
  unwrap(row: DataKeyRow): Promise<Uint8Array<ArrayBuffer>>
  /** A new version that seals from now on; undefined when another rotation came first. */
  rotate(): Promise<number | undefined>
  /** Says, before it does, that the version seals what is not sealed anew later. */
  noteContent(version: number): Promise<void>
  /** Destroys all versions for good: a later write makes no new one. Gives how many there were. */
  shred(): Promise<number>
}

export function createD1TenantKeys(binding: D1Database, tenantId: string, master: MasterVault, clock: { now(): Date }): TenantKeyRows {
  const db = openD1(binding)
  const own = eq(dataKeys.tenantId, tenantId)
  const read = () => db.select().from(dataKeys).where(own).orderBy(asc(dataKeys.version))
  const at = () => clock.now().toISOString()
  const wrap = (key: Uint8Array, version: number) => master.seal(key, wrapPurpose(tenantId, version))
  const list = async () => {
    const rows = await read()
    if (rows.length > 0) return rows
    await makeFirst(binding, tenantId, master, at())
    // Read back: another isolate may have been first.
    return await read()
  }
  return {
    list,
    unwrap: async ({ wrapped, version }) => {
      if (wrapped === null) throw destroyed()
      return await master.open(wrapped, wrapPurpose(tenantId, version))
    },
    rotate: async () => {
      const rows = await list()
      if (rows.every((row) => row.wrapped === null)) throw destroyed()
      const version = Math.max(...rows.map((row) => row.version)) + 1
      const wrapped = await wrap(newKey(), version)
      const [made] = await db.batch([
        db
          .insert(dataKeys)
          .values({ tenantId, version, wrapped, masterKeyId: master.keyId, createdAt: at() })
          .onConflictDoNothing()
          .returning({ version: dataKeys.version }),
        db
          .update(dataKeys)
          .set({ retiredAt: at() })
          .where(and(own, lt(dataKeys.version, version), isNull(dataKeys.retiredAt), isNull(dataKeys.destroyedAt))),
      ])
      return made[0]?.version
    },
    noteContent: async (version) => {
      await db
        .update(dataKeys)
        .set({ contentAt: at() })
        .where(and(own, eq(dataKeys.version, version), isNull(dataKeys.contentAt)))
    },
    shred: async () => {
      const rows = await read()
      const mark = { tenantId, version: 0, masterKeyId: '', createdAt: at(), destroyedAt: at() }
      await db.batch([
        db
          .update(dataKeys)
          .set({ wrapped: null, destroyedAt: at() })
          .where(and(own, isNull(dataKeys.destroyedAt))),
        // Also where there was no key yet: none shall come after.
        db.insert(dataKeys).values(mark).onConflictDoNothing(),
        db.delete(tenantKeys).where(eq(tenantKeys.tenantId, tenantId)),
      ])
      return rows.filter((row) => row.wrapped !== null).length
    },
  }
}

const newKey = () => crypto.getRandomValues(new Uint8Array(KEY_BYTES))

/** Associated data of a wrapped data key. */
export const wrapPurpose = (tenantId: string, version: number): string => `data-key\n${tenantId}\n${version}`

export const destroyed = () =>
  new AppError('not_found', 'The keys of this tenant were destroyed when it was deleted; what they sealed cannot be read any more.', {
    reason: 'keys_destroyed',
  })

/**
 * Version 1. A key or sealed rows from before versions make it version 1 as it was, retired at once, with a new version 2: so the
 * upkeep seals anew what it or the master key had sealed.
 */
async function makeFirst(binding: D1Database, tenantId: string, master: MasterVault, at: string): Promise<void> {
  const db = openD1(binding)
  const [[earlier], [factor]] = await Promise.all([
    db.select().from(tenantKeys).where(eq(tenantKeys.tenantId, tenantId)).limit(1),
    db.select({ one: sql`1` }).from(secondFactors).where(eq(secondFactors.tenantId, tenantId)).limit(1),
  ])
  const isOld = earlier !== undefined || factor !== undefined
  const key = earlier === undefined ? newKey() : await master.open(earlier.sealed, `tenant-key/${tenantId}`)
  const row = async (version: number, raw: Uint8Array, retiredAt: string | null) => ({
    tenantId,
    version,
    wrapped: await master.seal(raw, wrapPurpose(tenantId, version)),
    masterKeyId: master.keyId,
    createdAt: at,
    retiredAt,
  })
  const rows = [await row(1, key, isOld ? at : null), ...(isOld ? [await row(2, newKey(), null)] : [])]
  await db.batch([db.insert(dataKeys).values(rows).onConflictDoNothing(), db.delete(tenantKeys).where(eq(tenantKeys.tenantId, tenantId))])
}
