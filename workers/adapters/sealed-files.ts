import { AppError } from '../domain/error'
import type { Files } from '../domain/ports'
import type { TenantVault } from './tenant-vault'

/**
 * The format of a sealed file, as in STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): a header (8 bytes mark, 4 bytes version of the data
 * key, 16 bytes salt), then chunks of 64 KiB, each AES-256-GCM with a tag of 16 bytes. The key is of this file alone: made of the data
 * key and the salt, bound to tenant and name. The nonce is the number of the chunk and whether it is the last, so that chunks cannot be
 * left out, exchanged or cut off; the header is associated data.
 */
const MARK = Uint8Array.of(0x9b, 0x53, 0x54, 0x57, 0x46, 0x31, 0x0d, 0x0a)
const SALT_BYTES = 16
const HEADER_BYTES = MARK.length + 4 + SALT_BYTES
const CHUNK_BYTES = 64 * 1024
const TAG_BYTES = 16
/** Stands before the true media type, so that a stream is told from a plain one without being read. */
export const SEALED_MEDIA_TYPE = 'application/vnd.steward.sealed; of='

export interface SealedFilesOptions {
  files: Files
  vault: Pick<TenantVault, 'newFileKey' | 'fileKey'>
  /** Whether what is put is sealed; what is sealed opens in any case. */
  seals: boolean
}

/**
 * Files of one tenant, sealed chunk by chunk on their way into the store and opened on their way out, at any length. A file that was
 * changed, cut or moved to another name is refused with `internal`, a stream at the chunk where it shows. Plain files are given as they are.
 */
export function createSealedFiles({ files, vault, seals }: SealedFilesOptions): Files {
  const openBytes = async (key: string, bytes: Uint8Array): Promise<Uint8Array> =>
    isSealed(bytes) ? await gathered(openedChunks(vault, key, [bytes])) : bytes
  return {
    ...files,
    put: async (key, body, mediaType) => {
      if (!seals) return await files.put(key, body, mediaType)
      let size = 0
      const counted = counting(piecesOf(body), (bytes) => {
        size += bytes
      })
      const chunks = await sealedChunks(vault, key, counted)
      const sealed = body instanceof ReadableStream ? streamOf(chunks) : await gathered(chunks)
      await files.put(key, sealed, `${SEALED_MEDIA_TYPE}${mediaType}`)
      return { size }
    },
    read: async (key) => {
      const bytes = await files.read(key)
      return bytes && (await openBytes(key, bytes))
    },
    stream: async (key) => {
      const found = await files.stream(key)
      if (found === undefined || !found.mediaType.startsWith(SEALED_MEDIA_TYPE)) return found
      return {
        body: streamOf(openedChunks(vault, key, found.body)),
        size: plainSize(found.size),
        mediaType: found.mediaType.slice(SEALED_MEDIA_TYPE.length),
      }
    },
  }
}

/** Length of what a sealed file of `size` bytes holds. */
export function plainSize(size: number): number {
  const sealed = size - HEADER_BYTES
  return sealed - Math.ceil(sealed / (CHUNK_BYTES + TAG_BYTES)) * TAG_BYTES
}

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

const isSealed = (bytes: Uint8Array): boolean => bytes.length >= HEADER_BYTES + TAG_BYTES && MARK.every((byte, at) => bytes[at] === byte)

function piecesOf(body: ReadableStream<Uint8Array> | Uint8Array | string): Pieces {
  if (typeof body === 'string') return [new TextEncoder().encode(body)]
  return body instanceof Uint8Array ? [body] : body
}

async function* counting(pieces: Pieces, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    count(piece.length)
    yield piece
  }
}

const filePurpose = (key: string): string => `file/${key}`

async function sealedChunks(vault: Pick<TenantVault, 'newFileKey'>, name: string, pieces: Pieces): Promise<AsyncGenerator<Uint8Array>> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES))
  const { version, key } = await vault.newFileKey(salt, filePurpose(name))
  const header = new Uint8Array(HEADER_BYTES)
  header.set(MARK)
  new DataView(header.buffer).setUint32(MARK.length, version)
  header.set(salt, MARK.length + 4)
  return (async function* () {
    yield header
    for await (const { chunk, at, isLast } of inChunks(pieces, CHUNK_BYTES))
      yield new Uint8Array(await crypto.subtle.encrypt(parameters(header, at, isLast), key, chunk))
  })()
}

