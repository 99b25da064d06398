import { Buffer } from 'node:buffer'
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { Passwords } from '../domain/identity'

/** N = 2^15, r = 8, p = 1 takes 32 MiB and about 70 ms: as much as an isolate of 128 MB may spend on a sign-in. */
const LOG_N = 15
const BLOCK_SIZE = 8
const PARALLEL = 1
const MAX_MEMORY = 64 * 1024 * 1024
const HASH_BYTES = 32

/** Passwords under scrypt, kept as `scrypt$15$8$1$<salt>$<hash>` with base64url parts. */
export function createScryptPasswords(): Passwords {
  // What an unknown account is checked against, so that it takes as long as a known one.
  const nobody = format(Buffer.alloc(16), Buffer.alloc(HASH_BYTES))
  return {
    hash: async (password) => {
      const salt = randomBytes(16)
      return format(salt, await derive(password, salt, LOG_N, BLOCK_SIZE, PARALLEL))
    },
    verify: async (password, hash) => {
      const [, logN, blockSize, parallel, salt, expected] = (hash ?? nobody).split('$')
      const wanted = Buffer.from(expected ?? '', 'base64url')
      const derived = await derive(password, Buffer.from(salt ?? '', 'base64url'), Number(logN), Number(blockSize), Number(parallel))
      return wanted.length === derived.length && timingSafeEqual(wanted, derived) && hash !== undefined
    },
  }
}

const format = (salt: Buffer, hash: Buffer): string =>
  ['scrypt', LOG_N, BLOCK_SIZE, PARALLEL, salt.toString('base64url'), hash.toString('base64url')].join('$')

async function derive(password: string, salt: Buffer, logN: number, blockSize: number, parallel: number): Promise<Buffer> {
  const options = { N: 2 ** logN, r: blockSize, p: parallel, maxmem: MAX_MEMORY }
  return await new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
