/**
 * Tables of one collection. `passages` is an FTS5 index over `chunks` without a copy of the text: each delete must tell it
 * the old text, which `document-rows.ts` does. Chunks of a document have consecutive numbers, so a pack of vectors names only the first.
 */
export const KNOWLEDGE_SCHEMA = `
  CREATE TABLE IF NOT EXISTS documents (id TEXT PRIMARY KEY, name TEXT NOT NULL, chunk_count INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS metadata (
    document_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, value, document_id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS metadata_by_document ON metadata (document_id);
  CREATE TABLE IF NOT EXISTS chunks (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, document_id TEXT NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL, span TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS chunks_by_document ON chunks (document_id);
  CREATE TABLE IF NOT EXISTS vector_packs (document_id TEXT NOT NULL, first_chunk INTEGER NOT NULL, pack BLOB NOT NULL, PRIMARY KEY (document_id, first_chunk)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS encoder (one INTEGER PRIMARY KEY CHECK (one = 1), model TEXT NOT NULL, dimensions INTEGER NOT NULL);
  CREATE VIRTUAL TABLE IF NOT EXISTS passages USING fts5(
    context, text, content = 'chunks', content_rowid = 'number', tokenize = 'porter unicode61 remove_diacritics 2'
  );
`
