import { and, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Deletions } from '../domain/document-deletion'
import { openD1 } from './d1'
import { findHoldOnDocuments } from './d1-legal-holds'
import { storageCount } from './d1-tenant-storage'
import { collectionDocuments, documentClasses, documentDeletions, documentFingerprints, documents, runs } from './schema'

/** D1 binds 100 values to a statement; a few go to the other conditions. */
const IDS_PER_STATEMENT = 90
/** Five values a row. */
const ROWS_PER_INSERT = 18
/** Deletions that one sweep goes on with: each is a few dozen requests. */
export const MAX_OPEN_DELETIONS = 20

/** Deletions of documents of one tenant in D1. */
export function createD1Deletions(binding: D1Database, tenantId: string): Deletions {
  const db = openD1(binding)
  const mine = eq(documentDeletions.tenantId, tenantId)
  return {
    async familyOf(documentId) {
      const rows = await db.all<{ id: string }>(sql`with recursive family(id) as (
        select id from documents where tenant_id = ${tenantId} and id = ${documentId}
        union select document_id from document_deletions where tenant_id = ${tenantId} and root_id = ${documentId} and finished_at is null
        union select child.id from family join documents child on child.tenant_id = ${tenantId} and child.parent_id = family.id
      ) select id from family order by id`)
      return rows.map(({ id }) => id)
    },
    async findRunAtWork(documentIds) {
      for (const ids of batches(documentIds, IDS_PER_STATEMENT)) {
        // As the partial index has it, or every run of the tenant would be read.
        const atWork = sql`${runs.status} in ('running', 'waiting')`
        const held = and(eq(runs.tenantId, tenantId), inArray(runs.documentId, ids), atWork)
        const [row] = await db.select({ id: runs.id }).from(runs).where(held).limit(1)
        if (row !== undefined) return row.id
      }
      return undefined
    },
    findHold: (documentIds) => findHoldOnDocuments(binding, tenantId, documentIds),
    async begin(rootId, family, begunAt) {
      const marks = batches(family, ROWS_PER_INSERT).map((ids) =>
        db
          .insert(documentDeletions)
          .values(ids.map((documentId) => ({ tenantId, documentId, rootId, begunAt, finishedAt: null })))
          .onConflictDoUpdate({ target: [documentDeletions.tenantId, documentDeletions.documentId], set: { rootId, finishedAt: null } }),
      )
      const { count, giveBack } = storageCount(db, tenantId)
      const removals = batches(family, IDS_PER_STATEMENT).flatMap((ids) => [
        // Before their rows go: again there are none, and nothing is given back twice.
        giveBack(ids),
        db
          .delete(documentFingerprints)
          .where(and(eq(documentFingerprints.tenantId, tenantId), inArray(documentFingerprints.documentId, ids))),
        db.delete(documents).where(and(eq(documents.tenantId, tenantId), inArray(documents.id, ids))),
        db.delete(documentClasses).where(and(eq(documentClasses.tenantId, tenantId), inArray(documentClasses.documentId, ids))),
      ])
      const [first, ...rest] = [...marks, count, ...removals]
      if (first !== undefined) await db.batch([first, ...rest])
    },
    async finish(rootId, finishedAt) {
      const begun = and(mine, eq(documentDeletions.rootId, rootId), isNull(documentDeletions.finishedAt))
      const ids = db.select({ id: documentDeletions.documentId }).from(documentDeletions).where(begun)
      await db.batch([
        db.delete(collectionDocuments).where(and(eq(collectionDocuments.tenantId, tenantId), inArray(collectionDocuments.documentId, ids))),
        db.update(documentDeletions).set({ finishedAt }).where(begun),
      ])
    },
    async isDeleted(documentId) {
      const marked = and(mine, eq(documentDeletions.documentId, documentId))
      return (await db.select({ id: documentDeletions.documentId }).from(documentDeletions).where(marked).limit(1)).length > 0
    },
  }
}

/** Deletions of all tenants that were begun before a time and broke off. */
export async function listOpenDeletions(
  binding: D1Database,
  begunBefore: string,
  limit = MAX_OPEN_DELETIONS,
): Promise<{ tenantId: string; documentId: string }[]> {
  return await openD1(binding)
    .selectDistinct({ tenantId: documentDeletions.tenantId, documentId: documentDeletions.rootId })
    .from(documentDeletions)
    .where(and(isNull(documentDeletions.finishedAt), lt(documentDeletions.begunAt, begunBefore)))
    .limit(limit)
}

/** Forgets deletions of all tenants that came to their end before a time; gives how many documents. */
export async function forgetDeletions(binding: D1Database, finishedBefore: string): Promise<number> {
  const old = and(isNotNull(documentDeletions.finishedAt), lt(documentDeletions.finishedAt, finishedBefore))
  return (await openD1(binding).delete(documentDeletions).where(old)).meta.changes
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}
