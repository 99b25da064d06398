/**
 * Project Wycheproof's vectors for JSON Web Signature, Encryption and Key (C2SP/wycheproof, Apache-2.0) against the check of our tokens.
 * The key is found for whatever `kid` a vector names, which is more than ours would do: it is the signature and the algorithm that have
 * to refuse.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CryptoKey, compactVerify, importJWK, type JWK, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { createJoseTokens } from '../../workers/adapters/jose-tokens'
import { importSigningKey, type SigningKeys } from '../../workers/adapters/signing-keys'
import { createTestClock } from '../fakes/clock'

const FOLDER = join(import.meta.dirname, '../../../shared/data/jwt_wycheproof/dev')
const FILES = ['json_web_signature_test', 'json_web_encryption_test', 'json_web_key_test', 'json_web_crypto_test']

interface Vector {
  tcId: number
  comment: string
  result: 'valid' | 'invalid' | 'acceptable'
  jws?: string
  jwe?: string
}
type KeyOrSet = JWK & { keys?: JWK[] }
interface Group {
  private: KeyOrSet
  public?: KeyOrSet
  tests: Vector[]
}

const clock = createTestClock()

/** Ours, but for the search of the key: there is one, and it is taken whatever `kid` says. */
function tokensWith(jwk: JWK) {
  const found = async () => {
    const { d: _, ...half } = jwk
    // Of an elliptic curve only the public half lies where tokens are checked; a shared secret has no halves.
    const publicKey = await importJWK({ ...(jwk.kty === 'oct' ? jwk : half) }, jwk.kty === 'EC' ? 'ES256' : jwk.alg)
    return {
      kid: jwk.kid ?? '',
      publicKey: publicKey as CryptoKey,
      privateKey: publicKey as CryptoKey,
      publicJwk: { kty: '', kid: '', alg: '', use: '' },
    }
  }
  const keys: SigningKeys = { signer: found, find: found, published: async () => [await found()] }
  return createJoseTokens(keys, 'steward', clock)
}

/** Whether our tokens' check let it in, as whatever. A key that cannot be read lets nothing in. */
async function isLetIn(jwk: JWK, token: string): Promise<boolean> {
  const tokens = tokensWith(jwk)
  const asked = await Promise.allSettled([tokens.verifyAccess(token), tokens.verifyTicket(token)])
  return asked.some((answer) => answer.status === 'fulfilled' && answer.value !== undefined)
}

/** The signature alone, with the one algorithm that we take: what is inside of a vector is no claim of ours. */
const isSigned = async (jwk: JWK, token: string): Promise<boolean> =>
  await compactVerify(token, jwk, { algorithms: ['ES256'] }).then(
    () => true,
    () => false,
  )

const P256: JWK = {
  kty: 'EC',
  crv: 'P-256',
  alg: 'ES256',
  use: 'sig',
  kid: 'kid-ec-sign',
  x: '04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY',
  y: 'UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgmw',
  d: 'yy49oPcINGK2ps0LmtxpB6UTEOiITghHBif6wDqmJ3c',
}
const publicHalf = ({ d: _, ...jwk }: JWK): JWK => jwk
const HEAD = 'eyJhbGciOiJFUzI1NiIsImtpZCI6ImtpZC1lYy1zaWduIn0.Zm9v.'

describe('a few of the vectors', () => {
  const SIGNATURES = {
    right: '5cA0OHyMP7ezamUd5c9kV-FrGxdx4hbGXOdplQkutrqWrte5P-pAvsE3Ve6xSyU3YDQwUHjVVOtvcrEbbnZ8yA',
    'with s too big': 'AOXANDh8jD-3s2plHeXPZFfhaxsXceIWxlznaZUJLra6AZau17g_6kC_wTdV7rFLJTcdGyr-H-zzcGMse95q2aIZ',
    'of zeros': 'A'.repeat(86),
    'that is missing': '',
  }

  test.each(Object.entries(SIGNATURES))('a signature %s', async (name, signature) => {
    expect(await isSigned(publicHalf(P256), HEAD + signature)).toBe(name === 'right')
    expect(await isLetIn(P256, HEAD + signature)).toBe(false)
  })

  test('a key for encryption signs nothing', async () => {
    expect(await isSigned({ ...publicHalf(P256), use: 'enc' }, HEAD + SIGNATURES.right)).toBe(false)
  })

  test('with the same key a token of ours is let in, so what refuses the vectors is the check', async () => {
    const { privateKey } = await importSigningKey(P256)
    const claims = { sub: 'usr_a', ten: 'ten_a', role: 'admin', kind: 'user', sid: 'ses_a' }
    const jwt = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'any' }).setIssuer('steward').setAudience('steward')
    const end = new Date(clock.now().getTime() + 60_000)
    expect(await isLetIn(P256, await jwt.setExpirationTime(end).sign(privateKey))).toBe(true)
  })

  test('an installation takes no key that is not one on P-256', async () => {
    const wrong: JWK[] = [
      { ...P256, kty: 'RSA' },
      { ...P256, crv: 'P-384' },
      { ...P256, y: P256.x ?? '' },
      { kty: 'oct', k: 'AAAA' },
      publicHalf(P256),
    ]
    for (const jwk of wrong) await expect(importSigningKey(jwk), JSON.stringify(jwk)).rejects.toThrow()
  })
})

describe.skipIf(!existsSync(FOLDER))('all vectors (skipped without ../shared/data/jwt_wycheproof)', () => {
  const vectors = existsSync(FOLDER) ? FILES.flatMap(readVectors) : []

  test('none is let in as a token, valid or not: not with its own key, secret or set either', async () => {
    expect(vectors.length).toBeGreaterThan(150)
    const letIn: string[] = []
    for (const { name, keys, token } of vectors) for (const jwk of keys) if (await isLetIn(jwk, token)) letIn.push(name)
    expect(letIn).toEqual([])
  })

  test('of the signatures every invalid one is refused, and every valid one of our algorithm is right', async () => {
    const acceptedInvalid: string[] = []
    const rejectedValid: string[] = []
    let right = 0
    for (const { name, keys, token, vector } of vectors.filter(({ vector }) => vector.jws !== undefined)) {
      const accepted = (await Promise.all(keys.map((jwk) => isSigned(publicHalf(jwk), token)))).includes(true)
      if (vector.result === 'invalid' && accepted) acceptedInvalid.push(name)
      if (vector.result !== 'valid' || keys.some(({ alg }) => alg !== 'ES256')) continue
      right += 1
      if (!accepted) rejectedValid.push(name)
    }
    expect(acceptedInvalid).toEqual([])
    expect(rejectedValid).toEqual([])
    expect(right).toBeGreaterThan(0)
  })
})

function readVectors(file: string) {
  const { testGroups } = JSON.parse(readFileSync(join(FOLDER, `${file}.json`), 'utf8')) as { testGroups: Group[] }
  return testGroups.flatMap((group) =>
    group.tests.map((vector) => {
      const keys = [group.private, group.public].flatMap((each) => each?.keys ?? (each === undefined ? [] : [each]))
      const token = vector.jws ?? vector.jwe ?? ''
      return {
        name: `${file} ${vector.tcId} ${vector.comment}`,
        keys,
        token: typeof token === 'string' ? token : JSON.stringify(token),
        vector,
      }
    }),
  )
}
