import { once } from 'node:events'
import { type AddressInfo, connect as connectTcp, createServer, type Server, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { buildMime } from '../../workers/adapters/mime-message'
import { createSmtpMailer, type SmtpMailerOptions } from '../../workers/adapters/smtp-mailer'
import type { SmtpSocket } from '../../workers/adapters/smtp-session'

interface Taken {
  from: string
  to: string[]
  raw: string
  secure: boolean
  user: string
}
const open: { close(): void }[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

/** Sockets as workerd gives them, over Node's. */
const wrap = (socket: Socket, ready: string): SmtpSocket => ({
  ...plain(socket),
  opened: once(socket, ready),
  startTls: () => {
    socket.removeAllListeners()
    return wrap(connectTls({ socket, rejectUnauthorized: false }), 'secureConnect')
  },
})
const connect: SmtpMailerOptions['connect'] = ({ hostname, port }, { secureTransport }) =>
  secureTransport === 'on'
    ? wrap(connectTls({ host: hostname, port, rejectUnauthorized: false }), 'secureConnect')
    : wrap(connectTcp({ host: hostname, port }), 'connect')

/** A socket whose listeners can be taken off again, so that TLS can take over. */
function plain(socket: Socket): Pick<SmtpSocket, 'readable' | 'writable' | 'close'> {
  const readable = new ReadableStream<Uint8Array>({
    start(controller) {
      socket.on('data', (chunk: Buffer) => controller.enqueue(new Uint8Array(chunk)))
      socket.on('close', () => controller.close())
      socket.on('error', () => undefined)
    },
  })
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) => new Promise((resolve, reject) => socket.write(chunk, (error) => (error ? reject(error) : resolve()))),
  })
  return { readable, writable, close: async () => void socket.destroy() }
}

