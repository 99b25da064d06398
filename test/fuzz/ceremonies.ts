import { createHmac, randomUUID } from 'node:crypto'
import { hotp } from '../../workers/adapters/node-totp.ts'
import { type Authenticator, createAuthenticator } from '../fakes/authenticator.ts'
import type { Making, Order } from './orders.ts'

/** What the two halves of a ceremony have to share: challenges, secrets and the devices that answer them. */
export interface Ceremonies {
  /** Of `POST /account/passkeys/options`, for one answer. */
  creation?: Parameters<Authenticator['create']>[0]
  /** Of `POST /auth/passkeys/options`, for one answer. */
  assertion?: Parameters<Authenticator['get']>[0]
  /** The newest whose passkey was added. */
  device?: Authenticator
  /** Not known to be added yet. */
  offered?: Authenticator
  totpSecret?: string
  recoveryCodes?: string[]
  webhookSecret?: string
}

const STEP_MS = 30_000
const DIGITS = 6
/** What a mail is about, by its subject. */
const SUBJECTS = { invitation: /^Your invitation/, reset: /^Set a new password/, verification: /^Confirm your address/ }
const CODE = /^[A-Za-z0-9]{40,}$/m

/** The orders of routes that answer what another one began. */
export const CEREMONIES: Record<string, Making> = {
  'POST /account/passkeys': ({ memory, origin }) => {
    const { creation, accessToken } = memory
    if (creation === undefined || accessToken === undefined || origin === undefined) return undefined
    delete memory.creation
    memory.offered = createAuthenticator()
    return { token: accessToken, body: { name: 'Laptop', credential: memory.offered.create(creation, { origin }) } }
  },
  // The oldest, so that there is one to sign in with.
  'DELETE /account/passkeys/{id}': ({ places, memory: { accessToken }, person }) => {
    const known = places.passkeys ?? []
    const id = known.length > 1 ? known.shift() : undefined
    if (id === undefined || accessToken === undefined || person === undefined) return undefined
    return { token: accessToken, path: { id }, body: { password: person.password } }
  },
  'POST /auth/passkeys': ({ memory, origin }) => {
    const { assertion, device } = memory
    if (assertion === undefined || device === undefined || origin === undefined) return undefined
    delete memory.assertion
    return { body: { credential: device.get(assertion, { origin }) } }
  },
  'POST /account/totp/confirm': ({ memory: { totpSecret, accessToken }, now }) =>
    totpSecret === undefined || accessToken === undefined
      ? undefined
      : { token: accessToken, body: { code: codeAt(totpSecret, now?.() ?? new Date()) } },
  'POST /webhooks/signed/{tenant}/{workflow}': ({ memory: { webhookSecret }, person, now }) => {
    if (webhookSecret === undefined || person === undefined) return undefined
    const body = JSON.stringify({ delivery: randomUUID() })
    const time = Math.floor((now?.() ?? new Date()).getTime() / 1_000)
    const signature = createHmac('sha256', webhookSecret).update(`${time}.${body}`).digest('hex')
    return {
      path: { tenant: person.tenant, workflow: 'hello' },
      headers: { 'Steward-Signature': `t=${time},v1=${signature}` },
      raw: { type: 'application/json', body },
    }
  },
  'POST /account/password-reset': ({ person }) => person && { body: { tenant: person.tenant, email: person.email } },
  'POST /account/password-reset/confirm': ({ mails, person }) =>
    person && withCode(mails, 'reset', (code) => ({ code, password: person.password })),
  'POST /account/email-verification/confirm': ({ mails }) => withCode(mails, 'verification', (code) => ({ code })),
  'POST /invitations': (_, dice) => ({ body: { email: `guest-${dice.below(1_000_000)}@acme.example`, role: 'client' } }),
  'POST /invitations/accept': ({ mails }) =>
    withCode(mails, 'invitation', (code) => ({ code, name: 'Guest', password: 'a long enough one' })),
  // The oldest, so that the newest can be accepted.
  'DELETE /invitations/{id}': ({ places }) => {
    const known = places.invitations ?? []
    const id = known.length > 1 ? known.shift() : undefined
    return id === undefined ? undefined : { path: { id } }
  },
}

/** Keeps of a good answer what the second half needs. */
export function keepCeremony(memory: Ceremonies, asked: string, body: Record<string, unknown>): void {
  if (asked === 'POST /account/passkeys/options') memory.creation = body as unknown as NonNullable<Ceremonies['creation']>
  if (asked === 'POST /auth/passkeys/options') memory.assertion = body as unknown as NonNullable<Ceremonies['assertion']>
  if (asked === 'POST /account/passkeys' && memory.offered !== undefined) memory.device = memory.offered
  if (asked === 'POST /account/totp' && typeof body.secret === 'string') memory.totpSecret = body.secret
  if (Array.isArray(body.recoveryCodes)) memory.recoveryCodes = body.recoveryCodes.map(String)
  if (asked === 'POST /webhooks/secret/rotate') memory.webhookSecret = String(body.secret)
}

function withCode(
  mails: (() => { subject: string; text: string }[]) | undefined,
  about: keyof typeof SUBJECTS,
  make: (code: string) => object,
): Order | undefined {
  const mail = mails?.().findLast(({ subject }) => SUBJECTS[about].test(subject))
  const code = mail && CODE.exec(mail.text)?.[0]
  return code === undefined ? undefined : { body: make(code) }
}

/** What an authenticator app shows, for a secret in base32. */
function codeAt(secret: string, at: Date): string {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  return hotp(key, Math.floor(at.getTime() / STEP_MS), DIGITS)
}
