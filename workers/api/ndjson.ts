import { AppError } from '../domain/error'

/** A line of a text; lines count from 1. */
export interface Line {
  number: number
  text: string
}

const NEWLINE = 0x0a

/**
 * The lines of a body as they come in, without empty ones. Never more than a line and what came with it is in memory. Throws
 * `too_large` for a line or a body beyond the bounds, and `invalid` for bytes that are no UTF-8; the sentence names the line.
 */
export async function* linesOf(body: AsyncIterable<Uint8Array>, bounds: { lineBytes: number; bytes: number }): AsyncGenerator<Line> {
  let number = 1
  let size = 0
  let [parts, held]: [Uint8Array[], number] = [[], 0]
  const take = (piece: Uint8Array) => {
    held += piece.length
    if (held > bounds.lineBytes) throw new AppError('too_large', `Line ${number} is longer than ${bounds.lineBytes} bytes.`)
    parts.push(piece)
  }
  const finish = (): Line => {
    const line = { number, text: textOf(parts, number) }
    number += 1
    parts = []
    held = 0
    return line
  }
  for await (const whole of body) {
    const chunk = whole.subarray(0, bounds.bytes - size)
    size += whole.length
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end))
      start = end + 1
      const line = finish()
      if (line.text !== '') yield line
    }
    // The chunk may be used again by whoever sent it.
    take(chunk.slice(start))
    if (size > bounds.bytes)
      throw new AppError('too_large', `The body is larger than ${bounds.bytes} bytes (in line ${number}); send it in several parts.`)
  }
  const last = finish()
  if (last.text !== '') yield last
}

function textOf(parts: readonly Uint8Array[], number: number): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  try {
    return (parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode()).trim()
  } catch (cause) {
    throw new AppError('invalid', `Line ${number} is not valid UTF-8; encode the file anew.`, { cause })
  }
}
