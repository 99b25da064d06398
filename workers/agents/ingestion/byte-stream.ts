/** The bytes of a file as they come, and enough of its beginning to tell what it is. */
export interface ByteStream {
  head: Uint8Array
  /** Of the whole file. */
  size: number
  /** From the beginning, in pieces of about a megabyte. Can be asked for once. */
  pieces(): AsyncGenerator<Uint8Array>
  /** Lets go of what was not asked for. */
  close(): Promise<void>
}

const PIECE_BYTES = 1024 * 1024
const HEAD_BYTES = 256 * 1024

export function streamOf(bytes: Uint8Array): ByteStream {
  return {
    head: bytes,
    size: bytes.length,
    async *pieces() {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES)
    },
    close: async () => {},
  }
}

/** Opens a stream by reading its beginning. */
export async function openByteStream(body: ReadableStream<Uint8Array>, size: number): Promise<ByteStream> {
  const reader = body.getReader()
  const head = await readUpTo(reader, HEAD_BYTES)
  return {
    head: head.subarray(0, HEAD_BYTES),
    size,
    async *pieces() {
      try {
        for (let piece = head; piece.length > 0; piece = await readUpTo(reader, PIECE_BYTES)) yield piece
      } finally {
        await reader.cancel()
      }
    },
    close: () => reader.cancel(),
  }
}

/** At least so many bytes; fewer at the end, none after it. */
async function readUpTo(reader: ReadableStreamDefaultReader<Uint8Array>, least: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  while (size < least) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    size += value.length
  }
  return joined(chunks, size)
}

/** Chunks of `size` bytes in all as one. */
export function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
