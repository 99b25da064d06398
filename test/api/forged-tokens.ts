import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'

/** A public key as `/.well-known/jwks.json` shows it to everybody. */
export interface PublishedKey {
  kid: string
  kty: string
  crv?: string
  x?: string
  y?: string
}

const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const decode = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
const thief = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const thiefJwk = thief.publicKey.export({ format: 'jwk' })

/** Signed by a key that the installation has never seen. */
const byThief = (header: object, payload: unknown): string => {
  const input = `${encode({ alg: 'ES256', typ: 'JWT', ...header })}.${encode(payload)}`
  return `${input}.${sign('sha256', Buffer.from(input), { key: thief.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}
const byHmac = (header: object, payload: unknown, key: string | Buffer): string => {
  const input = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(payload)}`
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
}

/** What somebody can make who holds one good token and the public key, by the name of the attack. None may open anything. */
export function forgeriesOf(token: string, key: PublishedKey, otherTenant: string): Record<string, string> {
  const [head = '', body = '', signature = ''] = token.split('.')
  const payload = decode(body)
  return {
    ...algorithms(head, body, signature),
    ...confusions(key, payload),
    ...keyIds(payload, key),
    ...headers(payload, key),
    ...signatures(head, body, Buffer.from(signature, 'base64url')),
    ...contents(head, body, signature, otherTenant),
  }
}

function algorithms(head: string, body: string, signature: string): Record<string, string> {
  const names = ['none', 'None', 'NONE', 'nOnE', '', 'ES384', 'RS256', 'PS256', 'EdDSA', 'HS512']
  const attacks = names.flatMap((alg): [string, string][] => {
    const header = encode({ ...decode(head), alg })
    return [
      [`alg '${alg}' without a signature`, `${header}.${body}.`],
      [`alg '${alg}' with the old signature`, `${header}.${body}.${signature}`],
    ]
  })
  return { ...Object.fromEntries(attacks), 'no alg': `${encode({ typ: 'JWT' })}.${body}.`, 'alg null': `${encode({ alg: null })}.${body}.` }
}

/** The public key taken for the secret of an HMAC, in every form in which it lies around. */
function confusions(key: PublishedKey, payload: unknown): Record<string, string> {
  const { kid, ...jwk } = key
  const pub = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  const forms: Record<string, string | Buffer> = {
    'its PEM': pub.export({ type: 'spki', format: 'pem' }).toString(),
    'its PEM without the last line break': pub.export({ type: 'spki', format: 'pem' }).toString().trimEnd(),
    'its DER': pub.export({ type: 'spki', format: 'der' }),
    'its JWK': JSON.stringify(key),
    'its x': Buffer.from(key.x ?? '', 'base64url'),
    'its kid': kid,
    nothing: '',
  }
  return Object.fromEntries(
    Object.entries(forms).map(([form, secret]) => [`HS256 with ${form} as secret`, byHmac({ kid }, payload, secret)]),
  )
}

function keyIds(payload: unknown, { kid }: PublishedKey): Record<string, string> {
  const hostile = [
    'unknown',
    '',
    '../../../../../../dev/null',
    '/proc/sys/kernel/randomize_va_space',
    'file:///dev/null',
    'https://attacker.example/key.json',
    "x' UNION SELECT 'secret' --",
    '$(id)',
    '%00',
    '__proto__',
    'constructor',
    `${kid}\u0000`,
    kid.toUpperCase(),
    'a'.repeat(2_000),
    7,
    null,
    [kid],
    { kid },
  ]
  return Object.fromEntries([
    ...hostile.map((value, at) => [`kid ${at} ${JSON.stringify(value).slice(0, 40)}`, byThief({ kid: value }, payload)]),
    ...hostile.slice(0, 4).map((value) => [`kid ${value} as a file without content`, byHmac({ kid: value }, payload, '')]),
    ['no kid', byThief({}, payload)],
    ['the right kid with the key of somebody else', byThief({ kid }, payload)],
  ])
}

