import { and, asc, eq, isNotNull, isNull, ne, not, sql } from 'drizzle-orm'
import { KEY_GRACE_MS, type Rewrapped } from '../domain/tenant-keys'
import { type D1, openD1 } from './d1'
import { createD1TenantKeys, wrapPurpose } from './d1-tenant-keys'
import { dataKeys, signingKeys } from './schema'
import { countSealed, listOthers, nothingSealed, replaceSealed, SEALED_COLUMNS, tenantsWithEarlierValues } from './sealed-columns'
import { createTenantVault, forgetKeys, headerOf } from './tenant-vault'
import type { MasterVault } from './vault'

export interface UpkeepDeps {
  binding: D1Database
  master: MasterVault
  clock: { now(): Date }
}

/** Of one call, which is one invocation with 1,000 queries. */
const MAX_KEYS = 200
const MAX_TENANTS = 20
const MAX_VALUES = 40

/**
 * Wraps data keys, and seals signing keys, anew with the master key that seals now; brings what the master key once sealed directly to
 * the tenants' keys. It works from what the rows say, so it may be broken off and repeated at any time.
 */
export async function rewrapKeys(deps: UpkeepDeps): Promise<Rewrapped> {
  const db = openD1(deps.binding)
  const done = (await rewrapDataKeys(deps, db)) + (await rewrapSigningKeys(deps, db)) + (await adoptEarlier(deps, db))
  return { done, left: await leftBehind(deps, db) }
}

const isElsewhere = (master: MasterVault) => and(ne(dataKeys.masterKeyId, master.keyId), isNotNull(dataKeys.wrapped))

async function rewrapDataKeys({ master }: UpkeepDeps, db: D1): Promise<number> {
  const rows = await db.select().from(dataKeys).where(isElsewhere(master)).limit(MAX_KEYS)
  for (const { tenantId, version, wrapped } of rows) {
    if (wrapped === null) continue
    const purpose = wrapPurpose(tenantId, version)
    const anew = await master.seal(await master.open(wrapped, purpose), purpose)
    // Not if the key was destroyed meanwhile.
    const same = and(eq(dataKeys.tenantId, tenantId), eq(dataKeys.version, version), eq(dataKeys.wrapped, wrapped))
    await db.update(dataKeys).set({ wrapped: anew, masterKeyId: master.keyId }).where(same)
  }
  return rows.length
}

const isOfOtherMaster = (master: MasterVault) => not(sql`substr(${signingKeys.sealed}, 1, ${master.header.length}) = ${master.header}`)

async function rewrapSigningKeys({ master }: UpkeepDeps, db: D1): Promise<number> {
  const rows = await db.select().from(signingKeys).where(isOfOtherMaster(master)).limit(MAX_KEYS)
  for (const { name, sealed } of rows) {
    const purpose = `signing-key/${name}`
    const anew = await master.seal(await master.open(sealed, purpose), purpose)
    await db
      .update(signingKeys)
      .set({ sealed: anew })
      .where(and(eq(signingKeys.name, name), eq(signingKeys.sealed, sealed)))
  }
  return rows.length
}

/** Gives tenants with values from before versions their keys; `resealValues` does the rest. */
async function adoptEarlier(deps: UpkeepDeps, db: D1): Promise<number> {
  const found = await Promise.all(SEALED_COLUMNS.map((column) => tenantsWithEarlierValues(db, column, MAX_TENANTS)))
  const tenants = [...new Set(found.flat())]
  for (const tenantId of tenants) {
    const { binding, master, clock } = deps
    await createD1TenantKeys(binding, tenantId, master, clock).list()
    await resealTenant(deps, db, tenantId)
  }
  return tenants.length
}

async function leftBehind({ master }: UpkeepDeps, db: D1): Promise<number> {
  const [keys, signing, ...earlier] = await Promise.all([
    db.$count(dataKeys, isElsewhere(master)),
    db.$count(signingKeys, isOfOtherMaster(master)),
    ...SEALED_COLUMNS.map(async (column) => (await tenantsWithEarlierValues(db, column, MAX_TENANTS)).length),
  ])
  return [keys, signing, ...earlier].reduce((sum, count) => sum + count, 0)
}

