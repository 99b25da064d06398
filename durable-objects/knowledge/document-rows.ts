import { canonicalJson } from '../../workers/domain/json'
import { ExportedDocument, type HeldDocument } from '../../workers/domain/knowledge'
import type { KnowledgeEntry } from './entry'
import { readFacts, writeFacts } from './filters'
import { dropGeneration, openGeneration, readGenerations } from './generations'
import { deleteAllGraph, deleteGraph, readGraph, writeGraph } from './graph-rows'
import { passageOf } from './passages'
import { deleteVectors, gatherSmallPacks, writeVectors } from './vector-rows'

/** Writes a document's rows in place of those it had. Without vectors they are made in the background. Call it inside one transaction. */
export function replaceDocument(sql: SqlStorage, { document, encoder, vectors }: Omit<KnowledgeEntry, 'tenantId'>, now: Date): void {
  deleteDocument(sql, document.documentId)
  const { documentId, chunks } = document
  sql.exec('INSERT INTO documents (id, name, chunk_count) VALUES (?, ?, ?)', documentId, document.name, chunks.length)
  writeFacts(sql, documentId, document.metadata)
  const numbers = chunks.map((chunk) => insertChunk(sql, documentId, chunk))
  if (document.graph !== undefined) writeGraph(sql, document.graph, numbers)
  const { generation } = openGeneration(sql, encoder, now)
  if (vectors === undefined) return
  writeVectors(sql, generation, numbers, vectors, encoder.dimensions)
  gatherSmallPacks(sql, generation)
}

function insertChunk(sql: SqlStorage, documentId: string, { id, text, context, span }: ExportedDocument['chunks'][number]): number {
  const { length } = passageOf({ number: 0, text, context })
  const { number } = sql
    .exec<{ number: number }>(
      'INSERT INTO chunks (id, document_id, text, context, span, length) VALUES (?, ?, ?, ?, ?, ?) RETURNING number',
      id,
      documentId,
      text,
      context,
      JSON.stringify(span),
      length,
    )
    .one()
  sql.exec('INSERT INTO passages (rowid, context, text) VALUES (?, ?, ?)', number, context, text)
  sql.exec('UPDATE totals SET chunks = chunks + 1, length = length + ?', length)
  return number
}

/** Deletes all rows of a document; does nothing when there are none. Call it inside one transaction. */
export function deleteDocument(sql: SqlStorage, documentId: string): void {
  deleteVectors(sql, documentId)
  deleteGraph(sql, documentId)
  // FTS5 keeps no text of its own here: it must be told what it indexed while the row is still there.
  sql.exec(
    `INSERT INTO passages (passages, rowid, context, text) SELECT 'delete', number, context, text FROM chunks WHERE document_id = ?`,
    documentId,
  )
  const { count, length } = sql
    .exec<{ count: number; length: number }>(
      'SELECT count(*) AS count, coalesce(sum(length), 0) AS length FROM chunks WHERE document_id = ?',
      documentId,
    )
    .one()
  sql.exec('UPDATE totals SET chunks = chunks - ?, length = length - ?', count, length)
  for (const table of ['chunks', 'facts']) sql.exec(`DELETE FROM ${table} WHERE document_id = ?`, documentId)
  sql.exec('DELETE FROM documents WHERE id = ?', documentId)
}

/** Deletes all rows of all documents. Call it inside one transaction. */
export function deleteAllDocuments(sql: SqlStorage): void {
  const { active, next } = readGenerations(sql)
  for (const generation of [next, active]) if (generation !== undefined) dropGeneration(sql, generation.generation)
  deleteAllGraph(sql)
  sql.exec(`INSERT INTO passages (passages) VALUES ('delete-all')`)
  for (const table of ['chunks', 'facts', 'documents']) sql.exec(`DELETE FROM ${table}`)
  sql.exec('UPDATE totals SET chunks = 0, length = 0')
}

/** A message from the object is at most 32 MiB; so many characters are far below, however they are written. */
const READ_CHARACTERS = 4_000_000

/** Up to `limit` documents after an id, in order of their ids, as they were indexed; fewer where they are long, but one at least. */
export function readDocuments(sql: SqlStorage, after: string, limit: number): ExportedDocument[] {
  const read: ExportedDocument[] = []
  let characters = 0
  for (const { documentId } of listDocuments(sql, after, limit)) {
    const size = sql
      .exec<{ size: number }>(
        'SELECT coalesce(sum(length(text) * 2 + length(context)), 0) AS size FROM chunks WHERE document_id = ?',
        documentId,
      )
      .one().size
    characters += size
    if (read.length > 0 && characters > READ_CHARACTERS) break
    read.push(...readDocument(sql, documentId))
  }
  return read
}

/** One document as it was indexed; empty when it is not there. */
function readDocument(sql: SqlStorage, documentId: string): ExportedDocument[] {
  const rows = sql.exec<{ id: string; name: string }>('SELECT id, name FROM documents WHERE id = ?', documentId).toArray()
  return rows.map(({ id, name }) => {
    const graph = readGraph(sql, id)
    return { documentId: id, name, metadata: readFacts(sql, id), chunks: readChunks(sql, id), ...(graph && { graph }) }
  })
}

/** Whether the document is there just so, but for the order and repetition of tags. */
export function holdsSame(sql: SqlStorage, document: ExportedDocument): boolean {
  const [held] = readDocument(sql, document.documentId)
  return held !== undefined && canonicalJson(comparable(held)) === canonicalJson(comparable(document))
}

const comparable = ({ metadata, ...document }: ExportedDocument): ExportedDocument => ({
  ...document,
  metadata: Object.fromEntries(
    Object.entries(metadata).flatMap(([name, value]) => {
      const tags = Array.isArray(value) ? [...new Set(value)].sort() : value
      return tags.length === 0 && Array.isArray(tags) ? [] : [[name, tags]]
    }),
  ),
})

/** Up to `limit` documents after an id without their passages, in order of their ids. */
export function listDocuments(sql: SqlStorage, after: string, limit: number): HeldDocument[] {
  return sql
    .exec<{ id: string; name: string; chunk_count: number }>(
      'SELECT id, name, chunk_count FROM documents WHERE id > ? ORDER BY id LIMIT ?',
      after,
      limit,
    )
    .toArray()
    .map(({ id, name, chunk_count }) => ({ documentId: id, name, metadata: readFacts(sql, id), chunks: chunk_count }))
}

function readChunks(sql: SqlStorage, documentId: string): ExportedDocument['chunks'] {
  return sql
    .exec<{ id: string; text: string; context: string; span: string }>(
      'SELECT id, text, context, span FROM chunks WHERE document_id = ? ORDER BY number',
      documentId,
    )
    .toArray()
    .map((row) => ExportedDocument.shape.chunks.element.parse({ ...row, span: JSON.parse(row.span) }))
}
