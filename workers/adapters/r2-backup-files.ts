import type { OpenUpload, PartHead } from '../domain/backups'
import { AppError } from '../domain/error'

/** R2 wants parts of at least 5 MiB, all of one size but the last; one is in memory. */
export const FILE_PART_BYTES = 8 * 1024 * 1024
const KEYS_PER_LISTING = 250
/** A file that is written anew while it is read is read again this often. */
const MAX_TRIES = 3

type FileHead = Extract<PartHead, { kind: 'file' }>
export interface FilePiece {
  head: FileHead
  body: Uint8Array<ArrayBuffer>
}

/** Files below a prefix after a key, in order. */
export async function listFiles(bucket: R2Bucket, prefix: string, after: string | undefined) {
  const { objects, truncated } = await bucket.list({
    ...{ prefix, limit: KEYS_PER_LISTING, include: ['httpMetadata', 'customMetadata'] },
    ...(after !== undefined && { startAfter: after }),
  })
  return { objects, truncated }
}

/** A file in pieces, all of one version of it; none when it was deleted meanwhile. */
export async function* readFile(bucket: R2Bucket, name: string, listed: R2Object): AsyncGenerator<FilePiece> {
  let file: R2Object | null = listed
  for (let tries = 0; file !== null && tries < MAX_TRIES; tries += 1) {
    let offset = 0
    do {
      const body = await readPiece(bucket, file, offset)
      if (body === undefined) break
      yield { head: headOf(name, file, offset), body }
      offset += body.length
    } while (offset < file.size)
    if (offset >= file.size) return
    file = await bucket.head(listed.key)
  }
  if (file !== null) throw new AppError('unavailable', 'A file is written all the time; try again at a quieter time.')
}

/** Undefined when the file is another by now. */
async function readPiece(bucket: R2Bucket, { key, etag, size }: R2Object, offset: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (size === 0) return new Uint8Array()
  const range = { offset, length: Math.min(FILE_PART_BYTES, size - offset) }
  const object = await bucket.get(key, { range, onlyIf: { etagMatches: etag } })
  if (object === null || !('body' in object)) return undefined
  return new Uint8Array(await object.arrayBuffer())
}

const headOf = (bucket: string, { key, size, httpMetadata, customMetadata }: R2Object, offset: number): FileHead => ({
  ...{ kind: 'file', bucket, key, offset, size },
  ...(httpMetadata?.contentType !== undefined && { mediaType: httpMetadata.contentType }),
  ...(customMetadata !== undefined && Object.keys(customMetadata).length > 0 && { metadata: customMetadata }),
})

/**
 * Writes a piece of a file; what is there is overwritten. Gives what to hand in with the next piece, and whether the file is whole now.
 * A file of one piece is put whole, a longer one goes up in parts.
 */
export async function writePiece(
  bucket: R2Bucket,
  { head, body }: FilePiece,
  open: OpenUpload | null,
): Promise<{ open: OpenUpload | null; isWhole: boolean }> {
  const options = {
    ...(head.mediaType !== undefined && { httpMetadata: { contentType: head.mediaType } }),
    ...(head.metadata && { customMetadata: head.metadata }),
  }
  if (open !== null && (open.key !== head.key || open.bucket !== head.bucket || head.offset === 0))
    await bucket.resumeMultipartUpload(open.key, open.uploadId).abort()
  if (head.offset === 0 && body.length === head.size) {
    await bucket.put(head.key, body, options)
    return { open: null, isWhole: true }
  }
  const isLast = head.offset + body.length >= head.size
  try {
    const upload = head.offset === 0 ? await bucket.createMultipartUpload(head.key, options) : resumed(bucket, head, open)
    const before = head.offset === 0 ? [] : (open?.parts ?? [])
    const part = await upload.uploadPart(before.length + 1, body)
    const parts = [...before, { partNumber: part.partNumber, etag: part.etag }]
    if (!isLast) return { open: { bucket: head.bucket, key: head.key, uploadId: upload.uploadId, parts }, isWhole: false }
    await upload.complete(parts)
  } catch (thrown) {
    // A crash after the upload was complete, and before that was stored, sends the last piece again.
    const there = isLast ? await bucket.head(head.key) : null
    if (there?.size !== head.size) throw thrown
  }
  return { open: null, isWhole: true }
}

function resumed(bucket: R2Bucket, head: FileHead, open: OpenUpload | null): R2MultipartUpload {
  const isNext = open !== null && open.key === head.key && open.parts.length * FILE_PART_BYTES === head.offset
  if (!isNext) throw new AppError('conflict', 'A piece of a file is missing; send the file from the beginning.')
  return bucket.resumeMultipartUpload(open.key, open.uploadId)
}
