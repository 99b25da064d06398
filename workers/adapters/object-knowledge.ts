import { messageOf, withDeadline, within } from '../domain/deadline'
import { AppError, type Result, unwrap } from '../domain/error'
import {
  type CollectionStats,
  type EncoderName,
  type ExportedDocument,
  type HeldDocument,
  type IndexedDocument,
  type MetadataFilter,
  type RetrievalStage,
  type SearchOutcome,
  SearchQuery,
} from '../domain/knowledge'
import type { GraphPage, GraphRequest, SearchMode } from '../domain/knowledge-graph'
import type { EmbedOptions, Encoder, Payer } from '../domain/models'
import type { Knowledge, Reranker } from '../domain/ports'
import { EMBEDDED_MODEL } from './embedded-encoder'
import { rerankHits } from './rerank-hits'

/** How search weighs an encoder's vectors beside words. */
export interface VectorRanking {
  /** What a passage of the very meaning of the question scores; one with all its words, over and over, scores 1. */
  vectorWeight: number
  /** Passages whose inner product with the question is lower count as not alike. */
  leastProduct: number
  /** Collections whose passages have so many terms on average give vectors half of their weight, shorter ones less. */
  halfTrustLength: number
}

/**
 * For the embedded encoder, which is much weaker than words, and among single sentences about one thing no guide at all. Measured on
 * dev parts on 2026-11-21, plain BM25, vectors alone, all together: nDCG@10 on Cranfield .531, .280, .578 and on PubMedQA .977, .649,
 * .978; MAP on CACM .336, .153, .368; recall@5 on XQuAD English .996, .930, 1, and of evidence sentences on WiCE .822, .669, .861.
 */
export const EMBEDDED_RANKING: VectorRanking = { vectorWeight: 0.3, leastProduct: 0.24, halfTrustLength: 40 }
/** For encoders of providers, which are as good as words or better; a middle way that no set here was measured with. */
export const PROVIDER_RANKING: VectorRanking = { vectorWeight: 1, leastProduct: 0.3, halfTrustLength: 0 }

export const rankingOf = (model: string): VectorRanking => (model === EMBEDDED_MODEL ? EMBEDDED_RANKING : PROVIDER_RANKING)

export interface ObjectKnowledgeOptions {
  tenantId: string
  namespace: KnowledgeNamespace
  /** The encoder that the tenant has now. */
  encoder: () => Promise<Encoder>
  /** How far an encoder is trusted, by its model. */
  rankingOf?: (model: string) => VectorRanking
  /** Another encoder that can still be reached, by its model: for collections whose vectors are of it until they are made anew. */
  encoderOf?: (model: string) => Encoder | undefined
  reranker?: (payer?: Payer) => Promise<Reranker | undefined>
  /** The same encoder, that may remember what it was asked lately; for questions. */
  remembering?: (encoder: Encoder) => Encoder
  /** Makes known that the collection may hold the document, before it does. */
  register?: (collection: string, documentId: string) => Promise<unknown>
  /** Whether the document was deleted, also while it was being indexed. */
  isDeleted?: (documentId: string) => Promise<boolean>
  now?: () => number
}

/** What a collection's Durable Object makes of a search; `encoder`: whose vectors answer, where the question's are not of it. */
export interface CollectionAnswer extends Pick<SearchOutcome, 'hits' | 'entities' | 'communities'> {
  stages: RetrievalStage[]
  encoder?: EncoderName
}

/** What this adapter calls of a collection's Durable Object. */
export interface KnowledgeObject {
  index(entry: {
    tenantId: string
    document: IndexedDocument
    encoder: EncoderName
    vectors?: Float32Array
  }): Promise<Result<{ chunks: number }>>
  import(entry: {
    tenantId: string
    documents: ExportedDocument[]
    encoder: EncoderName
  }): Promise<Result<Result<{ chunks: number; isUnchanged: boolean }>[]>>
  search(query: {
    tenantId: string
    texts: string[]
    limit: number
    filter?: MetadataFilter
    encoder: EncoderName
    vectors?: Float32Array[]
    vectorsBy?: EncoderName
    ranking: VectorRanking
    deadlineMs: number
    mode?: SearchMode
    expand?: boolean
  }): Promise<Result<CollectionAnswer>>
  graph(request: GraphRequest): Promise<Result<GraphPage>>
  remove(documentId: string): Promise<Result<{ removed: boolean }>>
  clear(): Promise<Result<{ removed: number }>>
  documents(after: string, limit: number): Promise<Result<ExportedDocument[]>>
  list(after: string, limit: number): Promise<Result<HeldDocument[]>>
  holds(documentId: string): Promise<Result<boolean>>
  reembed(encoder: EncoderName): Promise<Result<{ pending: boolean }>>
  stats(): Promise<Result<CollectionStats>>
}

