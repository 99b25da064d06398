import * as z from 'zod'
import { type Result, refuse } from '../../workers/domain/error'
import { ExportedDocument, MAX_SEARCH_LIMIT, MAX_VARIANTS, MetadataFilter } from '../../workers/domain/knowledge'
import { misplaced, SearchMode } from '../../workers/domain/knowledge-graph'

/** More belongs into several documents, as the parts of a long one are: one RPC message is at most 32 MiB. */
export const MAX_CHUNKS_PER_DOCUMENT = 15_000
/** SQLite rows end at 2 MB; a passage is a paragraph, not a file. */
const MAX_CHUNK_CHARACTERS = 100_000
const MAX_METADATA_ENTRIES = 64
const MAX_TAGS = 200
const MAX_METADATA_CHARACTERS = 2_000
const MAX_DIMENSIONS = 4_096

const MetadataText = z.string().max(MAX_METADATA_CHARACTERS)
const Name = z.object({ model: z.string().min(1), dimensions: z.int().min(1).max(MAX_DIMENSIONS) })
const Vector = z
  .instanceof(Float32Array)
  .refine((vector) => vector.every(Number.isFinite), { message: 'a vector holds only finite numbers' })

/** A document with the vectors of its chunks, one after the other, all by one encoder; without vectors they are made in the background. */
export const KnowledgeEntry = z
  .object({
    tenantId: z.string().min(1),
    document: ExportedDocument.extend({
      metadata: z
        .record(MetadataText, z.union([MetadataText, z.array(MetadataText).max(MAX_TAGS)]))
        .refine((values) => Object.keys(values).length <= MAX_METADATA_ENTRIES, `at most ${MAX_METADATA_ENTRIES} entries`),
      chunks: z
        .array(
          ExportedDocument.shape.chunks.element.extend({
            text: z.string().max(MAX_CHUNK_CHARACTERS),
            context: z.string().max(MAX_CHUNK_CHARACTERS),
          }),
        )
        .max(MAX_CHUNKS_PER_DOCUMENT),
    }),
    encoder: Name,
    vectors: Vector.optional(),
  })
  .refine(({ document, encoder, vectors }) => vectors === undefined || vectors.length === document.chunks.length * encoder.dimensions, {
    path: ['vectors'],
    message: 'one vector of the encoder’s dimensions is needed for each chunk',
  })
  .superRefine(({ document: { graph, chunks } }, context) => {
    const message =
      graph &&
      misplaced(
        graph,
        chunks.map(({ text }) => text),
      )
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['document', 'graph'], message })
  })
export type KnowledgeEntry = z.infer<typeof KnowledgeEntry>

/** Exported documents to take; the encoder is the one that the tenant has now. */
export interface ImportedDocuments extends Pick<KnowledgeEntry, 'tenantId' | 'encoder'> {
  documents: ExportedDocument[]
}

export const KnowledgeQuery = z
  .object({
    tenantId: z.string().min(1),
    /** The ways to ask, the best known first. */
    texts: z
      .array(z.string())
      .min(1)
      .max(MAX_VARIANTS + 1),
    limit: z.int().min(1).max(MAX_SEARCH_LIMIT),
    filter: MetadataFilter.optional(),
    /** The encoder that the tenant has now. */
    encoder: Name,
    /** One vector a text, in order; absent: nobody could make them. */
    vectors: z.array(Vector).optional(),
    /** Whose vectors these are, where not of `encoder`. */
    vectorsBy: Name.optional(),
    /** How far vectors are to be trusted beside words. */
    ranking: z.object({
      /** What a passage of the very meaning of the question scores; one with all its words, over and over, scores 1. */
      vectorWeight: z.number().min(0).max(100),
      /** Passages whose inner product with the question is lower are not alike. */
      leastProduct: z.number().min(-1).max(0.99),
      /** Collections whose passages have so many terms on average give vectors half of their weight, shorter ones less. */
      halfTrustLength: z.number().min(0).max(10_000),
    }),
    deadlineMs: z.int().min(1),
    mode: SearchMode.optional(),
    /** Whether a hybrid search follows the graph; as the collection does by itself unless given. */
    expand: z.boolean().optional(),
  })
  .refine(({ texts, vectors }) => vectors === undefined || vectors.length === texts.length, {
    path: ['vectors'],
    message: 'one vector is needed for each text',
  })
  .refine(({ encoder, vectorsBy = encoder, vectors = [] }) => vectors.every((vector) => vector.length === vectorsBy.dimensions), {
    path: ['vectors'],
    message: 'a vector has the dimensions of its encoder',
  })
export type KnowledgeQuery = z.infer<typeof KnowledgeQuery>

/** What a caller sent, checked, or a refusal that names the fields. */
export function parse<T extends z.ZodType>(schema: T, value: unknown, what: string): Result<z.output<T>> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const problems = parsed.error.issues.slice(0, 10).map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  const tooLarge = parsed.error.issues.some((issue) => issue.code === 'too_big')
  const first = problems[0]
  return refuse(tooLarge ? 'too_large' : 'invalid', `${what} is not accepted: ${first?.path || 'it'}: ${first?.message}.`, { problems })
}