async function* openedChunks(vault: Pick<TenantVault, 'fileKey'>, name: string, pieces: Pieces): AsyncGenerator<Uint8Array> {
  const reader = new Reader(pieces)
  const header = await reader.take(HEADER_BYTES)
  if (!isHeader(header)) throw damaged()
  const version = new DataView(header.buffer).getUint32(MARK.length)
  const key = await vault.fileKey(version, header.slice(MARK.length + 4), filePurpose(name))
  for await (const { chunk, at, isLast } of inChunks(reader.rest(), CHUNK_BYTES + TAG_BYTES))
    yield await openChunk(parameters(header, at, isLast), key, chunk)
}

async function openChunk(how: AesGcmParams, key: CryptoKey, chunk: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, key, chunk))
  } catch (cause) {
    throw damaged(cause)
  }
}

const isHeader = (bytes: Uint8Array): boolean => bytes.length === HEADER_BYTES && MARK.every((byte, at) => bytes[at] === byte)

interface AesGcmParams {
  name: string
  iv: Uint8Array<ArrayBuffer>
  additionalData: Uint8Array<ArrayBuffer>
}

function parameters(header: Uint8Array<ArrayBuffer>, at: number, isLast: boolean): AesGcmParams {
  const iv = new Uint8Array(12)
  new DataView(iv.buffer).setUint32(7, at)
  iv[11] = isLast ? 1 : 0
  return { name: 'AES-GCM', iv, additionalData: header }
}

const damaged = (cause?: unknown) =>
  new AppError('internal', 'A stored file could not be decrypted: it was changed, cut off, or belongs elsewhere.', {
    reason: 'sealed_file',
    ...(cause !== undefined && { cause }),
  })

/** Chunks of exactly `bytes`; the last may be shorter, and an empty file has one empty chunk. */
async function* inChunks(pieces: Pieces, bytes: number): AsyncGenerator<{ chunk: Uint8Array<ArrayBuffer>; at: number; isLast: boolean }> {
  const reader = new Reader(pieces)
  try {
    let chunk = await reader.take(bytes)
    for (let at = 0; ; at += 1) {
      const next = chunk.length < bytes ? new Uint8Array() : await reader.take(bytes)
      const isLast = next.length === 0
      yield { chunk, at, isLast }
      if (isLast) return
      chunk = next
    }
  } finally {
    await reader.stop()
  }
}

/** Takes pieces of any length as pieces of a wanted length. */
class Reader {
  private readonly pieces: AsyncIterator<Uint8Array> | Iterator<Uint8Array>
  private left: Uint8Array = new Uint8Array()

  constructor(pieces: Pieces) {
    this.pieces = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]()
  }

  /** Shorter only at the end. */
  async take(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const taken = new Uint8Array(bytes)
    let filled = 0
    while (filled < bytes) {
      if (this.left.length === 0) {
        const next = await this.pieces.next()
        if (next.done) return taken.slice(0, filled)
        this.left = next.value
      }
      const piece = this.left.subarray(0, bytes - filled)
      taken.set(piece, filled)
      filled += piece.length
      this.left = this.left.subarray(piece.length)
    }
    return taken
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    try {
      if (this.left.length > 0) yield this.left
      for (;;) {
        const next = await this.pieces.next()
        if (next.done) return
        yield next.value
      }
    } finally {
      await this.stop()
    }
  }

  /** Lets go of the source, also of one that was not read to its end. */
  async stop(): Promise<void> {
    await this.pieces.return?.()
  }
}

async function gathered(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const chunk of chunks) pieces.push(chunk)
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const next = await chunks.next()
        if (next.done) controller.close()
        else controller.enqueue(next.value)
      },
      cancel: async () => void (await chunks.return(undefined)),
    },
    { highWaterMark: 0 },
  )
}
