import { AppError } from '../domain/error'

/** One part of a multipart/form-data body. Read `body` to its end before asking for the next part. */
export interface Part {
  name: string
  /** Present for a file; '' when the sender gave none. */
  fileName: string | undefined
  body: AsyncGenerator<Uint8Array>
}

const MAX_HEADER_BYTES = 16 * 1024
const MAX_PARTS = 100
const CRLF = '\r\n'

const malformed = (what: string): AppError =>
  new AppError('invalid', `The multipart body ${what}; build it with FormData or curl -F.`, { reason: 'malformed_multipart' })

/** The boundary that a Content-Type names, or undefined for another type. */
export function boundaryOf(contentType: string): string | undefined {
  const match = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType)
  return match?.[1] ?? match?.[2]
}

/**
 * The parts of a body, in order, as they arrive: never more than a chunk and the boundary's length is held. Refuses `invalid` for a
 * body that is cut off or not multipart, and for more than 100 parts.
 */
export async function* readMultipart(body: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<Part> {
  const input = new Lookahead(body[Symbol.asyncIterator]())
  const delimiter = new TextEncoder().encode(`${CRLF}--${boundary}`)
  // The first delimiter stands at the very beginning, without the line break that ends a part.
  input.prepend(new TextEncoder().encode(CRLF))
  try {
    await drain(untilDelimiter(input, delimiter))
    for (let count = 0; !(await isLast(input)); count += 1) {
      if (count >= MAX_PARTS) throw malformed(`has more than ${MAX_PARTS} parts`)
      const part = { ...parseHeaders(await readHeaders(input)), body: untilDelimiter(input, delimiter) }
      yield part
      await drain(part.body)
    }
  } finally {
    await input.close()
  }
}

/** A small field as text. */
export async function readField(part: Part, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of part.body) {
    size += chunk.length
    if (size > maxBytes) throw new AppError('too_large', `The field '${part.name}' is longer than ${maxBytes} bytes; shorten it.`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

async function drain(chunks: AsyncGenerator<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}

/** The bytes up to the delimiter, which is taken off. */
async function* untilDelimiter(input: Lookahead, delimiter: Uint8Array): AsyncGenerator<Uint8Array> {
  for (;;) {
    const index = indexOf(input.held, delimiter)
    const safe = index === -1 ? input.held.length - delimiter.length + 1 : index
    if (safe > 0) yield input.take(safe)
    if (index !== -1) {
      input.take(delimiter.length)
      return
    }
    if (!(await input.fill())) throw malformed('ends before its closing boundary')
  }
}

/** After a delimiter: `--` closes the body, a line break begins a part. */
async function isLast(input: Lookahead): Promise<boolean> {
  for (;;) {
    const end = indexOf(input.held, LINE_END)
    const text = new TextDecoder().decode(input.held.subarray(0, 2))
    if (text === '--') return true
    if (end !== -1) {
      // White space may stand between boundary and line break.
      if (new TextDecoder().decode(input.held.subarray(0, end)).trim() !== '') throw malformed('has something after a boundary')
      input.take(end + LINE_END.length)
      return false
    }
    if (input.held.length > MAX_HEADER_BYTES || !(await input.fill())) throw malformed('ends after a boundary')
  }
}

const LINE_END = new TextEncoder().encode(CRLF)
const HEADERS_END = new TextEncoder().encode(`${CRLF}${CRLF}`)

async function readHeaders(input: Lookahead): Promise<string> {
  for (;;) {
    const end = indexOf(input.held, HEADERS_END)
    if (end !== -1) return new TextDecoder().decode(input.take(end + HEADERS_END.length))
    if (input.held.length > MAX_HEADER_BYTES || !(await input.fill())) throw malformed('has a part without a blank line after its headers')
  }
}

function parseHeaders(text: string): Pick<Part, 'name' | 'fileName'> {
  const disposition = /^content-disposition:(.*)$/im.exec(text)?.[1] ?? ''
  const name = /[;\s]name="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1]
  if (name === undefined) throw malformed('has a part without a name')
  const extended = /[;\s]filename\*=UTF-8''([^;\s]+)/i.exec(disposition)?.[1]
  const plain = /[;\s]filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1]
  return { name: unescapeName(name), fileName: extended === undefined ? plain && unescapeName(plain) : decodeExtended(extended) }
}

/** Browsers write `"` and line breaks as %22, %0D and %0A; others escape with a backslash. */
const unescapeName = (name: string): string =>
  name
    .replace(/%22/g, '"')
    .replace(/%0D|%0A/gi, ' ')
    .replace(/\\(["\\])/g, '$1')

function decodeExtended(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch (cause) {
    throw new AppError('invalid', 'The filename* of a part is not percent-encoded UTF-8; send filename instead.', { cause })
  }
}

/** Bytes that were read and not yet taken. */
class Lookahead {
  held: Uint8Array = new Uint8Array()

  constructor(private readonly chunks: AsyncIterator<Uint8Array>) {}

  prepend(bytes: Uint8Array): void {
    this.held = joined(bytes, this.held)
  }

  /** Reads one more chunk; false at the end. */
  async fill(): Promise<boolean> {
    const next = await this.chunks.next()
    if (next.done) return false
    this.held = this.held.length === 0 ? next.value : joined(this.held, next.value)
    return true
  }

  take(length: number): Uint8Array {
    const taken = this.held.subarray(0, length)
    this.held = this.held.subarray(length)
    return taken
  }

  async close(): Promise<void> {
    await this.chunks.return?.()
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/** Where `needle` begins, or -1. The first byte is found natively; a carriage return is rare enough in most files. */
function indexOf(bytes: Uint8Array, needle: Uint8Array): number {
  const [first = 0] = needle
  for (let start = bytes.indexOf(first); start !== -1 && start + needle.length <= bytes.length; start = bytes.indexOf(first, start + 1)) {
    let matched = 1
    while (matched < needle.length && bytes[start + matched] === needle[matched]) matched += 1
    if (matched === needle.length) return start
  }
  return -1
}
