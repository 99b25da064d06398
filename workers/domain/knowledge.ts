import * as z from 'zod'
import { Span } from './documents'
import { type Community, DocumentGraph, SearchMode } from './knowledge-graph'
import { momentOf } from './metadata-filter'

/** One passage to index, with its exact place. */
export interface Chunk {
  id: string
  text: string
  /** Heading path or table name, prefixed for retrieval but not part of the span. */
  context: string
  span: Span
}

/** One fact to filter on. Several texts are tags; a text that is an ISO 8601 date or time can be filtered by a range. */
export type MetadataValue = string | string[]

export interface IndexedDocument {
  documentId: string
  name: string
  /** Flat facts to filter on: class, date, tags. */
  metadata: Record<string, MetadataValue>
  chunks: Chunk[]
  /** Who and what the passages are about; absent: the document is not part of the collection's graph. */
  graph?: DocumentGraph
}

const MOMENT_MESSAGE = 'write a date of the calendar as 2026-03-31 or a time as 2026-03-31T08:00:00Z'
/** 2026, 2026-03, 2026-03-31 or a time of a day with its zone, as calendar and clock have them. */
const IsoMoment = z
  .string()
  .regex(/^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/, { message: MOMENT_MESSAGE })
  .refine((text) => momentOf(text) !== undefined, { message: MOMENT_MESSAGE })
/** Longer facts are text to search, not facts to filter on. */
const MAX_FACT_CHARACTERS = 2_000
const MAX_ALTERNATIVES = 50
const Fact = z.string().max(MAX_FACT_CHARACTERS)
const Facts = z.array(Fact).min(1).max(MAX_ALTERNATIVES)

/**
 * What a document's fact must be: equal to a text (or have it among its tags), have any or all of several, or lie in a range of
 * dates. Both ends of a range are part of it, and a short end means all of its year, month or day: `to: '2026-03'` takes in 31 March.
 */
export const Condition = z.union([
  Fact,
  z.strictObject({ anyOf: Facts }),
  z.strictObject({ allOf: Facts }),
  z
    .strictObject({ from: IsoMoment.optional(), to: IsoMoment.optional() })
    .refine(({ from, to }) => from !== undefined || to !== undefined, { message: 'a range needs from, to or both' }),
])
export type Condition = z.infer<typeof Condition>

const MAX_CONDITIONS = 16
/** Conditions by the name of the fact; all must hold. */
export const MetadataFilter = z
  .record(Fact, Condition)
  .refine((conditions) => Object.keys(conditions).length <= MAX_CONDITIONS, `at most ${MAX_CONDITIONS} conditions`)
export type MetadataFilter = z.infer<typeof MetadataFilter>

export const MAX_SEARCH_LIMIT = 200
export const MAX_VARIANTS = 4

export const SearchQuery = z.object({
  text: z.string().max(20_000),
  /** Other ways to ask the same; the rankings of all are fused. */
  variants: z.array(z.string().max(20_000)).max(MAX_VARIANTS).optional(),
  limit: z.int().min(1).max(MAX_SEARCH_LIMIT),
  filter: MetadataFilter.optional(),
  /** False leaves out a configured reranker. */
  rerank: z.boolean().optional(),
  /** `hybrid` unless given. */
  mode: SearchMode.optional(),
  /** Whether a hybrid search also follows the entities of the best passages to others; as the collection does by itself unless given. */
  expand: z.boolean().optional(),
  /** What the whole search may take; a stage that would take longer is given up and the trace says so. */
  deadlineMs: z.int().min(50).max(60_000).optional(),
})
export type SearchQuery = z.infer<typeof SearchQuery>

export interface SearchHit {
  chunkId: string
  documentId: string
  name: string
  text: string
  /** Heading path or table name of the passage; empty when it has none. */
  context: string
  span: Span
  /** Score of the last stage that ordered the hits; only its order means anything. */
  score: number
  /** What each stage made of the passage; a stage that did not find it is absent. */
  scores: { words?: number; vector?: number; graph?: number; rerank?: number }
}

/**
 * `encode`: question to vector; `words`: BM25 with feedback; `vectors`: nearest by meaning; `graph`: along entities and communities;
 * `rerank`: a model reads the best hits.
 */
export type StageName = 'encode' | 'words' | 'vectors' | 'fuse' | 'graph' | 'rerank'

export interface RetrievalStage {
  name: StageName
  /** `failed`: the search went on without it, `reason` says why. `skipped`: there was nothing to do for it. */
  status: 'done' | 'skipped' | 'failed'
  /** Wall-clock time. Inside a Durable Object clocks stand still while it computes: there the time of the whole call counts. */
  ms: number
  /** Passages that it gave on. */
  candidates?: number
  /** In a sentence a person can act on. */
  reason?: string
}

/** How a search came to its hits. */
export interface RetrievalTrace {
  stages: RetrievalStage[]
  ms: number
  /** Present when a stage failed and the hits come from the others: the reasons of all failed stages. */
  degraded?: string
}

export interface SearchOutcome {
  hits: SearchHit[]
  trace: RetrievalTrace
  /** In the mode `local`: the names of the question's entities. */
  entities?: string[]
  /** In the mode `global`: the communities that fit, best first; the hits are their sources. */
  communities?: Community[]
}

/** A collection's name: a path segment and part of an object name. */
export const CollectionName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._ -]{0,99}$/u, {
  message: 'letters, digits, dots, hyphens, underscores and spaces, at most 100, beginning with a letter or digit',
})

export interface CollectionRecord {
  name: string
  createdAt: string
}

/** The encoder that vectors come from. Products of vectors of two encoders mean nothing. */
export interface EncoderName {
  model: string
  dimensions: number
}

export interface CollectionStats {
  documents: number
  chunks: number
  sizeBytes: number
  /** Whose vectors answer now; absent while the collection is empty. */
  encoder?: EncoderName
  /** Present while vectors of another encoder are made in the background; the present ones answer until it is whole. */
  reembedding?: { encoder: EncoderName; doneChunks: number; startedAt: string; lastError?: string }
  /** Chunks that the separate vector store has not shown yet; absent when vectors are kept in the object. */
  vectorsPending?: number
}

/** A line of an exported collection: one document with all its passages. Vectors are left out: the importing side makes its own. */
export const ExportedDocument = z.object({
  documentId: z.string().min(1),
  name: z.string(),
  metadata: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  chunks: z.array(z.object({ id: z.string().min(1), text: z.string(), context: z.string(), span: Span })),
  graph: DocumentGraph.optional(),
})
export type ExportedDocument = z.infer<typeof ExportedDocument>

/** A document of a collection, without its passages. */
export interface HeldDocument {
  documentId: string
  name: string
  metadata: Record<string, MetadataValue>
  chunks: number
}

/** What a reranker made of one text: its index in the request and a score whose order counts. */
export interface RerankedText {
  index: number
  score: number
}
