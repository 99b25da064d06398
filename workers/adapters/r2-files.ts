import type { Files } from '../domain/ports'

/** R2 wants parts of at least 5 MiB, all of one size but the last. Two of these are in memory at a time. */
const PART_BYTES = 8 * 1024 * 1024
const FIRST_ROOM_BYTES = 64 * 1024

/** R2 deletes at most this many keys at a time. */
const DELETE_BATCH = 1_000

/** Bytes of one tenant in R2, below `tenants/<id>/`. A stream of any length is taken in parts; a broken one leaves nothing behind. */
export function createR2Files(bucket: R2Bucket, tenantId: string): Files {
  const at = (key: string) => `tenants/${tenantId}/${key}`
  return {
    put: async (key, body, mediaType) => {
      const options = { httpMetadata: { contentType: mediaType } }
      if (body instanceof ReadableStream) return await putStream(bucket, at(key), body, options)
      const { size } = await bucket.put(at(key), body, options)
      return { size }
    },
    read: async (key) => {
      const object = await bucket.get(at(key))
      return object === null ? undefined : new Uint8Array(await object.arrayBuffer())
    },
    stream: async (key) => {
      const object = await bucket.get(at(key))
      if (object === null) return undefined
      return { body: object.body, size: object.size, mediaType: object.httpMetadata?.contentType ?? 'application/octet-stream' }
    },
    delete: async (keys) => {
      for (let start = 0; start < keys.length; start += DELETE_BATCH) await bucket.delete(keys.slice(start, start + DELETE_BATCH).map(at))
    },
  }
}

/** R2 takes a stream only when it knows its length. So what fits in one part is put whole, and more goes up in parts. */
async function putStream(
  bucket: R2Bucket,
  key: string,
  body: ReadableStream<Uint8Array>,
  options: R2PutOptions & R2MultipartOptions,
): Promise<{ size: number }> {
  const parts = inParts(body)
  const first = await parts.next()
  const start = first.value ?? new Uint8Array()
  const second = first.done ? first : await parts.next()
  if (second.done) {
    await bucket.put(key, start, options)
    return { size: start.length }
  }
  const upload = await bucket.createMultipartUpload(key, options)
  try {
    const uploaded = [await upload.uploadPart(1, start), await upload.uploadPart(2, second.value)]
    let size = start.length + second.value.length
    for await (const part of parts) {
      uploaded.push(await upload.uploadPart(uploaded.length + 1, part))
      size += part.length
    }
    await upload.complete(uploaded)
    return { size }
  } catch (thrown) {
    await upload.abort()
    throw thrown
  }
}

/** The stream in parts of exactly `PART_BYTES`; the last may be shorter. The room for a part grows with what has come: most files are small. */
async function* inParts(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let part = new Uint8Array(FIRST_ROOM_BYTES)
  let filled = 0
  for await (const chunk of body) {
    for (let offset = 0; offset < chunk.length; ) {
      const taken = chunk.subarray(offset, offset + PART_BYTES - filled)
      part = withRoomFor(part, filled, taken.length)
      part.set(taken, filled)
      filled += taken.length
      offset += taken.length
      if (filled < PART_BYTES) continue
      yield part
      part = new Uint8Array(FIRST_ROOM_BYTES)
      filled = 0
    }
  }
  if (filled > 0) yield part.subarray(0, filled)
  return undefined
}

function withRoomFor(part: Uint8Array<ArrayBuffer>, filled: number, more: number): Uint8Array<ArrayBuffer> {
  if (filled + more <= part.length) return part
  const larger = new Uint8Array(Math.min(PART_BYTES, Math.max(filled + more, 2 * part.length)))
  larger.set(part.subarray(0, filled))
  return larger
}
