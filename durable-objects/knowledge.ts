import { DurableObject } from 'cloudflare:workers'
import { ok, type Result, refuse } from '../workers/domain/error'
import type { SearchHit } from '../workers/domain/knowledge'
import { deleteDocument, replaceDocument } from './knowledge/document-rows'
import { KnowledgeEntry, KnowledgeQuery, parse } from './knowledge/entry'
import { searchChunks } from './knowledge/retrieval'
import { KNOWLEDGE_SCHEMA } from './knowledge/schema'

/** The encoder that all vectors of a collection come from. */
export interface CollectionEncoder {
  model: string
  dimensions: number
}

export interface KnowledgeStats {
  documents: number
  chunks: number
  sizeBytes: number
  encoder?: CollectionEncoder
}

/**
 * The searchable documents of one collection of one tenant; the object's name is `${tenantId}/${collection}`.
 * Expected refusals are returned. All vectors of a collection come from one encoder, the one of the first document: products
 * of vectors of two encoders mean nothing, so another encoder is refused with reason `encoder_changed`.
 */
export class Knowledge extends DurableObject {
  readonly #storage: DurableObjectStorage

  constructor(context: DurableObjectState, env: Cloudflare.Env) {
    super(context, env)
    this.#storage = context.storage
    this.#storage.sql.exec(KNOWLEDGE_SCHEMA)
  }

  /** Adds a document or replaces it, whole or not at all. Doing it twice changes nothing. */
  index(entry: KnowledgeEntry): Result<{ chunks: number }> {
    const parsed = parse(KnowledgeEntry, entry, 'The document')
    if (!parsed.ok) return parsed
    const { document, encoder } = parsed.value
    return this.#storage.transactionSync(() => {
      const mismatch = this.#encoderMismatch(encoder)
      if (mismatch) return mismatch
      const { model, dimensions } = encoder
      this.#storage.sql.exec(
        'INSERT INTO encoder (one, model, dimensions) VALUES (1, ?, ?) ON CONFLICT (one) DO NOTHING',
        model,
        dimensions,
      )
      replaceDocument(this.#storage.sql, parsed.value)
      return ok({ chunks: document.chunks.length })
    })
  }

  /** The best passages for a query, by words and by meaning. A query without a word, or an empty collection, gives an empty list. */
  search(query: KnowledgeQuery): Result<SearchHit[]> {
    const parsed = parse(KnowledgeQuery, query, 'The query')
    if (!parsed.ok) return parsed
    return this.#encoderMismatch(parsed.value.encoder) ?? ok(searchChunks(this.#storage.sql, parsed.value))
  }

  /** Removes a document; one that is not there is no error. A collection without documents takes any encoder again. */
  remove(documentId: string): Result<{ removed: boolean }> {
    const { sql } = this.#storage
    return this.#storage.transactionSync(() => {
      const removed = sql.exec('SELECT 1 FROM documents WHERE id = ?', documentId).toArray().length > 0
      deleteDocument(sql, documentId)
      sql.exec('DELETE FROM encoder WHERE NOT EXISTS (SELECT 1 FROM documents)')
      return ok({ removed })
    })
  }

  stats(): Result<KnowledgeStats> {
    const { sql } = this.#storage
    const counts = sql
      .exec<{ documents: number; chunks: number }>('SELECT count(*) AS documents, coalesce(sum(chunk_count), 0) AS chunks FROM documents')
      .one()
    return ok({ ...counts, sizeBytes: sql.databaseSize, encoder: this.#encoder() })
  }

  #encoder(): CollectionEncoder | undefined {
    const [row] = this.#storage.sql.exec<{ model: string; dimensions: number }>('SELECT model, dimensions FROM encoder').toArray()
    return row
  }

  #encoderMismatch({ model, dimensions }: CollectionEncoder): Result<never> | undefined {
    const current = this.#encoder()
    if (!current || (current.model === model && current.dimensions === dimensions)) return undefined
    return refuse(
      'conflict',
      `The collection was indexed with the encoder ${current.model}, not ${model}: remove its documents and index them again.`,
      {
        reason: 'encoder_changed',
      },
    )
  }
}
