/// <reference types="@cloudflare/vitest-plugin/types" />
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Knowledge } from '../../durable-objects/knowledge'
import { deleteVectors, scanVectors, writeVectors } from '../../durable-objects/knowledge/vector-rows'
import type { StoredVector, VectorIndex, VectorPartition } from '../../workers/domain/vectors'
import { vectorIndexContract } from '../contracts/vector-index'

const namespace = (env as { KNOWLEDGE: DurableObjectNamespace<Knowledge> }).KNOWLEDGE
const DIMENSIONS = 4

/** The vectors that a Knowledge object keeps itself, reached as the port of separate stores: both must behave alike. */
const inObject: VectorIndex = {
  dimensions: DIMENSIONS,
  batchSize: 500,
  upsert: async (partition, vectors) =>
    await inside(partition, (sql) => {
      for (const { chunk, document } of vectors) {
        forget(sql, chunk)
        sql.exec(
          `INSERT INTO chunks (number, id, document_id, text, context, span, length) VALUES (?, '', ?, '', '', '{}', 0)`,
          chunk,
          document,
        )
      }
      sql.exec(
        'INSERT OR IGNORE INTO generations (generation, model, dimensions, started_at) VALUES (?, ?, ?, ?)',
        partition.generation,
        'm',
        DIMENSIONS,
        '',
      )
      writeVectors(sql, partition.generation, numbersOf(vectors), valuesOf(vectors), DIMENSIONS)
    }),
  remove: async (partition, chunks) =>
    await inside(partition, (sql) => {
      for (const chunk of chunks) forget(sql, chunk)
    }),
  nearest: async ({ generation, ...partition }, vector, { limit, documents }) =>
    await inside({ generation, ...partition }, (sql) => {
      const rows = sql.exec<{ number: number; document_id: string }>('SELECT number, document_id FROM chunks').toArray()
      const allowed = new Set(rows.filter((row) => documents?.includes(row.document_id) ?? true).map(({ number }) => number))
      const { nearest } = scanVectors(sql, { generation, vector, limit, wanted: new Set(), allowed })
      return nearest.map(({ id, score }) => ({ chunk: id, product: score }))
    }),
  visible: async ({ generation, ...partition }, chunks) =>
    await inside({ generation, ...partition }, (sql) =>
      chunks.filter(
        (chunk) => sql.exec('SELECT 1 FROM chunk_vectors WHERE generation = ? AND number = ?', generation, chunk).toArray().length > 0,
      ),
    ),
}

const inside = async <T>({ tenantId, collection }: VectorPartition, work: (sql: SqlStorage) => T): Promise<T> =>
  await runInDurableObject(namespace.getByName(`${tenantId}/${collection}`), (_, { storage }) =>
    storage.transactionSync(() => work(storage.sql)),
  )
const numbersOf = (vectors: readonly StoredVector[]) => vectors.map(({ chunk }) => chunk)
const valuesOf = (vectors: readonly StoredVector[]) => Float32Array.from(vectors.flatMap(({ values }) => [...values]))

/** Deletes one chunk as a document of its own would be. */
function forget(sql: SqlStorage, chunk: number): void {
  sql.exec(`UPDATE chunks SET document_id = 'going' WHERE number = ?`, chunk)
  deleteVectors(sql, 'going')
  sql.exec(`DELETE FROM chunks WHERE document_id = 'going'`)
}

vectorIndexContract('the Knowledge object', () => ({ index: inObject, settle: () => undefined }))
