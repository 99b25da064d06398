import { type Result, unwrap } from '../domain/error'
import type { IndexedDocument, SearchHit } from '../domain/knowledge'
import type { Encoder } from '../domain/models'
import type { Knowledge } from '../domain/ports'

/** How search weighs an encoder's vectors against words. */
export interface VectorRanking {
  /** Weight of the ranking by vector; that of the ranking by words (BM25) is 1. */
  vectorWeight: number
  /** Passages whose inner product with the question is lower count as not alike. */
  leastProduct: number
}

/**
 * For the embedded encoder, which is much weaker than BM25. Measured on 2026-11-21: nDCG@10 on Cranfield (75 queries) is 0.536
 * by words, 0.280 by vector, 0.443 fused evenly and 0.539 at weight 0.1; MRR@10 on XQuAD English 0.955, 0.768, 0.905 and 0.953.
 * On XQuAD 98 % of the right passages have a product of 0.24 or more, and 90 % of the others one below 0.30.
 */
export const EMBEDDED_RANKING: VectorRanking = { vectorWeight: 0.1, leastProduct: 0.24 }

export interface ObjectKnowledgeOptions {
  tenantId: string
  namespace: KnowledgeNamespace
  encoder: Encoder
  ranking?: VectorRanking
}

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
    ranking: VectorRanking
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
export function createObjectKnowledge({ tenantId, namespace, encoder, ranking = EMBEDDED_RANKING }: ObjectKnowledgeOptions): Knowledge {
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
      return unwrap(await open(collection).search({ text, limit, filter, encoder: name, vector: Float32Array.from(vector), ranking }))
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
