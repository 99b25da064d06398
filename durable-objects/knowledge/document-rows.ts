import { ExportedDocument } from '../../workers/domain/knowledge'
import type { KnowledgeEntry } from './entry'
import { readFacts, writeFacts } from './filters'
import { dropGeneration, openGeneration, readGenerations } from './generations'
import { passageOf } from './passages'
import { deleteVectors, gatherSmallPacks, writeVectors } from './vector-rows'

/** Writes a document's rows in place of those it had. Without vectors they are made in the background. Call it inside one transaction. */
export function replaceDocument(sql: SqlStorage, { document, encoder, vectors }: Omit<KnowledgeEntry, 'tenantId'>, now: Date): void {
  deleteDocument(sql, document.documentId)
  const { documentId, chunks } = document
  sql.exec('INSERT INTO documents (id, name, chunk_count) VALUES (?, ?, ?)', documentId, document.name, chunks.length)
  writeFacts(sql, documentId, document.metadata)
  const numbers = chunks.map((chunk) => insertChunk(sql, documentId, chunk))
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
  sql.exec(`INSERT INTO passages (passages) VALUES ('delete-all')`)
  for (const table of ['chunks', 'facts', 'documents']) sql.exec(`DELETE FROM ${table}`)
  sql.exec('UPDATE totals SET chunks = 0, length = 0')
}

/** Up to `limit` documents after an id, in order of their ids, as they were indexed. */
export function readDocuments(sql: SqlStorage, after: string, limit: number): ExportedDocument[] {
  const rows = sql.exec<{ id: string; name: string }>('SELECT id, name FROM documents WHERE id > ? ORDER BY id LIMIT ?', after, limit)
  return rows.toArray().map(({ id, name }) => ({ documentId: id, name, metadata: readFacts(sql, id), chunks: readChunks(sql, id) }))
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
