/**
 * Tables of one collection.
 *
 * 1. `passages` is an FTS5 index over `chunks` without a copy of the text: each delete must tell it the old text.
 *    Terms of deleted chunks go out of its pages at once (`secure-delete`), not when they are merged.
 * 2. Numbers of chunks and packs are never used again: a stale number, in a cache or in a vector store that forgets late, means nothing.
 * 3. A chunk has at most one vector a generation. `chunk_vectors.pack_id` and `vector` are null once a separate store alone holds it.
 * 4. The generation with the lowest number answers; a higher one is being made.
 */
export const KNOWLEDGE_SCHEMA = `
  CREATE TABLE IF NOT EXISTS documents (id TEXT PRIMARY KEY, name TEXT NOT NULL, chunk_count INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS facts (
    document_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, is_list INTEGER NOT NULL, moment REAL,
    PRIMARY KEY (name, value, document_id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS facts_by_document ON facts (document_id);
  CREATE INDEX IF NOT EXISTS facts_by_moment ON facts (name, moment) WHERE moment IS NOT NULL;
  CREATE TABLE IF NOT EXISTS chunks (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, document_id TEXT NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL,
    span TEXT NOT NULL, length REAL NOT NULL
  );
  CREATE INDEX IF NOT EXISTS chunks_by_document ON chunks (document_id);
  CREATE TABLE IF NOT EXISTS totals (one INTEGER PRIMARY KEY CHECK (one = 1), chunks INTEGER NOT NULL, length REAL NOT NULL);
  INSERT INTO totals (one, chunks, length) VALUES (1, 0, 0) ON CONFLICT DO NOTHING;
  CREATE VIRTUAL TABLE IF NOT EXISTS passages USING fts5(
    context, text, content = 'chunks', content_rowid = 'number', tokenize = 'porter unicode61 remove_diacritics 2'
  );
  INSERT INTO passages (passages, rank)
    SELECT 'secure-delete', 1 WHERE NOT EXISTS (SELECT 1 FROM passages_config WHERE k = 'secure-delete');
  CREATE VIRTUAL TABLE IF NOT EXISTS passage_terms USING fts5vocab('passages', 'row');
  CREATE TABLE IF NOT EXISTS generations (
    generation INTEGER PRIMARY KEY AUTOINCREMENT, model TEXT NOT NULL, dimensions INTEGER NOT NULL, started_at TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS sketch_packs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, generation INTEGER NOT NULL, size INTEGER NOT NULL, numbers BLOB NOT NULL, pack BLOB NOT NULL,
    sent_at TEXT, is_stored INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX IF NOT EXISTS sketch_packs_by_size ON sketch_packs (generation, size);
  CREATE TABLE IF NOT EXISTS chunk_vectors (
    generation INTEGER NOT NULL, number INTEGER NOT NULL, pack_id INTEGER, vector BLOB, PRIMARY KEY (generation, number)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS chunk_vectors_by_pack ON chunk_vectors (pack_id);
  CREATE TABLE IF NOT EXISTS vector_removals (generation INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (generation, number)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS upkeep (task TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_error TEXT, due_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`
