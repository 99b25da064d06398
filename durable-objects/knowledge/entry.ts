import * as z from 'zod'
import { Span } from '../../workers/domain/documents'
import { type Result, refuse } from '../../workers/domain/error'

/** More belongs into several documents: one RPC message is at most 32 MiB. */
export const MAX_CHUNKS_PER_DOCUMENT = 5_000
/** SQLite rows end at 2 MB; a passage is a paragraph, not a file. */
const MAX_CHUNK_CHARACTERS = 100_000
const MAX_METADATA_ENTRIES = 64
const MAX_METADATA_CHARACTERS = 2_000

const MetadataText = z.string().max(MAX_METADATA_CHARACTERS)

/** A document with the vectors of its chunks, one after the other, all by one encoder. */
export const KnowledgeEntry = z
  .object({
    document: z.object({
      documentId: z.string().min(1),
      name: z.string(),
      metadata: z
        .record(MetadataText, MetadataText)
        .refine((values) => Object.keys(values).length <= MAX_METADATA_ENTRIES, `at most ${MAX_METADATA_ENTRIES} entries`),
      chunks: z
        .array(
          z.object({
            id: z.string().min(1),
            text: z.string().max(MAX_CHUNK_CHARACTERS),
            context: z.string().max(MAX_CHUNK_CHARACTERS),
            span: Span,
          }),
        )
        .max(MAX_CHUNKS_PER_DOCUMENT),
    }),
    encoder: z.object({ model: z.string().min(1), dimensions: z.int().min(1).max(4_096) }),
    vectors: z.instanceof(Float32Array),
  })
  .refine(({ document, encoder, vectors }) => vectors.length === document.chunks.length * encoder.dimensions, {
    path: ['vectors'],
    message: 'one vector of the encoder’s dimensions is needed for each chunk',
  })
  .refine(({ vectors }) => vectors.every(Number.isFinite), { path: ['vectors'], message: 'a vector holds only finite numbers' })
export type KnowledgeEntry = z.infer<typeof KnowledgeEntry>

/** Hits wanted at most; more is a list, not an answer. */
const MAX_LIMIT = 200
const MAX_FILTERS = 16

export const KnowledgeQuery = z.object({
  text: z.string(),
  limit: z.int().min(1).max(MAX_LIMIT),
  filter: z
    .record(MetadataText, MetadataText)
    .refine((values) => Object.keys(values).length <= MAX_FILTERS, `at most ${MAX_FILTERS} filters`)
    .optional(),
  encoder: z.object({ model: z.string(), dimensions: z.int() }),
  vector: z.instanceof(Float32Array),
  /** How far this encoder is to be trusted beside words. */
  ranking: z.object({
    /** Weight of the ranking by vector; that of the ranking by words is 1. */
    vectorWeight: z.number().min(0).max(100),
    /** Passages whose inner product with the query is lower are not alike. */
    leastProduct: z.number(),
  }),
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
