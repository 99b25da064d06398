import { Span } from '../../workers/domain/documents'
import type { SearchHit } from '../../workers/domain/knowledge'
import type { KnowledgeQuery } from './entry'
import { toMatchQuery } from './match-query'
import { fuseRankings } from './rrf'
import { createTopK, scanPack } from './vectors'

/** How deep each ranking goes before they are fused. */
const CANDIDATES_PER_HIT = 5
const LEAST_CANDIDATES = 50
/** BM25 weights of the columns context and text. */
const COLUMN_WEIGHTS = '0.5, 1.0'
const WORDS_WEIGHT = 1

/** A condition on a `document_id` column, with its parameters. */
interface Scope {
  condition: string
  parameters: string[]
}

/** Chunks by BM25 and by meaning, fused by rank. A query without a single word finds nothing, because its vector means nothing. */
export function searchChunks(sql: SqlStorage, query: Omit<KnowledgeQuery, 'encoder'>): SearchHit[] {
  const match = toMatchQuery(query.text)
  if (match === undefined) return []
  const scope = toScope(query.filter ?? {})
  const candidates = Math.max(LEAST_CANDIDATES, query.limit * CANDIDATES_PER_HIT)
  const rankings = [
    { ids: rankByWords(sql, match, scope, candidates), weight: WORDS_WEIGHT },
    { ids: rankByVector(sql, query, scope, candidates), weight: query.ranking.vectorWeight },
  ]
  return fuseRankings(rankings, query.limit).map(({ id, score }) => readHit(sql, id, score))
}

function toScope(filter: Record<string, string>): Scope {
  const entries = Object.entries(filter)
  if (entries.length === 0) return { condition: 'TRUE', parameters: [] }
  const one = 'SELECT document_id FROM metadata WHERE name = ? AND value = ?'
  return { condition: `document_id IN (${entries.map(() => one).join(' INTERSECT ')})`, parameters: entries.flat() }
}

function rankByWords(sql: SqlStorage, match: string, scope: Scope, limit: number): number[] {
  // Rows of `chunks` are read only when a filter asks for them: a frequent word matches very many.
  const inScope = scope.parameters.length === 0 ? '' : `AND rowid IN (SELECT number FROM chunks WHERE ${scope.condition})`
  const rows = sql.exec<{ number: number }>(
    `SELECT rowid AS number FROM passages WHERE passages MATCH ? ${inScope} ORDER BY bm25(passages, ${COLUMN_WEIGHTS}), rowid LIMIT ?`,
    match,
    ...scope.parameters,
    limit,
  )
  return rows.toArray().map(({ number }) => number)
}

function rankByVector(
  sql: SqlStorage,
  { vector, ranking }: Pick<KnowledgeQuery, 'vector' | 'ranking'>,
  scope: Scope,
  limit: number,
): number[] {
  const nearest = createTopK(limit)
  // Row by row, so that a large collection passes through memory one pack at a time.
  for (const row of sql.exec<{ first_chunk: number; pack: ArrayBuffer }>(
    `SELECT first_chunk, pack FROM vector_packs WHERE ${scope.condition}`,
    ...scope.parameters,
  )) {
    scanPack(row.pack, vector, (index, product) => {
      if (product >= ranking.leastProduct) nearest.offer(row.first_chunk + index, product)
    })
  }
  return nearest.ids()
}

function readHit(sql: SqlStorage, number: number, score: number): SearchHit {
  const row = sql
    .exec<{ chunkId: string; documentId: string; name: string; text: string; span: string }>(
      `SELECT chunks.id AS chunkId, document_id AS documentId, name, text, span FROM chunks JOIN documents ON documents.id = document_id WHERE number = ?`,
      number,
    )
    .one()
  return { ...row, span: Span.parse(JSON.parse(row.span)), score }
}
