import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import * as z from 'zod'
import { AppError } from '../domain/error'
import type { PublicJwk } from '../domain/tokens'

export interface SigningKey {
  kid: string
  privateKey: CryptoKey
  publicKey: CryptoKey
  publicJwk: PublicJwk
}

/** The keys of an installation. They are asked for often, so they are remembered. */
export interface SigningKeys {
  /** The one that signs now. */
  signer(): Promise<SigningKey>
  /** The one of that id, if its tokens are still good. */
  find(kid: string): Promise<SigningKey | undefined>
  /** All whose tokens are still good, and those that will sign soon. */
  published(): Promise<SigningKey[]>
}

/**
 * The keys out of a secret: a private ES256 JWK, or a key set `{"keys": […]}` of such. The first signs, the others only verify: to
 * rotate, first add the new key at the end, then put it first, and drop the old one an hour later.
 */
export function createSecretSigningKeys(secret: string): SigningKeys {
  return fixedKeys(async () => await Promise.all(parseSecret(secret).map(importSigningKey)))
}

/** One key for as long as the process lives: for tests. */
export function createTemporarySigningKey(): SigningKeys {
  return fixedKeys(async () => [await importSigningKey(await newPrivateJwk())])
}

/** A new private ES256 key. */
export async function newPrivateJwk(): Promise<JWK> {
  return await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)
}

/** Reads a private ES256 JWK; refuses `internal` for anything else. The id is the RFC 7638 thumbprint. */
export async function importSigningKey(jwk: JWK): Promise<SigningKey> {
  const { kty, crv, x, y, d } = jwk
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined || d === undefined) {
    throw new AppError('internal', 'The signing key is not a private P-256 JWK; ES256 needs kty EC, crv P-256 and the members x, y and d.')
  }
  const kid = await calculateJwkThumbprint({ kty, crv, x, y })
  const publicJwk = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }
  return { kid, publicJwk, privateKey: await importCryptoKey({ kty, crv, x, y, d }), publicKey: await importCryptoKey({ kty, crv, x, y }) }
}

function fixedKeys(make: () => Promise<SigningKey[]>): SigningKeys {
  let made: SigningKey[] | undefined
  const keys = async () => {
    if (made !== undefined) return made
    const first = await make()
    made ??= first
    return made
  }
  return {
    signer: async () => {
      const [first] = await keys()
      if (first === undefined) throw new AppError('internal', 'The set of signing keys is empty; put a private ES256 JWK into it.')
      return first
    },
    find: async (kid) => (await keys()).find((key) => key.kid === kid),
    published: keys,
  }
}

const Jwk = z.looseObject({ kty: z.string() })
const Secret = z.union([z.object({ keys: z.array(Jwk).min(1) }), Jwk.transform((key) => ({ keys: [key] }))])

function parseSecret(text: string): JWK[] {
  try {
    return Secret.parse(JSON.parse(text)).keys
  } catch (cause) {
    throw new AppError('internal', 'The signing key is not JSON of a JWK or a JWK set; set it to a private ES256 JWK.', { cause })
  }
}

async function importCryptoKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'ES256')
  if (key instanceof Uint8Array) throw new AppError('internal', 'The signing key is a shared secret; ES256 needs a key pair.')
  return key
}
