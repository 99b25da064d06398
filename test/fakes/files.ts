import type { Files } from '../../workers/domain/ports'

/** Files in memory; `keys` tells what is there. */
export function createFakeFiles(): Files & { keys(): string[] } {
  const stored = new Map<string, { bytes: Uint8Array<ArrayBuffer>; mediaType: string }>()
  return {
    keys: () => [...stored.keys()],
    put: async (key, body, mediaType) => {
      const bytes = new Uint8Array(
        await new Response(typeof body === 'string' || body instanceof ReadableStream ? body : new Uint8Array(body)).arrayBuffer(),
      )
      stored.set(key, { bytes, mediaType })
      return { size: bytes.length }
    },
    read: async (key) => stored.get(key)?.bytes.slice(),
    stream: async (key) => {
      const file = stored.get(key)
      if (file === undefined) return undefined
      return { body: new Blob([file.bytes]).stream(), size: file.bytes.length, mediaType: file.mediaType }
    },
    delete: async (keys) => {
      for (const key of keys) stored.delete(key)
    },
  }
}