/** The namespace of the Knowledge objects, as far as it is used. */
export interface KnowledgeNamespace {
  getByName(name: string): KnowledgeObject
}

/** Vectors are made for so many passages at once, so that a large document never holds all of them twice. */
const PASSAGES_PER_BATCH = 64
/** What a search may take unless the query says so. A person who waits longer asks again. */
const DEADLINE_MS = 10_000
/** Of the time that is left, an encoder gets a third and a reranker half: words must answer whatever they do. */
const ENCODER_SHARE = 1 / 3
/** Hits that a reranker reads at least; those below keep their order. */
const LEAST_RERANKED = 30

export const objectName = (tenantId: string, collection: string): string => `${tenantId}/${collection}`

/** Port Knowledge over one Durable Object per collection, with vectors by the tenant's encoder. */
export function createObjectKnowledge(options: ObjectKnowledgeOptions): Knowledge {
  const { tenantId, namespace } = options
  const open = (collection: string) => namespace.getByName(objectName(tenantId, collection))
  const remove = async (collection: string, documentId: string) => unwrap<{ removed: boolean }>(await open(collection).remove(documentId))
  /** A deletion that began meanwhile, or before an attempt that broke off, may have come here too early to find anything. */
  const refuseDeleted = async (collection: string, documentId: string) => {
    if (!(await options.isDeleted?.(documentId))) return
    await remove(collection, documentId)
    throw new AppError('not_found', `The document '${documentId}' was deleted.`)
  }
  return {
    async index(collection, document, { payer, vectors: when = 'now' } = {}) {
      await refuseDeleted(collection, document.documentId)
      await options.register?.(collection, document.documentId)
      const encoder = await options.encoder()
      const vectors = when === 'later' ? undefined : await embedPassages(encoder, document, payer)
      const { chunks } = unwrap(await open(collection).index({ tenantId, document, encoder: nameOf(encoder), ...(vectors && { vectors }) }))
      await refuseDeleted(collection, document.documentId)
      return { chunks }
    },
    async search(collection, query, { payer } = {}) {
      const parsed = SearchQuery.safeParse(query)
      if (!parsed.success) throw new AppError('invalid', `The query is not accepted: ${parsed.error.issues[0]?.message}.`)
      return await search(open(collection), parsed.data, { ...options, payer })
    },
    async graph(collection, request) {
      return unwrap(await open(collection).graph(request))
    },
    remove,
  }
}

const nameOf = ({ model, dimensions }: Encoder): EncoderName => ({ model, dimensions })

type SearchOptions = ObjectKnowledgeOptions & { payer: Payer | undefined }

async function search(collection: KnowledgeObject, query: SearchQuery, options: SearchOptions): Promise<SearchOutcome> {
  const { encoderOf, now = Date.now } = options
  const startedAt = now()
  const endsAt = startedAt + (query.deadlineMs ?? DEADLINE_MS)
  const texts = [...new Set([query.text, ...(query.variants ?? [])])].filter((text) => text.trim() !== '')
  // An empty question has no meaning to look for; nobody is asked.
  if (texts.length === 0) return { hits: [], trace: { stages: [], ms: 0 } }
  const encoder = await options.encoder()
  const reranker = query.rerank === false ? undefined : await options.reranker?.(options.payer)
  const limit = reranker === undefined ? query.limit : Math.max(query.limit, LEAST_RERANKED)
  const ask = async (by: Encoder): Promise<Asked> =>
    await askWith({ collection, by, encoder: nameOf(encoder), texts, query, limit, endsAt }, options)
  let asked = await ask(encoder)
  const other = asked.answer.encoder === undefined ? undefined : encoderOf?.(asked.answer.encoder.model)
  if (other !== undefined) asked = await ask(other)
  const stages = [asked.encode, ...asked.answer.stages]
  const ranked = await rerankHits(asked.answer.hits, query.text, reranker, endsAt, now)
  if (ranked.stage !== undefined) stages.push(ranked.stage)
  const reasons = new Set(stages.flatMap(({ status, reason }) => (status === 'failed' && reason !== undefined ? [reason] : [])))
  const { entities, communities } = asked.answer
  return {
    hits: ranked.hits.slice(0, query.limit),
    ...(entities && { entities }),
    ...(communities && { communities }),
    trace: { stages, ms: now() - startedAt, ...(reasons.size > 0 && { degraded: [...reasons].join(' ') }) },
  }
}

