import { Buffer } from 'node:buffer'
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { OneTimeCodes } from '../domain/second-factors'

/** What every authenticator app takes without being told: SHA-1, six digits, half a minute. */
const DIGITS = 6
const STEP_MS = 30_000
/** Steps before and after that count too, for clocks that differ and people who type slowly (RFC 6238, 5.2). */
const DRIFT_STEPS = 1
/** As long as the hash, as RFC 4226 (4, R6) advises. */
const SECRET_BYTES = 20
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Codes of authenticator apps with the runtime's own HMAC. */
export const oneTimeCodes: OneTimeCodes = {
  newSecret: () => toBase32(randomBytes(SECRET_BYTES)),
  uri: (secret, account, issuer) => {
    const query = new URLSearchParams({ secret, issuer, algorithm: 'SHA1', digits: String(DIGITS), period: String(STEP_MS / 1_000) })
    // Apps show `+` as it is.
    return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?${query.toString().replaceAll('+', '%20')}`
  },
  stepOf: (secret, code, at) => {
    const key = fromBase32(secret)
    const now = Math.floor(at.getTime() / STEP_MS)
    const given = Buffer.from(code)
    let found: number | undefined
    // All of them, so that the time tells nothing.
    for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step += 1) {
      const expected = Buffer.from(hotp(key, step, DIGITS))
      if (given.length === expected.length && timingSafeEqual(given, expected)) found = step
    }
    return found
  },
}

/** The code of a counter, RFC 4226 section 5.3. */
export function hotp(key: Uint8Array, counter: number, digits: number): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(counter))
  const hash = createHmac('sha1', key).update(message).digest()
  const offset = (hash.at(-1) ?? 0) & 0xf
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0')
}

function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32.charAt(Number.parseInt(five.padEnd(5, '0'), 2))).join('')
}

function fromBase32(text: string): Uint8Array {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
