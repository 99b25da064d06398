import { type Result, unwrap } from '../domain/error'
import type { IndexedDocument, SearchHit } from '../domain/knowledge'
import type { Encoder } from '../domain/models'
import type { Knowledge } from '../domain/ports'

interface EncoderName {
  model: string
  dimensions: number
}

/** What this adapter calls of a collection's Durable Object. */
export interface KnowledgeObject {
  index(entry: { document: IndexedDocument; encoder: EncoderName; vectors: Float32Array }): Promise<Result<{ chunks: number }>>
  search(query: {
    text: string
    limit: number
    filter?: Record<string, string>
    encoder: EncoderName
    vector: Float32Array
  }): Promise<Result<SearchHit[]>>
  remove(documentId: string): Promise<Result<{ removed: boolean }>>
}

/** The namespace of the Knowledge objects, as far as it is used. */
export interface KnowledgeNamespace {
  getByName(name: string): KnowledgeObject
}

/** Vectors are made for so many passages at once, so that a large document never holds all of them twice. */
const PASSAGES_PER_BATCH = 64

/** Port Knowledge over one Durable Object per collection, with vectors by `encoder`. */
export function createObjectKnowledge({
  tenantId,
  namespace,
  encoder,
}: {
  tenantId: string
  namespace: KnowledgeNamespace
  encoder: Encoder
}): Knowledge {
  const open = (collection: string) => namespace.getByName(`${tenantId}/${collection}`)
  const name: EncoderName = { model: encoder.model, dimensions: encoder.dimensions }
  return {
    async index(collection, document) {
      const vectors = await embedPassages(encoder, document)
      return unwrap(await open(collection).index({ document, encoder: name, vectors }))
    },
    async search(collection, { text, limit, filter }) {
      // An empty question has no meaning to look for; the encoder is not asked.
      if (text.trim() === '') return []
      const [vector = []] = await encoder.embed([text])
      return unwrap(await open(collection).search({ text, limit, filter, encoder: name, vector: Float32Array.from(vector) }))
    },
    async remove(collection, documentId) {
      unwrap(await open(collection).remove(documentId))
    },
  }
}

async function embedPassages(encoder: Encoder, { chunks }: IndexedDocument): Promise<Float32Array> {
  const vectors = new Float32Array(chunks.length * encoder.dimensions)
  for (let start = 0; start < chunks.length; start += PASSAGES_PER_BATCH) {
    const batch = chunks.slice(start, start + PASSAGES_PER_BATCH)
    // The heading path tells what a passage is about when its own sentences do not.
    const rows = await encoder.embed(batch.map(({ context, text }) => (context === '' ? text : `${context}\n${text}`)))
    for (const [row, vector] of rows.entries()) vectors.set(vector, (start + row) * encoder.dimensions)
  }
  return vectors
}
