import { PartHead } from './backups'
import { AppError } from './error'

/**
 * The file of a backup: parts, one after the other. A part is a line `STW1 <chain> <head>`, the `bytes` of its body, and a line break.
 *
 * 1. `<head>` is JSON with the length of the body and its SHA-256; `n` counts the parts from 0.
 * 2. `<chain>` is the SHA-256 of the former part's chain (64 zeros before the first) and the head: what is changed, missing, twice or out
 *    of order breaks it, and only the part of kind `end` ends it.
 * 3. Stretches that are put one after the other are the file: the line `STW1 more <cursor>` between them is none of its parts.
 */
export const MAGIC = 'STW1'
export const NO_CHAIN = '0'.repeat(64)
/** Heads name columns and counts; bodies are pages of objects and parts of files. */
const MAX_HEAD_BYTES = 256 * 1024
export const MAX_BODY_BYTES = 24 * 1024 * 1024
const NEWLINE = 0x0a

export interface Part {
  n: number
  head: PartHead
  body: Uint8Array<ArrayBuffer>
  /** Up to and with this part. */
  chain: string
  /** As it stood in the file, for sending it on. */
  line: string
}

/** The bytes of a part. */
export async function encodePart(n: number, head: PartHead, body: Uint8Array<ArrayBuffer>, before: string) {
  const text = JSON.stringify({ n, ...head, bytes: body.length, sha256: await sha256(body) })
  const chain = await sha256(before + text)
  return { chain, bytes: joined([new TextEncoder().encode(`${MAGIC} ${chain} ${text}\n`), body, new Uint8Array([NEWLINE])]) }
}

export const moreLine = (cursor: string): Uint8Array => new TextEncoder().encode(`${MAGIC} more ${cursor}\n`)
export const failedLine = (message: string): Uint8Array => new TextEncoder().encode(`${MAGIC} failed ${JSON.stringify(message)}\n`)

/**
 * The parts of a file, or the cursor of its next stretch, as they come in; never more than a part is in memory. `before` gives the chain
 * before the first part of the body, where it is known. Refuses `invalid`, with the number of the part, for a file that was changed or cut.
 */
export async function* readParts(
  body: AsyncIterable<Uint8Array>,
  before: (n: number) => string | undefined = (n) => (n === 0 ? NO_CHAIN : undefined),
): AsyncGenerator<Part | { more: string }> {
  const input = new Input(body)
  let last: { n: number; chain: string } | undefined
  for (let line = await input.line(); line !== undefined; line = await input.line()) {
    const [magic, chain = '', ...rest] = line.split(' ')
    const text = rest.join(' ')
    if (magic !== MAGIC) throw broken(last, 'is no part of a backup')
    if (chain === 'failed') throw new AppError('unavailable', `The backup broke off: ${String(JSON.parse(text))}`)
    if (chain === 'more') yield { more: text }
    else {
      const part = await readPart(input, last, { chain, text, line })
      const known = last?.chain ?? before(part.n)
      if (last !== undefined && part.n !== last.n + 1) throw broken(last, 'is missing')
      if (known !== undefined && chain !== (await sha256(known + text))) throw broken(last, 'was changed or is out of order')
      last = { n: part.n, chain }
      yield part
    }
  }
}

async function readPart(
  input: Input,
  last: { n: number } | undefined,
  given: { chain: string; text: string; line: string },
): Promise<Part> {
  const { n, bytes, sha256: hash, ...rest } = headOf(given.text, last)
  const head = PartHead.safeParse(rest)
  if (
    typeof n !== 'number' ||
    typeof bytes !== 'number' ||
    !Number.isSafeInteger(bytes) ||
    bytes < 0 ||
    bytes > MAX_BODY_BYTES ||
    !head.success
  )
    throw broken(last, 'cannot be read; it may be of another version')
  const body = await input.bytes(bytes + 1)
  if (body === undefined || body[bytes] !== NEWLINE) throw broken(last, 'is cut off')
  const content = body.subarray(0, bytes)
  if ((await sha256(content)) !== hash) throw broken(last, 'was changed: its SHA-256 is another')
  return { n, head: head.data, body: content, chain: given.chain, line: given.line }
}

function headOf(text: string, last: { n: number } | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Said below, without the text.
  }
  throw broken(last, 'cannot be read')
}

const broken = (last: { n: number } | undefined, what: string) =>
  new AppError('invalid', `Part ${(last?.n ?? -1) + 1} of the file ${what}; nothing from there on was taken.`, { reason: 'corrupt' })

/** Lines and counted bytes of a stream. */
class Input {
  private readonly source: AsyncIterator<Uint8Array>
  private held: Uint8Array[] = []
  private size = 0

  constructor(body: AsyncIterable<Uint8Array>) {
    this.source = body[Symbol.asyncIterator]()
  }

  /** The next line without its break; undefined at the end. */
  async line(): Promise<string | undefined> {
    for (let scanned = 0; ; ) {
      const all = this.gather()
      const end = all.indexOf(NEWLINE, scanned)
      if (end >= 0) return new TextDecoder().decode(this.take(end + 1).subarray(0, end))
      scanned = all.length
      if (scanned > MAX_HEAD_BYTES) throw new AppError('invalid', 'The file is no backup of Steward.', { reason: 'corrupt' })
      if (!(await this.pull())) {
        if (scanned === 0) return undefined
        throw new AppError('invalid', 'The file is cut off in the middle of a line.', { reason: 'corrupt' })
      }
    }
  }

  async bytes(count: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    while (this.size < count) if (!(await this.pull())) return undefined
    this.gather()
    return this.take(count)
  }

  private async pull(): Promise<boolean> {
    const { done, value } = await this.source.next()
    if (done === true) return false
    // Whoever sent it may use the chunk again.
    this.held.push(value.slice())
    this.size += value.length
    return true
  }

  private gather(): Uint8Array {
    const all = this.held.length === 1 ? (this.held[0] ?? new Uint8Array()) : joined(this.held)
    this.held = [all]
    return all
  }

  private take(count: number): Uint8Array<ArrayBuffer> {
    const [all = new Uint8Array()] = this.held
    this.held = [all.subarray(count)]
    this.size -= count
    return new Uint8Array(all.slice(0, count))
  }
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

export async function sha256(content: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof content === 'string' ? new Uint8Array(new TextEncoder().encode(content)) : content
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
