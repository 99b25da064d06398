/// <reference types="@cloudflare/vitest-plugin/types" />
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { Knowledge } from '../../durable-objects/knowledge'
import { unwrap } from '../../workers/domain/error'

const namespace = (env as { KNOWLEDGE: DurableObjectNamespace<Knowledge> }).KNOWLEDGE

/** What the first collections were made of. */
const FORMER = `
  CREATE TABLE documents (id TEXT PRIMARY KEY, name TEXT NOT NULL, chunk_count INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE metadata (document_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, value, document_id)) WITHOUT ROWID;
  CREATE TABLE chunks (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, document_id TEXT NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL, span TEXT NOT NULL
  );
  CREATE TABLE vector_packs (document_id TEXT NOT NULL, first_chunk INTEGER NOT NULL, pack BLOB NOT NULL, PRIMARY KEY (document_id, first_chunk)) WITHOUT ROWID;
  CREATE TABLE encoder (one INTEGER PRIMARY KEY CHECK (one = 1), model TEXT NOT NULL, dimensions INTEGER NOT NULL);
  CREATE VIRTUAL TABLE passages USING fts5(
    context, text, content = 'chunks', content_rowid = 'number', tokenize = 'porter unicode61 remove_diacritics 2'
  );
  INSERT INTO documents VALUES ('doc_a', 'a.pdf', 1);
  INSERT INTO metadata VALUES ('doc_a', 'class', 'invoice');
  INSERT INTO chunks VALUES (1, 'doc_a_0', 'doc_a', 'The invoice is due', '', '{"page":1,"start":0,"end":18,"quote":"The invoice is due"}');
  INSERT INTO passages (rowid, context, text) VALUES (1, '', 'The invoice is due');
  INSERT INTO encoder VALUES (1, 'first', 4);
`

it('reads a collection of the first shape, finds by words at once and makes its vectors anew', async () => {
  const collection = namespace.getByName('ten_former/notes')
  await runInDurableObject(collection, (_, { storage }) => {
    const tables = storage.sql.exec<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table' AND name IN
      ('passages', 'passage_terms', 'documents', 'chunks', 'facts', 'totals', 'generations', 'sketch_packs', 'chunk_vectors')`)
    for (const { name } of tables.toArray().reverse()) storage.sql.exec(`DROP TABLE ${name}`)
    storage.sql.exec(FORMER)
  })
  await evictDurableObject(collection)
  const { hits } = unwrap(
    await collection.search({
      tenantId: 'ten_former',
      texts: ['invoices'],
      limit: 5,
      filter: { class: 'invoice' },
      encoder: { model: 'first', dimensions: 4 },
      ranking: { vectorWeight: 1, leastProduct: 0.2, halfTrustLength: 0 },
      deadlineMs: 1_000,
    }),
  )
  expect(hits).toMatchObject([{ chunkId: 'doc_a_0', span: { start: 0, end: 18 } }])
  expect(unwrap(await collection.stats())).toMatchObject({
    documents: 1,
    chunks: 1,
    reembedding: { encoder: { model: 'first', dimensions: 4 }, doneChunks: 0 },
  })
})
