import { and, eq, inArray, sql } from 'drizzle-orm'
import type { VectorStore } from './cached-encoder'
import { openD1 } from './d1'
import { documentDeletions, embeddings } from './schema'
import { packVector, unpackVector } from './vector-bytes'

/** D1 binds 100 values to a statement; a few go to the other conditions. */
const HASHES_PER_QUERY = 90
/** Five values a row. */
const ROWS_PER_INSERT = 18

/** Vectors of one tenant in D1. */
export function createD1Vectors(binding: D1Database, tenantId: string, clock: { now(): Date }): VectorStore {
  const db = openD1(binding)
  return {
    async find(model, hashes) {
      const known = new Map<string, number[]>()
      for (const some of batches(hashes, HASHES_PER_QUERY)) {
        const wanted = and(eq(embeddings.tenantId, tenantId), eq(embeddings.model, model), inArray(embeddings.hash, some))
        const rows = await db.select({ hash: embeddings.hash, vector: embeddings.vector }).from(embeddings).where(wanted)
        for (const { hash, vector } of rows) known.set(hash, unpackVector(vector))
      }
      return known
    },
    async store(model, vectors, documentId) {
      const createdAt = clock.now().toISOString()
      const rows = vectors.map(({ hash, vector }) => ({
        tenantId,
        model,
        hash,
        vector: packVector(vector),
        documentId: documentId ?? null,
        createdAt,
      }))
      for (const some of batches(rows, ROWS_PER_INSERT - 2)) await db.insert(embeddings).values(some).onConflictDoNothing()
      if (documentId === undefined) return
      // Its text may have been under way while it was deleted.
      const ofDeleted = sql`exists (select 1 from ${documentDeletions} where ${documentDeletions.tenantId} = ${tenantId} and ${documentDeletions.documentId} = ${documentId})`
      await db.delete(embeddings).where(and(eq(embeddings.tenantId, tenantId), eq(embeddings.documentId, documentId), ofDeleted))
    },
  }
}

function batches<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}
