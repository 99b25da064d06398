import { Span } from '../../workers/domain/documents'
import type { EncoderName, ExportedDocument } from '../../workers/domain/knowledge'
import { replaceDocument } from './document-rows'
import { GRAPH_SCHEMA } from './graph-schema'
import { KNOWLEDGE_SCHEMA } from './schema'

/** Makes the tables of a collection; those of an earlier shape are turned into the present one. Call it inside a transaction. */
export function openTables(sql: SqlStorage, now: Date): void {
  const encoder = readFormerEncoder(sql)
  const documents = encoder === undefined ? [] : readFormerDocuments(sql)
  if (encoder !== undefined)
    for (const table of ['passages', 'chunks', 'metadata', 'vector_packs', 'encoder', 'documents']) sql.exec(`DROP TABLE ${table}`)
  sql.exec(KNOWLEDGE_SCHEMA)
  sql.exec(GRAPH_SCHEMA)
  // Its vectors have no sketches: they are made anew in the background.
  for (const document of documents) if (encoder) replaceDocument(sql, { document, encoder }, now)
}

/** The first shape had one encoder in a table of its own. */
function readFormerEncoder(sql: SqlStorage): EncoderName | undefined {
  const isFormer = sql.exec(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'encoder'`).toArray().length > 0
  if (!isFormer) return undefined
  const [row] = sql.exec<{ model: string; dimensions: number }>('SELECT model, dimensions FROM encoder').toArray()
  return row ?? { model: 'none', dimensions: 1 }
}

function readFormerDocuments(sql: SqlStorage): ExportedDocument[] {
  return sql
    .exec<{ id: string; name: string }>('SELECT id, name FROM documents')
    .toArray()
    .map(({ id, name }) => ({
      documentId: id,
      name,
      metadata: Object.fromEntries(
        sql
          .exec<{ name: string; value: string }>('SELECT name, value FROM metadata WHERE document_id = ?', id)
          .toArray()
          .map((fact) => [fact.name, fact.value]),
      ),
      chunks: sql
        .exec<{ id: string; text: string; context: string; span: string }>(
          'SELECT id, text, context, span FROM chunks WHERE document_id = ? ORDER BY number',
          id,
        )
        .toArray()
        .map((chunk) => ({ ...chunk, span: Span.parse(JSON.parse(chunk.span)) })),
    }))
}
