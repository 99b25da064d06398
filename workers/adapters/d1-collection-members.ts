import { and, asc, eq } from 'drizzle-orm'
import { openD1 } from './d1'
import { collectionDocuments, collections } from './schema'

/** D1 binds 100 values to a statement; a row has three. */
const ROWS_PER_INSERT = 30

/**
 * Which collections of a tenant may hold a document. A row comes before the passages, and goes only with the document or the collection:
 * were it taken with the passages, indexing at the same moment would leave a holder without one.
 */
export interface CollectionMembers {
  add(collection: string, documentIds: readonly string[]): Promise<void>
  removeCollection(collection: string): Promise<void>
  /** Those with a row. */
  holding(documentId: string): Promise<string[]>
  /** Collections from before there were rows: they must be asked themselves. */
  unlisted(): Promise<string[]>
}

export function createD1CollectionMembers(binding: D1Database, tenantId: string): CollectionMembers {
  const db = openD1(binding)
  const mine = eq(collectionDocuments.tenantId, tenantId)
  return {
    async add(collection, documentIds) {
      for (let start = 0; start < documentIds.length; start += ROWS_PER_INSERT) {
        const rows = documentIds.slice(start, start + ROWS_PER_INSERT).map((documentId) => ({ tenantId, collection, documentId }))
        await db.insert(collectionDocuments).values(rows).onConflictDoNothing()
      }
    },
    async removeCollection(collection) {
      await db.delete(collectionDocuments).where(and(mine, eq(collectionDocuments.collection, collection)))
    },
    async holding(documentId) {
      const rows = await db
        .select({ name: collectionDocuments.collection })
        .from(collectionDocuments)
        .where(and(mine, eq(collectionDocuments.documentId, documentId)))
        .orderBy(asc(collectionDocuments.collection))
      return rows.map(({ name }) => name)
    },
    async unlisted() {
      const rows = await db
        .select({ name: collections.name })
        .from(collections)
        .where(and(eq(collections.tenantId, tenantId), eq(collections.isListed, false)))
      return rows.map(({ name }) => name)
    },
  }
}