/** What a sweep does: it goes on with rotations of master keys and data keys. */
export async function tendKeys(deps: UpkeepDeps): Promise<{ rewrapped: number } & Resealed> {
  const db = openD1(deps.binding)
  const rewrapped = (await rewrapDataKeys(deps, db)) + (await rewrapSigningKeys(deps, db))
  return { rewrapped, ...(await resealValues(deps)) }
}

/** What a sweep of rotated data keys came to. */
export interface Resealed {
  values: number
  /** Versions that nothing refers to any more and that are gone. */
  deletedKeys: number
  /** Values that do not open; their key stays. */
  broken: number
}

/** Seals anew, in batches, what retired data keys have sealed in tables, and deletes the keys that nothing refers to. */
export async function resealValues(deps: UpkeepDeps): Promise<Resealed> {
  const db = openD1(deps.binding)
  const rows = await db
    .selectDistinct({ tenantId: dataKeys.tenantId })
    .from(dataKeys)
    .where(and(isNotNull(dataKeys.retiredAt), isNull(dataKeys.resealedAt), isNotNull(dataKeys.wrapped)))
    .orderBy(asc(dataKeys.retiredAt))
    .limit(MAX_TENANTS)
  const total: Resealed = { values: 0, deletedKeys: 0, broken: 0 }
  for (const { tenantId } of rows) {
    const { values, deletedKeys, broken } = await resealTenant(deps, db, tenantId)
    total.values += values
    total.deletedKeys += deletedKeys
    total.broken += broken
  }
  return total
}

async function resealTenant(deps: UpkeepDeps, db: D1, tenantId: string): Promise<Resealed> {
  // What another isolate rotated shall be known here.
  forgetKeys(deps.binding, tenantId)
  const vault = createTenantVault({ ...deps, tenantId })
  const header = await vault.currentHeader()
  let values = 0
  let broken = 0
  for (const column of SEALED_COLUMNS) {
    for (const { id, sealed } of await listOthers(db, column, tenantId, header, MAX_VALUES)) {
      const purpose = column.purpose(tenantId, id)
      try {
        await replaceSealed(db, column, [tenantId, id], [sealed, await vault.seal(await vault.open(sealed, purpose), purpose)])
        values += 1
      } catch (thrown) {
        broken += 1
        console.error(JSON.stringify({ message: 'a sealed value was not sealed anew', tenantId, purpose, error: String(thrown) }))
      }
    }
  }
  return { values, broken, deletedKeys: values + broken > 0 ? 0 : await letGo(deps, db, tenantId) }
}

/** Deletes retired keys to which nothing refers; those of fields and files stay and are not looked at again. */
async function letGo({ binding, clock }: UpkeepDeps, db: D1, tenantId: string): Promise<number> {
  const own = eq(dataKeys.tenantId, tenantId)
  const before = new Date(clock.now().getTime() - KEY_GRACE_MS).toISOString()
  const due = await db
    .select()
    .from(dataKeys)
    .where(and(own, isNull(dataKeys.resealedAt), isNotNull(dataKeys.wrapped), sql`${dataKeys.retiredAt} < ${before}`))
  let deleted = 0
  for (const { version } of due) {
    const is = and(own, eq(dataKeys.version, version), nothingSealed(tenantId, headerOf(version)))
    const gone = await db
      .delete(dataKeys)
      .where(and(is, isNull(dataKeys.contentAt)))
      .returning({ version: dataKeys.version })
    deleted += gone.length
    await db
      .update(dataKeys)
      .set({ resealedAt: clock.now().toISOString() })
      .where(and(is, isNotNull(dataKeys.contentAt)))
  }
  if (deleted > 0) forgetKeys(binding, tenantId)
  return deleted
}

/** How many values of each version stand in tables. */
export async function countValues(binding: D1Database, tenantId: string, version: number): Promise<number> {
  const db = openD1(binding)
  const counts = await Promise.all(SEALED_COLUMNS.map((column) => countSealed(db, column, tenantId, headerOf(version))))
  return counts.reduce((sum, count) => sum + count, 0)
}
