import { AppError } from '../domain/error'

const NONCE_BYTES = 12
/** 256-bit AES. */
export const KEY_BYTES = 32

/**
 * Encrypts small texts with AES-256-GCM under one key. `purpose` is bound as associated data: a sealed text opens only where it was
 * meant to be, so rows cannot be swapped between tenants or columns. Opening anything else is refused with `internal`.
 */
export interface Vault {
  seal(plain: Uint8Array, purpose: string): Promise<string>
  open(sealed: string, purpose: string): Promise<Uint8Array<ArrayBuffer>>
}

/** A vault with a raw key of 32 bytes. */
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
      const bytes = fromBase64(sealed)
      try {
        return new Uint8Array(
          await crypto.subtle.decrypt(parameters(bytes.slice(0, NONCE_BYTES), purpose), await imported, bytes.slice(NONCE_BYTES)),
        )
      } catch (cause) {
        throw new AppError('internal', 'A stored secret could not be decrypted; check that the master key is the one it was stored with.', {
          cause,
        })
      }
    },
  }
}

/** A vault with the platform's master key, base64 of 32 bytes as `openssl rand -base64 32` prints it. */
export function createMasterVault(masterKey: string): Vault {
  let key: Uint8Array<ArrayBuffer>
  try {
    key = fromBase64(masterKey.trim())
  } catch (cause) {
    throw new AppError('internal', 'The master key is not base64; make one with `openssl rand -base64 32`.', { cause })
  }
  return createVault(key)
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
