import type { KnowledgeEntry } from './entry'
import { packVectors, VECTORS_PER_PACK } from './vectors'

/** Writes a document's rows in place of those it had. Call it inside one transaction. */
export function replaceDocument(sql: SqlStorage, { document, encoder, vectors }: KnowledgeEntry): void {
  deleteDocument(sql, document.documentId)
  const { documentId, chunks } = document
  sql.exec('INSERT INTO documents (id, name, chunk_count) VALUES (?, ?, ?)', documentId, document.name, chunks.length)
  for (const [name, value] of Object.entries(document.metadata)) {
    sql.exec('INSERT INTO metadata (document_id, name, value) VALUES (?, ?, ?)', documentId, name, value)
  }
  const { first } = sql.exec<{ first: number }>('SELECT coalesce(max(number), 0) + 1 AS first FROM chunks').one()
  for (const [index, chunk] of chunks.entries()) {
    const number = first + index
    const { id, text, context } = chunk
    sql.exec(
      'INSERT INTO chunks (number, id, document_id, text, context, span) VALUES (?, ?, ?, ?, ?, ?)',
      number,
      id,
      documentId,
      text,
      context,
      JSON.stringify(chunk.span),
    )
    sql.exec('INSERT INTO passages (rowid, context, text) VALUES (?, ?, ?)', number, context, text)
  }
  for (let start = 0; start < chunks.length; start += VECTORS_PER_PACK) {
    const part = vectors.subarray(start * encoder.dimensions, (start + VECTORS_PER_PACK) * encoder.dimensions)
    sql.exec(
      'INSERT INTO vector_packs (document_id, first_chunk, pack) VALUES (?, ?, ?)',
      documentId,
      first + start,
      packVectors(part, encoder.dimensions).buffer,
    )
  }
}

/** Deletes all rows of a document; does nothing when there are none. Call it inside one transaction. */
export function deleteDocument(sql: SqlStorage, documentId: string): void {
  // FTS5 keeps no text of its own here: it must be told what it indexed while the row is still there.
  sql.exec(
    `INSERT INTO passages (passages, rowid, context, text) SELECT 'delete', number, context, text FROM chunks WHERE document_id = ?`,
    documentId,
  )
  for (const table of ['chunks', 'vector_packs', 'metadata']) sql.exec(`DELETE FROM ${table} WHERE document_id = ?`, documentId)
  sql.exec('DELETE FROM documents WHERE id = ?', documentId)
}
