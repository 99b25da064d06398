import { type DOCUMENT_SOURCES, type DocumentRecord, fileKeys, safeFileName } from './documents'
import { AppError } from './error'
import { SNIFF_BYTES, sniffMediaType } from './media-type'
import type { DoorPorts } from './stores'

/** A running SHA-256. */
export interface Digest {
  update(bytes: Uint8Array): void
  /** Lower-case hex; call it once, at the end. */
  hex(): string
}

export interface IntakeDeps {
  ports: Pick<DoorPorts, 'documents' | 'files' | 'clock' | 'newId' | 'storage'>
  newDigest: () => Digest
  maxUploadBytes: number
}

/** A file that comes in through some door. Its name is a claim of the sender, never trusted. */
export interface IncomingFile {
  body: AsyncIterable<Uint8Array>
  name: string
  source: (typeof DOCUMENT_SOURCES)[number]
  parentId?: string
}

export interface ReceivedDocument {
  document: DocumentRecord
  /** The same bytes were there before: `document` is the earlier one. */
  isDuplicate: boolean
}

/**
 * Stores a file and its row: bytes first, so that a row always has its bytes. The file is never whole in memory.
 * Refuses `invalid` (reason `empty`), `too_large` and, without room in the plan, `over_budget`; then nothing is left behind.
 */
export async function receiveDocument(deps: IntakeDeps, file: IncomingFile): Promise<ReceivedDocument> {
  return await commitDocument(deps, await stageDocument(deps, file))
}

/** Stores the bytes alone. Follow it with `commitDocument` or `discardDocument`. */
export async function stageDocument(deps: IntakeDeps, file: IncomingFile): Promise<DocumentRecord> {
  const { files, clock, newId, storage } = deps.ports
  // Where there is no room at all the bytes need not come; how many they are is known at their end.
  await storage?.requireRoom(1)
  const name = safeFileName(file.name)
  const id = newId('document')
  const fileKey = fileKeys.original(id)
  const chunks = file.body[Symbol.asyncIterator]()
  const digest = deps.newDigest()
  const measured = measure(chunks, digest, deps.maxUploadBytes)
  const head = await readHead(measured)
  if (head.length === 0) throw new AppError('invalid', 'The file is empty; send a file with content.', { reason: 'empty' })
  const mediaType = sniffMediaType(head, name)
  const { size } = await files.put(fileKey, streamOf(head, measured), mediaType)
  const document: DocumentRecord = {
    id,
    name,
    mediaType,
    size,
    sha256: digest.hex(),
    source: file.source,
    fileKey,
    createdAt: clock.now().toISOString(),
  }
  return file.parentId === undefined ? document : { ...document, parentId: file.parentId }
}

/** Adds the row of a staged file, or drops the bytes when the tenant has them already. */
export async function commitDocument(deps: Pick<IntakeDeps, 'ports'>, staged: DocumentRecord): Promise<ReceivedDocument> {
  const { documents } = deps.ports
  const known = await documents.findByHash(staged.sha256)
  if (known !== undefined) return await keepKnown(deps, staged, known)
  try {
    await deps.ports.storage?.requireRoom(staged.size)
  } catch (thrown) {
    await discardDocument(deps, staged)
    throw thrown
  }
  try {
    await documents.insert(staged)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'conflict') throw thrown
    // Somebody sent the same bytes at the same moment and was first.
    const first = await documents.findByHash(staged.sha256)
    if (first === undefined) throw thrown
    return await keepKnown(deps, staged, first)
  }
  return { document: staged, isDuplicate: false }
}

/** Removes the bytes of a staged file that is not wanted after all. */
export async function discardDocument(deps: Pick<IntakeDeps, 'ports'>, staged: DocumentRecord): Promise<void> {
  await deps.ports.files.delete([staged.fileKey])
}

async function keepKnown(deps: Pick<IntakeDeps, 'ports'>, staged: DocumentRecord, known: DocumentRecord): Promise<ReceivedDocument> {
  await discardDocument(deps, staged)
  return { document: known, isDuplicate: true }
}

/** The chunks as they come, counted and hashed; `too_large` as soon as the cap is passed. */
async function* measure(chunks: AsyncIterator<Uint8Array>, digest: Digest, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0
  try {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      size += next.value.length
      if (size > maxBytes) {
        throw new AppError('too_large', `The file is larger than ${Math.floor(maxBytes / 1_048_576)} MB; split it or send a smaller one.`, {
          reason: 'file_too_large',
        })
      }
      digest.update(next.value)
      yield next.value
    }
  } finally {
    await chunks.return?.()
  }
}

/** Enough of the beginning to see the type. */
async function readHead(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  while (size < SNIFF_BYTES) {
    const next = await chunks.next()
    if (next.done) break
    parts.push(next.value)
    size += next.value.length
  }
  const head = new Uint8Array(size)
  let offset = 0
  for (const part of parts) {
    head.set(part, offset)
    offset += part.length
  }
  return head
}

function streamOf(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(head),
    pull: async (controller) => {
      const next = await rest.next()
      if (next.done) controller.close()
      else controller.enqueue(next.value)
    },
    cancel: async () => {
      await rest.return(undefined)
    },
  })
}
