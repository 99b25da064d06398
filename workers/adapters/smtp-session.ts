import { AppError } from '../domain/error'

/** A connection as `cloudflare:sockets` gives it. */
export interface SmtpSocket {
  readable: ReadableStream<Uint8Array>
  writable: WritableStream<Uint8Array>
  opened: Promise<unknown>
  close(): Promise<void>
  startTls(): SmtpSocket
}

export interface Reply {
  code: number
  lines: string[]
}

const REPLY_TIMEOUT_MS = 30_000
/** RFC 5321 allows ten minutes after the final dot; a step's lease is shorter. */
const ACCEPT_TIMEOUT_MS = 60_000
/** A server that talks without end is cut off. */
const MAX_REPLY_CHARACTERS = 64 * 1024

/** One conversation with a mail server: commands out, replies in. Fails with an Error when the connection ends or stays silent. */
export class SmtpSession {
  private reader: ReadableStreamDefaultReader<Uint8Array>
  private writer: WritableStreamDefaultWriter<Uint8Array>
  private buffer = ''

  private constructor(private socket: SmtpSocket) {
    this.reader = socket.readable.getReader()
    this.writer = socket.writable.getWriter()
  }

  /** Waits for the connection and the server's greeting. */
  static async open(socket: SmtpSocket): Promise<SmtpSession> {
    try {
      await within(socket.opened, REPLY_TIMEOUT_MS)
      const session = new SmtpSession(socket)
      session.expect(await session.reply(), 220)
      return session
    } catch (error) {
      await socket.close().catch(() => undefined)
      throw error
    }
  }

  /** Sends a command and gives the reply, which must be one of the codes. `shown` stands for the command in messages. */
  async command(line: string, expected: number | number[], shown = line.split(' ')[0] ?? ''): Promise<Reply> {
    await this.write(`${line}\r\n`)
    return this.expect(await this.reply(), expected, shown)
  }

  async write(text: string): Promise<void> {
    await within(this.writer.write(new TextEncoder().encode(text)), ACCEPT_TIMEOUT_MS)
  }

  async reply(timeoutMs: number = REPLY_TIMEOUT_MS): Promise<Reply> {
    const lines: string[] = []
    for (;;) {
      const line = await within(this.line(), timeoutMs)
      const [, code, separator, text] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? []
      if (code === undefined) throw new Error('the server does not speak SMTP')
      lines.push(text ?? '')
      if (separator !== '-') return { code: Number(code), lines }
    }
  }

  /** The reply to the end of a message: what comes after it was sent decides whether it was taken. */
  readonly acceptance = (): Promise<Reply> => this.reply(ACCEPT_TIMEOUT_MS)

  /** Goes on under TLS; what was buffered before is dropped, because nobody vouches for it. */
  upgrade(): void {
    this.reader.releaseLock()
    this.writer.releaseLock()
    this.socket = this.socket.startTls()
    this.reader = this.socket.readable.getReader()
    this.writer = this.socket.writable.getWriter()
    this.buffer = ''
  }

  async close(): Promise<void> {
    await this.write('QUIT\r\n').catch(() => undefined)
    await this.socket.close().catch(() => undefined)
  }

  expect(reply: Reply, expected: number | number[], shown = 'The greeting'): Reply {
    if ([expected].flat().includes(reply.code)) return reply
    const message = `The mail server refused (${shown}: ${reply.code} ${reply.lines.join(' ').slice(0, 200)}).`
    throw new AppError(reply.code >= 500 ? 'invalid' : 'unavailable', message, { reason: 'not_sent' })
  }

  private async line(): Promise<string> {
    for (let end = this.buffer.indexOf('\n'); ; end = this.buffer.indexOf('\n')) {
      if (end >= 0) {
        const line = this.buffer.slice(0, end).replace(/\r$/, '')
        this.buffer = this.buffer.slice(end + 1)
        return line
      }
      if (this.buffer.length > MAX_REPLY_CHARACTERS) throw new Error('the server sends too much')
      const piece = await this.reader.read()
      if (piece.done) throw new Error('the connection was closed')
      this.buffer += new TextDecoder().decode(piece.value)
    }
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ms / 1000} s`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