async function startServer(options: ConstructorParameters<typeof SMTPServer>[0] = {}): Promise<{ port: number; taken: Taken[] }> {
  const taken: Taken[] = []
  const server = new SMTPServer({
    authOptional: true,
    onAuth: ({ username, password }, _, done) =>
      password === 'p:ß' ? done(null, { user: username ?? '' }) : done(new Error('wrong password')),
    onRcptTo: ({ address }, _, done) =>
      address.startsWith('nobody') ? done(Object.assign(new Error('no such user'), { responseCode: 550 })) : done(),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        taken.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString('latin1'),
          secure: session.secure,
          user: String(session.user ?? ''),
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  open.push(server)
  return { port: (server.server.address() as AddressInfo).port, taken }
}

/** Speaks SMTP by rote: each line is answered by the next reply; `cut` drops the connection. */
async function scripted(replies: (string | 'cut')[]): Promise<number> {
  const server: Server = createServer((socket) => {
    const rest = [...replies]
    const answer = () => {
      const reply = rest.shift() ?? 'cut'
      if (reply === 'cut') socket.destroy()
      else socket.write(`${reply}\r\n`)
    }
    let inMessage = false
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      const text = chunk.toString()
      if (inMessage && !text.endsWith('\r\n.\r\n')) return
      inMessage = text.startsWith('DATA')
      answer()
    })
    answer()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(server)
  return (server.address() as AddressInfo).port
}

const mail = {
  to: ['anna@example.com', 'bert@example.com'],
  subject: 'Rechnung über 1.200 € für Zoë',
  text: 'Grüße\n.\n..x\nEnde',
  html: '<p>Grüße</p>',
  messageId: '<k@example.org>',
  attachments: [{ name: 'Übersicht 1.pdf', mediaType: 'application/pdf', content: new Uint8Array([0, 1, 255, 13, 10, 46]) }],
}
const mailer = (url: string) => createSmtpMailer({ url, from: 'Stewärd <steward@example.org>', connect })
const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (thrown: unknown) => ({
      code: Reflect.get(Object(thrown), 'code'),
      reason: Reflect.get(Object(thrown), 'reason'),
      message: String(thrown),
    }),
  )

describe('createSmtpMailer', () => {
  it('delivers a mail with umlauts, dots and attachments unchanged', async () => {
    const { port, taken } = await startServer({ disabledCommands: ['STARTTLS'] })
    expect(await mailer(`smtp://127.0.0.1:${port}`).send(mail)).toEqual({ messageId: '<k@example.org>' })
    expect(taken[0]).toMatchObject({ from: 'steward@example.org', to: mail.to })
    const parsed = await PostalMime.parse(taken[0]?.raw ?? '')
    expect(parsed).toMatchObject({
      subject: mail.subject,
      from: { name: 'Stewärd', address: 'steward@example.org' },
      messageId: '<k@example.org>',
    })
    expect(parsed.text?.trim()).toBe(mail.text)
    expect(parsed.html?.trim()).toBe(mail.html)
    expect(parsed.attachments[0]).toMatchObject({ filename: 'Übersicht 1.pdf', mimeType: 'application/pdf' })
    expect(new Uint8Array(parsed.attachments[0]?.content as ArrayBuffer)).toEqual(mail.attachments[0]?.content)
    expect(taken[0]?.raw.split('\r\n').every((line) => line.length <= 78 && /^[\t -~]*$/.test(line))).toBe(true)
  })

  it('encrypts by STARTTLS and at once, and signs in', async () => {
    const upgraded = await startServer({ authOptional: false })
    await mailer(`smtp://u%40x:p%3A%C3%9F@127.0.0.1:${upgraded.port}`).send(mail)
    expect(upgraded.taken[0]).toMatchObject({ secure: true, user: 'u@x' })
    const secure = await startServer({ secure: true, authMethods: ['LOGIN'] })
    await mailer(`smtps://u:p%3A%C3%9F@127.0.0.1:${secure.port}`).send(mail)
    expect(secure.taken[0]).toMatchObject({ secure: true, user: 'u' })
  })

  it('says that nothing was sent when the server refuses before the message', async () => {
    const { port, taken } = await startServer({ authOptional: false })
    expect(await refusalOf(mailer(`smtp://u:wrong@127.0.0.1:${port}`).send(mail))).toMatchObject({
      code: 'invalid',
      reason: 'not_sent',
      message: expect.not.stringContaining('wrong@'),
    })
    const lax = await startServer()
    expect(
      await refusalOf(mailer(`smtp://127.0.0.1:${lax.port}`).send({ ...mail, to: ['anna@example.com', 'nobody@example.com'] })),
    ).toMatchObject({ code: 'invalid', reason: 'not_sent' })
    expect([...taken, ...lax.taken]).toEqual([])
  })

  it('tells a mail that may have been taken from one that was not', async () => {
    const until = ['220 hi', '250 ok', '250 ok', '250 ok', '250 ok', '354 go']
    const send = async (replies: string[]) => await refusalOf(mailer(`smtp://127.0.0.1:${await scripted(replies)}`).send(mail))
    expect(await send(['cut'])).toMatchObject({ code: 'unavailable', reason: 'not_sent' })
    expect(await send(['554 go away'])).toMatchObject({ code: 'invalid', reason: 'not_sent' })
    expect(await send(['220 hi', '250 ok', '451 later'])).toMatchObject({ code: 'unavailable', reason: 'not_sent' })
    expect(await send([...until, 'cut'])).toMatchObject({ code: 'unavailable', reason: 'unknown_outcome' })
    expect(await send([...until, '452 full'])).toMatchObject({ code: 'unavailable', reason: 'not_sent' })
    expect(await send([...until, '250 taken'])).toBeUndefined()
    expect(await refusalOf(mailer('smtp://127.0.0.1:1').send(mail))).toMatchObject({ code: 'unavailable', reason: 'not_sent' })
  })

  it('sends no password in the clear', async () => {
    const port = await scripted(['220 hi', '250-hi\r\n250 AUTH PLAIN'])
    const far = createSmtpMailer({
      url: `smtp://u:p@mail.example.com:${port}`,
      from: 'a@b.de',
      connect: (address, options) => connect({ ...address, hostname: '127.0.0.1' }, options),
    })
    expect(await refusalOf(far.send(mail))).toMatchObject({ code: 'invalid', message: expect.stringContaining('password is not sent') })
  })
})

describe('buildMime', () => {
  const build = (changes: object) =>
    buildMime({ to: ['a@b.de'], subject: 's', text: 't', ...changes }, { from: 'x@y.de', now: new Date(0) })
  it('refuses what would break out of its line', () => {
    for (const changes of [
      { subject: 'a\r\nBcc: c@d.de' },
      { to: ['a@b.de\r\nBcc: c@d.de'] },
      { to: ['a@b.de>, <c@d.de'] },
      { to: ['a b@c.de'] },
      { to: [] },
      { from: 'a@b.de\nX: y' },
      { messageId: 'x' },
      { inReplyTo: '<a>\r\nX: 1' },
      { attachments: [{ name: 'a\r\nb', mediaType: 'text/plain', content: new Uint8Array() }] },
      { attachments: [{ name: 'a', mediaType: 'text/plain\r\nX: y', content: new Uint8Array() }] },
    ]) {
      expect(() => build(changes)).toThrow()
    }
  })
  it('writes international domains in ASCII and long subjects in folded words', () => {
    const { to, raw } = build({ to: ['a@bücher.de'], subject: '✓'.repeat(100) })
    expect(to).toEqual(['a@xn--bcher-kva.de'])
    expect(raw.split('\r\n').every((line) => line.length <= 78)).toBe(true)
  })
})
