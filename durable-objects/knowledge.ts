import { DurableObject } from 'cloudflare:workers'
import type { DumpedObject, DumpPage, DumpPart } from '../workers/domain/dumps'
import { ok, type Result } from '../workers/domain/error'
import type { CollectionStats, EncoderName, ExportedDocument, HeldDocument } from '../workers/domain/knowledge'
import { type GraphPage, GraphRequest } from '../workers/domain/knowledge-graph'
import type { Encoder } from '../workers/domain/models'
import { type Env, purseOf, vectorIndexOf } from '../workers/env'
import { createModels } from '../workers/tenant-models'
import { dumpPage } from './dump'
import { abortStored, endStillness, isStill, takePage } from './dump-import'
import type { CollectionTerms } from './knowledge/bm25'
import { deleteAllDocuments, deleteDocument, holdsSame, listDocuments, readDocuments, replaceDocument } from './knowledge/document-rows'
import { DUMPED_KNOWLEDGE } from './knowledge/dumped'
import { type ImportedDocuments, KnowledgeEntry, KnowledgeQuery, parse } from './knowledge/entry'
import { isOf, openGeneration, readGenerations } from './knowledge/generations'
import { createCommunities } from './knowledge/graph-communities'
import { readGraphPage } from './knowledge/graph-page'
import { createTermCounts } from './knowledge/passages'
import { createReembedding, paidInBackground } from './knowledge/reembedding'
import { createRemoteVectors, type RemoteVectors } from './knowledge/remote-vectors'
import { type Answered, searchChunks, type VectorSources } from './knowledge/retrieval'
import { readOwner, writeOwner } from './knowledge/settings'
import { readStats } from './knowledge/stats'
import { openTables } from './knowledge/tables'
import { nextUpkeep, runUpkeep, type UpkeepTask } from './knowledge/upkeep'
import { createUploading } from './knowledge/uploading'

/** What a search found; `encoder`: whose vectors answer, where the question's are not of it. */
export interface Found extends Answered {
  encoder?: EncoderName
}

/**
 * The searchable documents of one collection of one tenant; the object's name is `${tenantId}/${collection}`. Expected refusals are
 * returned. Products of vectors of two encoders mean nothing, so each generation of vectors comes from one; after a change of the
 * tenant's encoder the present vectors answer until those of the new one are whole.
 */
export class Knowledge extends DurableObject<Env> implements DumpedObject {
  readonly #storage: DurableObjectStorage
  readonly #tasks: UpkeepTask[]
  readonly #counts: () => CollectionTerms
  #isPurged = false
  readonly #remotes = new Map<string, RemoteVectors | undefined>()

  constructor(context: DurableObjectState, env: Env) {
    super(context, env)
    this.#storage = context.storage
    this.#storage.transactionSync(() => openTables(this.#storage.sql, now()))
    this.#counts = createTermCounts(this.#storage.sql)
    this.#tasks = [
      createReembedding(this.#storage, () => this.#encoder(), now),
      createUploading(this.#storage.sql, () => this.#remote(), now),
      createCommunities(this.#storage),
    ]
    // An alarm that was overdue when the process died may never fire by itself: put it back.
    context.blockConcurrencyWhile(async () => this.#arm())
  }

  /** Adds a document or replaces it, whole or not at all. Doing it twice changes nothing. */
  async index(entry: KnowledgeEntry): Promise<Result<{ chunks: number }>> {
    const taken = this.#take(entry, false)
    await this.#arm()
    return taken.ok ? ok({ chunks: taken.value.chunks }) : taken
  }

  /**
   * Takes exported documents, each whole or not at all; one that is there already, word for word, stays as it is. Their vectors are made in
   * the background.
   */
  async import({ documents, ...entry }: ImportedDocuments): Promise<Result<Result<{ chunks: number; isUnchanged: boolean }>[]>> {
    const taken = documents.map((document) => this.#take({ ...entry, document }, true))
    await this.#arm()
    return ok(taken)
  }

  #take(entry: KnowledgeEntry, unlessSame: boolean): Result<{ chunks: number; isUnchanged: boolean }> {
    const parsed = parse(KnowledgeEntry, entry, 'The document')
    if (!parsed.ok) return parsed
    const { document, tenantId } = parsed.value
    const { sql } = this.#storage
    const isUnchanged = unlessSame && holdsSame(sql, document)
    if (!isUnchanged)
      this.#storage.transactionSync(() => {
        writeOwner(sql, tenantId)
        replaceDocument(sql, parsed.value, now())
      })
    return ok({ chunks: document.chunks.length, isUnchanged })
  }

  /** The best passages for a question, by words and by meaning. A question without a word, or an empty collection, gives an empty list. */
  async search(query: KnowledgeQuery): Promise<Result<Found>> {
    const parsed = parse(KnowledgeQuery, query, 'The query')
    if (!parsed.ok) return parsed
    const { encoder, vectorsBy = encoder, tenantId } = parsed.value
    const { sql } = this.#storage
    if (readOwner(sql) === undefined) writeOwner(sql, tenantId)
    const { active } = readGenerations(sql)
    const isAnswered = isOf(active, vectorsBy)
    const found = await searchChunks(sql, parsed.value, this.#counts(), this.#sources(parsed.value))
    if (active !== undefined && !isOf(active, encoder)) await this.#turnTo(encoder)
    if (active === undefined || isAnswered) return ok(found)
    return ok({ ...found, encoder: { model: active.model, dimensions: active.dimensions } })
  }

  /** Removes a document; one that is not there is no error. A collection without documents takes any encoder again. */
  async remove(documentId: string): Promise<Result<{ removed: boolean }>> {
    const { sql } = this.#storage
    const removed = this.#storage.transactionSync(() => {
      const isThere = sql.exec('SELECT 1 FROM documents WHERE id = ?', documentId).toArray().length > 0
      deleteDocument(sql, documentId)
      sql.exec('DELETE FROM generations WHERE NOT EXISTS (SELECT 1 FROM documents)')
      return isThere
    })
    await this.#arm()
    return ok({ removed })
  }

