import type { EmbedOptions, Encoder } from '../domain/models'

/** Vectors by the hash of their text, of one tenant and one encoder's model. */
export interface VectorStore {
  /** Those that are known, by hash. */
  find(model: string, hashes: string[]): Promise<Map<string, number[]>>
  store(model: string, vectors: { hash: string; vector: number[] }[], documentId: string | undefined): Promise<void>
}

/** The same encoder, asked only for texts that it has not seen. A store that fails costs calls, never the vectors. */
export const createCachedEncoder = (encoder: Encoder, store: VectorStore): Encoder => ({
  dimensions: encoder.dimensions,
  model: encoder.model,
  embed: (texts, options) => embed(encoder, store, texts, options),
})

async function embed(encoder: Encoder, store: VectorStore, texts: string[], options: EmbedOptions | undefined): Promise<number[][]> {
  const hashes = await Promise.all(texts.map(hashOf))
  const known = await store.find(encoder.model, [...new Set(hashes)]).catch((thrown: unknown) => {
    console.warn(JSON.stringify({ message: 'the cache of vectors failed to read', error: String(thrown) }))
    return new Map<string, number[]>()
  })
  const missing = new Map(hashes.flatMap((hash, at) => (known.has(hash) ? [] : [[hash, texts[at] ?? ''] as const])))
  if (missing.size > 0) {
    const vectors = await encoder.embed([...missing.values()], options)
    const fresh = [...missing.keys()].map((hash, at) => ({ hash, vector: vectors[at] ?? [] }))
    for (const { hash, vector } of fresh) known.set(hash, vector)
    await store
      .store(encoder.model, fresh, options?.documentId)
      .catch((thrown: unknown) => console.warn(JSON.stringify({ message: 'the cache of vectors failed to write', error: String(thrown) })))
  }
  return hashes.map((hash) => known.get(hash) ?? [])
}

async function hashOf(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
