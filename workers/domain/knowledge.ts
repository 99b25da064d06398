import type { Span } from './documents'

/** One passage to index, with its exact place. */
export interface Chunk {
  id: string
  text: string
  /** Heading path or table name, prefixed for retrieval but not part of the span. */
  context: string
  span: Span
}

export interface IndexedDocument {
  documentId: string
  name: string
  /** Flat values to filter on: class, date, tags. */
  metadata: Record<string, string>
  chunks: Chunk[]
}

export interface SearchQuery {
  text: string
  limit: number
  /** Equal-to filters on metadata. */
  filter?: Record<string, string>
}

export interface SearchHit {
  chunkId: string
  documentId: string
  name: string
  text: string
  span: Span
  /** Reciprocal-rank-fusion score; only its order means anything. */
  score: number
}