/** A token that brings its own key, or says where to fetch it. */
function headers(payload: unknown, { kid }: PublishedKey): Record<string, string> {
  const url = 'https://attacker.example/keys'
  const own: Record<string, object> = {
    jwk: { jwk: thiefJwk },
    'jwk with the right kid': { kid, jwk: { ...thiefJwk, kid } },
    jku: { kid, jku: url },
    x5u: { kid, x5u: url },
    x5c: { kid, x5c: ['MIIB'] },
    x5t: { kid, x5t: 'AAAA' },
    'a critical extension': { kid, crit: ['x-own'], 'x-own': true },
    'unencoded payload': { kid, b64: false, crit: ['b64'] },
    zip: { kid, zip: 'DEF' },
  }
  return Object.fromEntries(Object.entries(own).map(([name, header]) => [`header ${name}`, byThief(header, payload)]))
}

/** Order of P-256: r and s lie between 1 and it. */
const ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')

function signatures(head: string, body: string, right: Buffer): Record<string, string> {
  const [r, s] = [right.subarray(0, 32), right.subarray(32)]
  const zero = Buffer.alloc(32)
  const flipped = Buffer.from(right)
  flipped.writeUInt8(flipped.readUInt8(5) ^ 1, 5)
  const der = Buffer.concat([Buffer.from([0x30, 0x46, 0x02, 0x21, 0]), r, Buffer.from([0x02, 0x21, 0]), s])
  const wrong: Record<string, Buffer> = {
    empty: Buffer.alloc(0),
    'of zeros': Buffer.alloc(64),
    'with r = 0': Buffer.concat([zero, s]),
    'with s = 0': Buffer.concat([r, zero]),
    'with r = s = order': Buffer.concat([ORDER, ORDER]),
    'with r = order': Buffer.concat([ORDER, s]),
    'with r and s changed over': Buffer.concat([s, r]),
    'in DER': der,
    'one bit off': flipped,
    'cut short': right.subarray(0, 63),
    'a byte too long': Buffer.concat([right, Buffer.from([0])]),
    twice: Buffer.concat([right, right]),
  }
  return Object.fromEntries(
    Object.entries(wrong).map(([name, bytes]) => [`signature ${name}`, `${head}.${body}.${bytes.toString('base64url')}`]),
  )
}

/** The signature of the good token under a text that is not its own, and what is no token at all. */
function contents(head: string, body: string, signature: string, otherTenant: string): Record<string, string> {
  const payload = decode(body)
  const text = JSON.stringify(payload)
  const changed = (more: object) => `${head}.${encode({ ...payload, ...more })}.${signature}`
  return {
    'the tenant changed': changed({ ten: otherTenant }),
    'the role changed': changed({ role: 'admin', changed: true }),
    'the end moved': changed({ exp: 32_503_680_000 }),
    'a claim twice, the second of another tenant': `${head}.${encode(`${text.slice(0, -1)},"ten":"${otherTenant}"}`)}.${signature}`,
    'a claim twice, the first of another tenant': `${head}.${encode(`{"ten":"${otherTenant}",${text.slice(1)}`)}.${signature}`,
    'an empty payload': `${head}..${signature}`,
    'an empty header': `.${body}.${signature}`,
    'two parts': `${head}.${body}`,
    'four parts': `${head}.${body}.${signature}.${signature}`,
    'five parts, as if encrypted': `${encode({ alg: 'dir', enc: 'A256GCM' })}..AAAA.${body}.AAAA`,
    'JSON serialisation': encode({ payload: body, protected: head, signature }),
    dots: '..',
    'a header that is no object': `${encode('[]')}.${body}.${signature}`,
    'a header with __proto__': `${encode('{"alg":"none","__proto__":{"alg":"ES256"}}')}.${body}.`,
  }
}