interface Asked {
  encode: RetrievalStage
  answer: CollectionAnswer
}

interface Asking {
  collection: KnowledgeObject
  /** Makes the question's vectors; `encoder` is what the tenant has now. */
  by: Encoder
  encoder: EncoderName
  texts: string[]
  query: SearchQuery
  limit: number
  endsAt: number
}

async function askWith({ collection, by, encoder, texts, query, limit, endsAt }: Asking, options: SearchOptions): Promise<Asked> {
  const { tenantId, payer, rankingOf: trust = rankingOf, now = Date.now } = options
  const { filter, mode, expand } = query
  const { stage, vectors } = await encode(
    options.remembering?.(by) ?? by,
    texts,
    (endsAt - now()) * ENCODER_SHARE,
    { ...(payer && { payer }) },
    now,
  )
  const deadlineMs = Math.max(1, Math.floor(endsAt - now()))
  const asking = collection.search({
    tenantId,
    texts,
    limit,
    ...(filter && { filter }),
    encoder,
    ...(vectors && { vectors }),
    ...(by.model !== encoder.model && { vectorsBy: nameOf(by) }),
    ranking: trust(by.model),
    // The object gives up a separate vector store before this side gives up the object.
    deadlineMs: Math.max(1, Math.floor(deadlineMs / 2)),
    ...(mode && { mode }),
    ...(expand !== undefined && { expand }),
  })
  try {
    return { encode: stage, answer: unwrap(await within(asking, deadlineMs)) }
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown
    throw new AppError('unavailable', `The collection does not answer: ${messageOf(thrown)}.`, { cause: thrown })
  }
}

async function encode(
  encoder: Encoder,
  texts: string[],
  deadlineMs: number,
  options: EmbedOptions,
  now: () => number,
): Promise<{ stage: RetrievalStage; vectors?: Float32Array[] }> {
  const startedAt = now()
  const stage = { name: 'encode', ms: 0 } as const
  try {
    const rows = await withDeadline(Math.max(1, Math.floor(deadlineMs)), (signal) =>
      within(encoder.embed(texts, { ...options, signal }), deadlineMs),
    )
    const vectors = rows.map((row) => Float32Array.from(row))
    return { stage: { ...stage, status: 'done', ms: now() - startedAt, candidates: vectors.length }, vectors }
  } catch (thrown) {
    // A tenant over its budget must hear of it, and not take the answer of words alone for all there is.
    if (thrown instanceof AppError && thrown.code === 'over_budget') throw thrown
    const reason = `The encoder ${encoder.model} does not answer: ${messageOf(thrown)}.`
    return { stage: { ...stage, status: 'failed', ms: now() - startedAt, reason } }
  }
}

/** Vectors of all passages, or undefined when the encoder does not answer: the collection makes them later, and finds by words until then. */
async function embedPassages(
  encoder: Encoder,
  { documentId, chunks }: IndexedDocument,
  payer: Payer | undefined,
): Promise<Float32Array | undefined> {
  const vectors = new Float32Array(chunks.length * encoder.dimensions)
  for (let start = 0; start < chunks.length; start += PASSAGES_PER_BATCH) {
    const batch = chunks.slice(start, start + PASSAGES_PER_BATCH)
    // The heading path tells what a passage is about when its own sentences do not.
    const texts = batch.map(({ context, text }) => (context === '' ? text : `${context}\n${text}`))
    try {
      const rows = await encoder.embed(texts, { documentId, ...(payer && { payer }) })
      for (const [row, vector] of rows.entries()) vectors.set(vector, (start + row) * encoder.dimensions)
    } catch (thrown) {
      // Over its budget a tenant must hear of it; a dead encoder comes back.
      if (thrown instanceof AppError && thrown.code !== 'unavailable' && thrown.code !== 'rate_limited') throw thrown
      return undefined
    }
  }
  return vectors
}
