import { addressKind } from '../domain/addresses'
import { AppError } from '../domain/error'
import type { Mailer } from '../domain/ports'
import { buildMime, type MimeMessage } from './mime-message'
import { SmtpSession, type SmtpSocket } from './smtp-session'

type Connect = (
  address: { hostname: string; port: number },
  options: { secureTransport: 'on' | 'starttls'; allowHalfOpen: false },
) => SmtpSocket | Promise<SmtpSocket>

export interface SmtpMailerOptions {
  /** `smtps://user:password@host:465` (TLS at once) or `smtp://user:password@host:587` (STARTTLS where the server has it). */
  url: string
  /** Sender of mails that name none. */
  from: string | undefined
  /** Opens the connection; `cloudflare:sockets` when absent. */
  connect?: Connect
}

/**
 * Mail over SMTP: one connection a mail, all recipients or none. A password is never sent in the clear, except on loopback.
 * Throws AppError with reason `not_sent` when the server did not take it (`unavailable` for 4xx and lost connections, `invalid` for
 * 5xx), and `unavailable` with `unknown_outcome` when the connection broke after the whole message was sent.
 */
export function createSmtpMailer({ url, from, connect = connectSocket }: SmtpMailerOptions): Mailer {
  const server = parseServer(url)
  return {
    async send(mail) {
      const message = buildMime(mail, { from, now: new Date() })
      const session = await notSent(server.host, async () => openSession(server, connect))
      try {
        await notSent(server.host, async () => announce(session, message))
        await transfer(session, server.host, message)
      } finally {
        await session.close()
      }
      return { messageId: message.messageId }
    },
  }
}

interface Server {
  host: string
  port: number
  secure: boolean
  user: string
  password: string
}

function parseServer(text: string): Server {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    throw new AppError('invalid', 'SMTP_URL is no address; write smtps://user:password@host:465 or smtp://user:password@host:587.')
  const secure = url.protocol === 'smtps:'
  return {
    host: url.hostname,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  }
}

async function connectSocket(...args: Parameters<Connect>): Promise<SmtpSocket> {
  const { connect } = await import('cloudflare:sockets')
  return connect(...args)
}

async function openSession(server: Server, connect: Connect): Promise<SmtpSession> {
  const socket = await connect(
    { hostname: server.host, port: server.port },
    { secureTransport: server.secure ? 'on' : 'starttls', allowHalfOpen: false },
  )
  const session = await SmtpSession.open(socket)
  try {
    let abilities = await hello(session)
    const upgraded = !server.secure && abilities.has('STARTTLS')
    if (upgraded) {
      await session.command('STARTTLS', 220)
      session.upgrade()
      abilities = await hello(session)
    }
    if (server.user !== '') await authenticate(session, server, abilities, server.secure || upgraded)
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}

/** What the server can do: keyword → its parameters. */
async function hello(session: SmtpSession): Promise<Map<string, string>> {
  const { lines } = await session.command('EHLO steward', 250)
  return new Map(lines.slice(1).map((line) => [(line.split(/[ =]/)[0] ?? '').toUpperCase(), line.toUpperCase()]))
}

async function authenticate(
  session: SmtpSession,
  { host, user, password }: Server,
  abilities: Map<string, string>,
  isPrivate: boolean,
): Promise<void> {
  if (!isPrivate && addressKind(host) !== 'loopback')
    throw new AppError('invalid', `${host} offers no encryption, so the password is not sent; use smtps:// or another server.`, {
      reason: 'not_sent',
    })
  const methods = abilities.get('AUTH') ?? ''
  if (methods.includes('PLAIN')) await session.command(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 235, 'AUTH')
  else if (methods.includes('LOGIN')) {
    await session.command('AUTH LOGIN', 334, 'AUTH')
    await session.command(base64(user), 334, 'AUTH')
    await session.command(base64(password), 235, 'AUTH')
  } else
    throw new AppError('invalid', `${host} takes neither AUTH PLAIN nor LOGIN; remove the user from SMTP_URL or use another server.`, {
      reason: 'not_sent',
    })
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

/** Everything before the message itself. One refused recipient refuses the mail: half a delivery could not be repeated. */
async function announce(session: SmtpSession, { from, to }: MimeMessage): Promise<void> {
  await session.command(`MAIL FROM:<${from}>`, 250, 'MAIL FROM')
  for (const recipient of to) await session.command(`RCPT TO:<${recipient}>`, [250, 251], 'RCPT TO')
  await session.command('DATA', 354)
}

async function transfer(session: SmtpSession, host: string, { raw }: MimeMessage): Promise<void> {
  const stuffed = raw.replace(/^\./gm, '..')
  const reply = await session
    .write(`${stuffed}${stuffed.endsWith('\r\n') ? '' : '\r\n'}.\r\n`)
    .then(session.acceptance)
    .catch((cause: unknown) => {
      throw new AppError('unavailable', `${host} did not say whether it took the mail.`, { reason: 'unknown_outcome', cause })
    })
  session.expect(reply, 250, 'message')
}

/** Runs what happens before the message is sent: a failure there means that nothing was. */
async function notSent<T>(host: string, talk: () => Promise<T>): Promise<T> {
  try {
    return await talk()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('unavailable', `${host} cannot be talked to; the mail was not sent.`, { reason: 'not_sent', cause })
  }
}
