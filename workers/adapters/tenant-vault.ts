import { AppError } from '../domain/error'
import { createHeld, type Held } from '../domain/held'
import { createD1TenantKeys, type DataKeyRow, destroyed, type TenantKeyRows } from './d1-tenant-keys'
import { createVault, type MasterVault, openWithAny, type Vault } from './vault'

/** For so long an isolate may go on with the keys that it knows: a rotation or a shredding is everywhere after it. */
export const KEY_MEMORY_MS = 60_000
const MOST_TENANTS = 200

/** `t1.<version of the data key>.<base64>` */
const SEALED = /^t1\.(\d{1,9})\.([A-Za-z0-9+/=]+)$/

/**
 * Seals texts of one tenant under its data key, AES-256-GCM, with tenant and purpose as associated data. Texts from before data keys
 * had versions open too, as they were sealed with the tenant's first key or with the master key. Refuses `internal` for what was
 * changed or moved, `not_found` with reason `keys_destroyed` once the keys are gone.
 */
export interface TenantVault extends Vault {
  /** Seals what the upkeep never seals anew: the key stays until the tenant is deleted. */
  sealContent(plain: Uint8Array, purpose: string): Promise<string>
  /** Key of one file, made of the data key that seals now and the file's salt. */
  newFileKey(salt: Uint8Array<ArrayBuffer>, purpose: string): Promise<{ version: number; key: CryptoKey }>
  fileKey(version: number, salt: Uint8Array<ArrayBuffer>, purpose: string): Promise<CryptoKey>
  /** Beginning of what the key that seals now has sealed. */
  currentHeader(): Promise<string>
}

interface DataKey {
  version: number
  vault: Vault
  /** For deriving keys of files. */
  base: CryptoKey
  isOfContent: boolean
}
interface KeyRing {
  keys: Map<number, DataKey>
  active: DataKey
}

export interface TenantVaultDeps {
  binding: D1Database
  tenantId: string
  master: MasterVault
  clock: { now(): Date }
}

/** Rings of an isolate by database and tenant: unwrapping takes a query. The keys in them cannot be read out. */
const rings = new WeakMap<D1Database, Map<string, Held<KeyRing>>>()

/** Forgets the keys of a tenant in this isolate. */
export const forgetKeys = (binding: D1Database, tenantId: string): void => rings.get(binding)?.get(tenantId)?.letGo()

export function createTenantVault(deps: TenantVaultDeps): TenantVault {
  const { binding, tenantId, master, clock } = deps
  const rows = createD1TenantKeys(binding, tenantId, master, clock)
  const ring = () => remembered(deps, rows)
  const keyOf = async (version: number): Promise<DataKey> => {
    const known = (await ring()).keys.get(version)
    if (known !== undefined) return known
    // Another isolate has rotated meanwhile.
    forgetKeys(binding, tenantId)
    const found = (await ring()).keys.get(version)
    if (found === undefined)
      throw new AppError('internal', `A stored secret was sealed with version ${version} of the tenant's key, which is gone.`)
    return found
  }
  const contentKey = async (): Promise<DataKey> => {
    const { active } = await ring()
    if (!active.isOfContent) await rows.noteContent(active.version)
    active.isOfContent = true
    return active
  }
  const sealWith = async ({ version, vault }: DataKey, plain: Uint8Array, purpose: string) =>
    `t1.${version}.${await vault.seal(plain, boundTo(tenantId, purpose))}`
  return {
    seal: async (plain, purpose) => await sealWith((await ring()).active, plain, purpose),
    sealContent: async (plain, purpose) => await sealWith(await contentKey(), plain, purpose),
    open: async (sealed, purpose) => {
      const [, version, box] = SEALED.exec(sealed) ?? []
      if (version !== undefined && box !== undefined)
        return await (await keyOf(Number(version))).vault.open(box, boundTo(tenantId, purpose))
      const first = (await ring()).keys.get(1)?.vault
      return await openWithAny([...(first ? [first] : []), master], sealed, purpose)
    },
    newFileKey: async (salt, purpose) => {
      const { version, base } = await contentKey()
      return { version, key: await derived(base, salt, boundTo(tenantId, purpose)) }
    },
    fileKey: async (version, salt, purpose) => await derived((await keyOf(version)).base, salt, boundTo(tenantId, purpose)),
    currentHeader: async () => headerOf((await ring()).active.version),
  }
}

/** For stores of all tenants: the tenant is the second part of a purpose, as in `second-factor/<tenant>/<user>`. */
export function createTenantsVault(deps: Omit<TenantVaultDeps, 'tenantId'>): Vault {
  const vaultFor = (purpose: string) => {
    const [, tenantId] = purpose.split('/')
    if (tenantId === undefined || tenantId === '') throw new AppError('internal', `The purpose '${purpose}' names no tenant.`)
    return createTenantVault({ ...deps, tenantId })
  }
  return {
    seal: async (plain, purpose) => await vaultFor(purpose).seal(plain, purpose),
    open: async (sealed, purpose) => await vaultFor(purpose).open(sealed, purpose),
  }
}

/** Beginning of every text that a version has sealed. */
export const headerOf = (version: number): string => `t1.${version}.`

/** Associated data: no tenant id or purpose holds a line break. */
const boundTo = (tenantId: string, purpose: string): string => `tenant\n${tenantId}\n${purpose}`

async function remembered({ binding, tenantId, clock }: TenantVaultDeps, rows: TenantKeyRows): Promise<KeyRing> {
  const ofDatabase = rings.get(binding) ?? new Map<string, Held<KeyRing>>()
  rings.set(binding, ofDatabase)
  const known = ofDatabase.get(tenantId) ?? createHeld<KeyRing>()
  if (ofDatabase.size >= MOST_TENANTS && !ofDatabase.has(tenantId)) ofDatabase.clear()
  ofDatabase.set(tenantId, known)
  return await known.get(clock.now().getTime(), KEY_MEMORY_MS, () => open(rows))
}

async function open(rows: TenantKeyRows): Promise<KeyRing> {
  const live = (await rows.list()).filter((row) => row.wrapped !== null)
  if (live.length === 0) throw destroyed()
  const keys = new Map((await Promise.all(live.map((row) => toKey(rows, row)))).map((key) => [key.version, key]))
  const sealing = live.findLast((row) => row.retiredAt === null)
  const active = sealing && keys.get(sealing.version)
  if (active === undefined) throw new AppError('internal', 'No data key of this tenant may seal; rotate its keys.')
  return { keys, active }
}

async function toKey(rows: TenantKeyRows, row: DataKeyRow): Promise<DataKey> {
  const raw = await rows.unwrap(row)
  return {
    version: row.version,
    vault: createVault(raw),
    base: await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey']),
    isOfContent: row.contentAt !== null,
  }
}

/** RFC 5869 with the file's salt, bound to tenant and purpose. */
const derived = (base: CryptoKey, salt: Uint8Array<ArrayBuffer>, info: string): Promise<CryptoKey> =>
  crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode(info) },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