  /** Removes all documents; what a separate store holds of them is removed in the background. */
  async clear(): Promise<Result<{ removed: number }>> {
    const { sql } = this.#storage
    const { removed } = sql.exec<{ removed: number }>('SELECT count(*) AS removed FROM documents').one()
    this.#storage.transactionSync(() => deleteAllDocuments(sql))
    await this.#arm()
    return ok({ removed })
  }

  /**
   * Destroys all that the object holds, once a separate vector store holds nothing of it either: `isMore` until then. Again it changes
   * nothing.
   */
  async purge(): Promise<Result<{ isMore: boolean }>> {
    if (!this.#isPurged) {
      this.#storage.transactionSync(() => deleteAllDocuments(this.#storage.sql))
      const remote = this.#remote()
      if (remote?.isPending()) await remote.exchange([], now())
      if (remote?.isPending()) return ok({ isMore: true })
    }
    this.#isPurged = true
    await this.#storage.deleteAlarm()
    await this.#storage.deleteAll()
    return ok({ isMore: false })
  }

  async dump(after: string): Promise<Result<DumpPage>> {
    return await dumpPage(this.#storage, after)
  }

  async takeDump(part: DumpPart): Promise<Result<null>> {
    return await takePage(this.ctx, DUMPED_KNOWLEDGE, part)
  }

  async startAnew(): Promise<never> {
    return await abortStored(this.ctx)
  }

  async awaken(): Promise<Result<null>> {
    if (endStillness(this.#storage.sql)) await this.#arm()
    return ok(null)
  }

  /** Up to `limit` whole documents after an id, in order of their ids; `''` begins. */
  documents(after: string, limit: number): Result<ExportedDocument[]> {
    return ok(readDocuments(this.#storage.sql, after, limit))
  }

  /** Up to `limit` documents after an id without their passages, in order of their ids; `''` begins. */
  list(after: string, limit: number): Result<HeldDocument[]> {
    return ok(listDocuments(this.#storage.sql, after, limit))
  }

  holds(documentId: string): Result<boolean> {
    return ok(this.#storage.sql.exec('SELECT 1 FROM documents WHERE id = ?', documentId).toArray().length > 0)
  }

  /** Begins to make vectors with another encoder; does nothing when they are of it, or being made. */
  async reembed(encoder: EncoderName): Promise<Result<{ pending: boolean }>> {
    await this.#turnTo(encoder)
    return ok({ pending: readGenerations(this.#storage.sql).next !== undefined })
  }

  /** A page of the entities, their edges and communities. */
  graph(request: GraphRequest): Result<GraphPage> {
    const parsed = parse(GraphRequest, request, 'The request')
    return parsed.ok ? ok(readGraphPage(this.#storage.sql, parsed.value)) : parsed
  }

  stats(): Result<CollectionStats> {
    return ok(readStats(this.#storage.sql, this.#remote() !== undefined))
  }

  override async alarm(): Promise<void> {
    const next = await runUpkeep(this.#storage.sql, this.#tasks, Date)
    if (next !== undefined) await this.#storage.setAlarm(next)
  }

  async #turnTo(encoder: EncoderName): Promise<void> {
    const { sql } = this.#storage
    if (readGenerations(sql).active !== undefined) this.#storage.transactionSync(() => openGeneration(sql, encoder, now()))
    await this.#arm()
  }

  #sources({ encoder, vectors, vectorsBy = encoder }: KnowledgeQuery): VectorSources {
    const { active } = readGenerations(this.#storage.sql)
    if (active === undefined) return {}
    if (vectors === undefined) return { reason: 'There is no vector of the question: only words were searched.' }
    if (!isOf(active, vectorsBy))
      return {
        reason: `The vectors are of the encoder ${active.model} until those of ${encoder.model} are whole: only words were searched.`,
      }
    const remote = this.#remote()
    return { generation: active, ...(remote && { remote }) }
  }

  #remote(): RemoteVectors | undefined {
    const owner = readOwner(this.#storage.sql)
    if (owner === undefined) return undefined
    if (!this.#remotes.has(owner)) {
      const index = vectorIndexOf(this.env)
      const collection = this.ctx.id.toString()
      this.#remotes.set(owner, index && createRemoteVectors(this.#storage.sql, index, { tenantId: owner, collection }))
    }
    return this.#remotes.get(owner)
  }

  async #encoder(): Promise<Encoder> {
    const owner = readOwner(this.#storage.sql) ?? ''
    return paidInBackground(await createModels(this.env, owner).encoder(), purseOf(this.env, owner))
  }

  async #arm(): Promise<void> {
    const next = nextUpkeep(this.#storage.sql, this.#tasks, Date)
    if (next === undefined || isStill(this.#storage.sql)) return
    const armed = await this.#storage.getAlarm()
    if (armed === null || armed > next) await this.#storage.setAlarm(next)
  }
}

const now = (): Date => new Date()
