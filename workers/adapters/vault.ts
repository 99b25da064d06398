import { createHash } from 'node:crypto'
import { AppError } from '../domain/error'

const NONCE_BYTES = 12
/** 256-bit AES. */
export const KEY_BYTES = 32

/**
 * Encrypts small texts with AES-256-GCM. `purpose` is bound as associated data: a sealed text opens only where it was meant to be, so
 * rows cannot be swapped between tenants or columns. Opening anything else is refused with `internal`.
 */
export interface Vault {
  seal(plain: Uint8Array, purpose: string): Promise<string>
  open(sealed: string, purpose: string): Promise<Uint8Array<ArrayBuffer>>
}

/** A vault with a raw key of 32 bytes. What it seals is base64 without a header. */
export function createVault(key: Uint8Array<ArrayBuffer>): Vault {
  if (key.length !== KEY_BYTES) throw new AppError('internal', `The encryption key has ${key.length} bytes; it must have ${KEY_BYTES}.`)
  const imported = crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
  const parameters = (iv: Uint8Array<ArrayBuffer>, purpose: string) => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(purpose),
  })
  return {
    seal: async (plain, purpose) => {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
      const box = new Uint8Array(await crypto.subtle.encrypt(parameters(nonce, purpose), await imported, new Uint8Array(plain)))
      return toBase64(new Uint8Array([...nonce, ...box]))
    },
    open: async (sealed, purpose) => {
      try {
        const bytes = fromBase64(sealed)
        return new Uint8Array(
          await crypto.subtle.decrypt(parameters(bytes.slice(0, NONCE_BYTES), purpose), await imported, bytes.slice(NONCE_BYTES)),
        )
      } catch (cause) {
        throw unopened(cause)
      }
    },
  }
}

/** `m1.<id of the key>.<base64>`: what a master key sealed. */
const MASTER_SEALED = /^m1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9+/=]+)$/

/** The platform's master keys: the first seals, all open. They wrap the data keys of tenants and seal what belongs to no tenant. */
export interface MasterVault extends Vault {
  /** Id of the key that seals. */
  readonly keyId: string
  /** Beginning of what it seals. */
  readonly header: string
}

const opened = new Map<string, MasterVault>()
/** Configurations do not change while an isolate lives; tests have a few. */
const MOST_OPENED = 8

/**
 * A vault with the master keys of the configuration: base64 of 32 bytes as `openssl rand -base64 32` prints it, or several with commas
 * between them, each with a name before it (`2027:…`) or without; then its id is the beginning of its SHA-256. Texts from before keys
 * had ids are tried with each.
 */
export function createMasterVault(masterKeys: string): MasterVault {
  const known = opened.get(masterKeys)
  if (known !== undefined) return known
  const keys = parseKeys(masterKeys)
  const [keyId = ''] = keys.keys()
  const vault: MasterVault = {
    keyId,
    header: `m1.${keyId}.`,
    seal: async (plain, purpose) => `m1.${keyId}.${await vaultOf(keys, keyId).seal(plain, purpose)}`,
    open: async (sealed, purpose) => {
      const [, id, box] = MASTER_SEALED.exec(sealed) ?? []
      if (id !== undefined && box !== undefined) return await vaultOf(keys, id).open(box, purpose)
      return await openWithAny([...keys.values()], sealed, purpose)
    },
  }
  if (opened.size >= MOST_OPENED) opened.clear()
  opened.set(masterKeys, vault)
  return vault
}

function parseKeys(text: string): Map<string, Vault> {
  const keys = new Map<string, Vault>()
  for (const entry of text.split(',').map((part) => part.trim())) {
    const [, name, base64 = ''] = /^(?:([A-Za-z0-9_-]{1,32}):)?(.*)$/s.exec(entry) ?? []
    const key = bytesOf(base64)
    const id = name ?? createHash('sha256').update(key).digest('hex').slice(0, 8)
    if (keys.has(id)) throw new AppError('internal', `The master key '${id}' stands twice in STEWARD_MASTER_KEY; leave it once.`)
    keys.set(id, createVault(key))
  }
  return keys
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64(base64.trim())
  } catch {
    // The cause would quote the key.
    throw new AppError('internal', 'The master key is not base64; make one with `openssl rand -base64 32`.')
  }
}

function vaultOf(keys: Map<string, Vault>, id: string): Vault {
  const vault = keys.get(id)
  if (vault === undefined)
    throw new AppError(
      'internal',
      `A stored secret was sealed with the master key '${id}', which STEWARD_MASTER_KEY does not hold; add it.`,
    )
  return vault
}

/** Opens with whichever of the vaults does. */
export async function openWithAny(vaults: readonly Vault[], sealed: string, purpose: string): Promise<Uint8Array<ArrayBuffer>> {
  let cause: unknown
  for (const vault of vaults) {
    try {
      return await vault.open(sealed, purpose)
    } catch (thrown) {
      cause = thrown
    }
  }
  throw unopened(cause)
}

const unopened = (cause: unknown) =>
  new AppError('internal', 'A stored secret could not be decrypted; check that the master key is the one it was stored with.', { cause })

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
