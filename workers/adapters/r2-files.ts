import type { Files } from '../domain/ports'

/** R2 wants a known length or parts of at least 5 MiB, all equal but the last. */
const PART_BYTES = 8 * 1024 * 1024
const KEYS_PER_DELETE = 1_000

/** Files of one tenant in R2, under the tenant's prefix. Streams of unknown length go up in parts: never more than one in memory. */
export function createR2Files(bucket: R2Bucket, tenantId: string): Files {
  const full = (key: string) => `${tenantId}/${key}`
  return {
    async put(key, body, mediaType) {
      const httpMetadata = { contentType: mediaType }
      if (body instanceof ReadableStream) return { size: await putStream(bucket, full(key), body, httpMetadata) }
      const object = await bucket.put(full(key), body, { httpMetadata })
      return { size: object.size }
    },
    async read(key) {
      const object = await bucket.get(full(key))
      return object === null ? undefined : new Uint8Array(await object.arrayBuffer())
    },
    async stream(key) {
      const object = await bucket.get(full(key))
      if (object === null) return undefined
      return { body: object.body, size: object.size, mediaType: object.httpMetadata?.contentType ?? 'application/octet-stream' }
    },
    async delete(keys) {
      for (let from = 0; from < keys.length; from += KEYS_PER_DELETE) await bucket.delete(keys.slice(from, from + KEYS_PER_DELETE).map(full))
    },
  }
}

async function putStream(bucket: R2Bucket, key: string, body: ReadableStream<Uint8Array>, httpMetadata: { contentType: string }): Promise<number> {
  const parts = inParts(body)
  const first = await parts.next()
  if (first.done) return (await bucket.put(key, new Uint8Array(), { httpMetadata })).size
  if (first.value.length < PART_BYTES) return (await bucket.put(key, first.value, { httpMetadata })).size
  const upload = await bucket.createMultipartUpload(key, { httpMetadata })
  try {
    const uploaded = [await upload.uploadPart(1, first.value)]
    for await (const part of parts) uploaded.push(await upload.uploadPart(uploaded.length + 1, part))
    return (await upload.complete(uploaded)).size
  } catch (thrown) {
    await upload.abort()
    throw thrown
  }
}

async function* inParts(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let part = new Uint8Array(PART_BYTES)
  let filled = 0
  for await (const chunk of body) {
    for (let offset = 0; offset < chunk.length; ) {
      const taken = chunk.subarray(offset, offset + PART_BYTES - filled)
      part.set(taken, filled)
      filled += taken.length
      offset += taken.length
      if (filled < PART_BYTES) continue
      yield part
      part = new Uint8Array(PART_BYTES)
      filled = 0
    }
  }
  if (filled > 0) yield part.subarray(0, filled)
}
