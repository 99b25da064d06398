import { Buffer } from 'node:buffer'
import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import type { Credentials } from '../domain/identity'
import type { Digest } from '../domain/intake'

/** No characters that are mistaken for one another when a person reads a key out. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Random secrets and SHA-256 of the runtime's own crypto. */
export const credentials: Credentials = {
  random: (length) => Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
  hash: sha256,
  matches: (secret, hash) => {
    const given = Buffer.from(sha256(secret))
    const expected = Buffer.from(hash)
    return given.length === expected.length && timingSafeEqual(given, expected)
  },
}

/** A running SHA-256 for bytes that pass through. */
export function newDigest(): Digest {
  const hash = createHash('sha256')
  return {
    update: (bytes) => {
      hash.update(bytes)
    },
    hex: () => hash.digest('hex'),
  }
}
