/** A signature whose time is further off than this is refused, in both directions. */
export const SIGNATURE_TOLERANCE_SECONDS = 300

/** More than any sender in a rotation writes. */
const MAX_SIGNATURES = 5
const MAX_HEADER_CHARACTERS = 1_000

/**
 * `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` with the secret as UTF-8 bytes. With several secrets, as while one takes
 * over from another, each gives a `v1` of its own, the newest first. The time is part of what is signed, so an old request cannot be
 * sent again later.
 */
export async function signWebhook(secrets: string | readonly string[], body: string, at: Date): Promise<string> {
  const time = String(Math.floor(at.getTime() / 1_000))
  const content = signedContent(time, new TextEncoder().encode(body))
  const signatures = await Promise.all(
    [secrets].flat().map(async (secret) => hexOf(new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(secret, 'sign'), content)))),
  )
  return [`t=${time}`, ...signatures.map((signature) => `v1=${signature}`)].join(',')
}

/**
 * The time of a signature that one of the secrets made over exactly these bytes, in Unix seconds; undefined when none did or the time
 * is out of the window. Every signature is compared with every secret, in constant time. Not checked: whether it was seen before.
 */
export async function verifyWebhook(
  header: string | undefined,
  body: Uint8Array,
  secrets: readonly string[],
  now: Date,
): Promise<number | undefined> {
  const { time, signatures } = parseHeader(header ?? '')
  const content = signedContent(time, body)
  const matches = await Promise.all(
    secrets.flatMap((secret) =>
      signatures.map(async (signature) => await crypto.subtle.verify('HMAC', await keyOf(secret, 'verify'), signature, content)),
    ),
  )
  const isFresh = Math.abs(now.getTime() / 1_000 - Number(time)) <= SIGNATURE_TOLERANCE_SECONDS
  return matches.includes(true) && isFresh ? Number(time) : undefined
}

/** What cannot be read gives a signature that nothing meets, so that it takes the same work. */
function parseHeader(header: string): { time: string; signatures: Uint8Array<ArrayBuffer>[] } {
  const parts = header.length > MAX_HEADER_CHARACTERS ? [] : header.split(',').map((part) => part.trim())
  const times = parts.flatMap((part) => /^t=(\d{1,12})$/.exec(part)?.[1] ?? [])
  const signatures = parts.flatMap((part) => /^v1=([0-9a-f]{64})$/i.exec(part)?.[1] ?? []).slice(0, MAX_SIGNATURES)
  const [time] = times
  if (time === undefined || times.length > 1 || signatures.length === 0) return { time: '0', signatures: [new Uint8Array(SHA256_BYTES)] }
  return { time, signatures: signatures.map(bytesOf) }
}

const SHA256_BYTES = 32

const keyOf = async (secret: string, usage: 'sign' | 'verify'): Promise<CryptoKey> =>
  await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [usage])

function signedContent(time: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`${time}.`)
  const content = new Uint8Array(head.length + body.length)
  content.set(head)
  content.set(body, head.length)
  return content
}

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16))
