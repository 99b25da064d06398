import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** An authenticator in software: ES256, attestation "none", a signature counter, and a person who is verified unless told otherwise. */
export interface Authenticator {
  create(options: CreationOptions, site: Where): RegistrationAnswer
  get(options: { challenge: string; rpId?: string }, site: Where): AssertionAnswer
  /** Signatures so far; may be set back, as that of a copy is. */
  counter: number
  isPersonVerified: boolean
  userHandle: string
}
interface CreationOptions {
  challenge: string
  rp: { id: string }
  user: { id: string }
}
/** Where the page says it is, and for which domain the authenticator signs; a test may lie in both. */
interface Where {
  origin: string
  domain?: string
}
export type RegistrationAnswer = ReturnType<typeof answer> & { response: { clientDataJSON: string; attestationObject: string } }
export type AssertionAnswer = ReturnType<typeof answer> & {
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle: string }
}

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const ATTESTED = 0x40

export function createAuthenticator(): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(32)
  const device: Authenticator = {
    counter: 0,
    isPersonVerified: true,
    userHandle: '',
    create: ({ challenge, rp, user }, { origin, domain = rp.id }) => {
      device.userHandle = user.id
      const attested = Buffer.concat([Buffer.alloc(16), uint16(credentialId.length), credentialId, coseKey(publicKey)])
      const authData = Buffer.concat([authenticatorData(device, domain, ATTESTED), attested])
      const attestationObject = cbor(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authData],
        ]),
      )
      return answer(credentialId, {
        clientDataJSON: clientData('webauthn.create', challenge, origin).toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
      })
    },
    get: ({ challenge, rpId = '' }, { origin, domain = rpId }) => {
      device.counter += 1
      const authData = authenticatorData(device, domain, 0)
      const data = clientData('webauthn.get', challenge, origin)
      const signature = sign('sha256', Buffer.concat([authData, createHash('sha256').update(data).digest()]), privateKey)
      return answer(credentialId, {
        clientDataJSON: data.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: device.userHandle,
      })
    },
  }
  return device
}

function answer<T extends object>(credentialId: Buffer, response: T) {
  const id = credentialId.toString('base64url')
  return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {}, response }
}

const clientData = (type: string, challenge: string, origin: string) =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))

function authenticatorData({ counter, isPersonVerified }: Authenticator, domain: string, more: number): Buffer {
  const flags = USER_PRESENT | (isPersonVerified ? USER_VERIFIED : 0) | more
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  return Buffer.concat([createHash('sha256').update(domain).digest(), Buffer.from([flags]), count])
}

/** COSE_Key (RFC 9052): kty EC2, alg ES256, crv P-256, x, y. */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return cbor(
    new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]),
  )
}

type Cbor = number | string | Buffer | Map<string, Cbor> | Map<number, Cbor>

/** As much of CBOR (RFC 8949) as authenticators write: integers, texts, bytes and maps. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  const entries = [...value].flatMap(([key, each]) => [cbor(key), cbor(each)])
  return Buffer.concat([head(5, value.size), ...entries])
}

function head(major: number, length: number): Buffer {
  const type = major << 5
  if (length < 24) return Buffer.from([type | length])
  if (length < 256) return Buffer.from([type | 24, length])
  return Buffer.concat([Buffer.from([type | 25]), uint16(length)])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
