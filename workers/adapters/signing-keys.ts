import { eq } from 'drizzle-orm'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { AppError } from '../domain/error'
import type { PublicJwk } from '../domain/tokens'
import { openD1 } from './d1'
import { signingKeys } from './schema'
import type { Vault } from './vault'

export interface SigningKey {
  kid: string
  privateKey: CryptoKey
  publicKey: CryptoKey
  publicJwk: PublicJwk
}

/** Gives the key that signs tokens. It is asked for often, so it is remembered. */
export type SigningKeySource = () => Promise<SigningKey>

const NAME = 'access'
const PURPOSE = `signing-key/${NAME}`

/** The key out of a secret that holds a private ES256 JWK as JSON. */
export function createSecretSigningKey(jwk: string): SigningKeySource {
  return remember(async () => await importSigningKey(parseJwk(jwk)))
}

/** A key that is made once and kept in D1, sealed with the master key: for an installation where nobody set a secret. */
export function createD1SigningKey(binding: D1Database, master: Vault, clock: { now(): Date }): SigningKeySource {
  const db = openD1(binding)
  const find = async () => (await db.select().from(signingKeys).where(eq(signingKeys.name, NAME)).limit(1))[0]
  return remember(async () => {
    if ((await find()) === undefined) {
      const { privateKey } = await generateKeyPair('ES256', { extractable: true })
      const sealed = await master.seal(new TextEncoder().encode(JSON.stringify(await exportJWK(privateKey))), PURPOSE)
      await db.insert(signingKeys).values({ name: NAME, sealed, createdAt: clock.now().toISOString() }).onConflictDoNothing()
    }
    // Read back also when just made: another isolate may have been first.
    const row = await find()
    if (row === undefined) throw new AppError('unavailable', 'The signing key could not be stored; try again.')
    return await importSigningKey(parseJwk(new TextDecoder().decode(await master.open(row.sealed, PURPOSE))))
  })
}

/** One key for as long as the process lives: for tests. */
export function createTemporarySigningKey(): SigningKeySource {
  return remember(async () => await importSigningKey(await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)))
}

function remember(make: SigningKeySource): SigningKeySource {
  let made: Promise<SigningKey> | undefined
  return () => {
    made ??= make().catch((thrown: unknown) => {
      made = undefined
      throw thrown
    })
    return made
  }
}

function parseJwk(text: string): JWK {
  try {
    return JSON.parse(text) as JWK
  } catch (cause) {
    throw new AppError('internal', 'The signing key is not JSON; set it to a private ES256 JWK.', { cause })
  }
}

async function importSigningKey(jwk: JWK): Promise<SigningKey> {
  const { kty, crv, x, y, d } = jwk
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined || d === undefined) {
    throw new AppError('internal', 'The signing key is not a private P-256 JWK; ES256 needs kty EC, crv P-256 and the members x, y and d.')
  }
  const kid = await calculateJwkThumbprint({ kty, crv, x, y })
  const publicJwk = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }
  return { kid, publicJwk, privateKey: await importCryptoKey({ kty, crv, x, y, d }), publicKey: await importCryptoKey({ kty, crv, x, y }) }
}

async function importCryptoKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'ES256')
  if (key instanceof Uint8Array) throw new AppError('internal', 'The signing key is a shared secret; ES256 needs a key pair.')
  return key
}
