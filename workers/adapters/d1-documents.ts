import { and, asc, desc, eq, gte, isNotNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { DocumentRecord } from '../domain/documents'
import { decodeCursor, pageOf } from '../domain/pages'
import type { Documents } from '../domain/ports'
import { insertOnce, openD1, withoutNulls } from './d1'
import { storageCount } from './d1-tenant-storage'
import { documentFingerprints, documents } from './schema'

type Row = typeof documents.$inferSelect

/** Rows of documents of one tenant in D1. A second document with the same bytes is refused with `conflict`; attachments are not. */
export function createD1Documents(binding: D1Database, tenantId: string): Documents {
  const db = openD1(binding)
  const mine = eq(documents.tenantId, tenantId)
  const first = async (condition: SQL | undefined) => {
    // Among equal bytes the one that came by itself goes before attachments.
    const [row] = await db
      .select()
      .from(documents)
      .where(and(mine, condition))
      .orderBy(asc(isNotNull(documents.parentId)), asc(documents.createdAt))
      .limit(1)
    return row && toRecord(row)
  }
  return {
    insert: async (document) => {
      const { count, add } = storageCount(db, tenantId)
      const rows = db.batch([count, db.insert(documents).values({ ...document, tenantId }), add(document.size)])
      await insertOnce(rows, 'A document with the same content is stored already.')
    },
    find: (id) => first(eq(documents.id, id)),
    findByHash: (sha256) => first(eq(documents.sha256, sha256)),
    claimFingerprint: async (fingerprint, documentId) => {
      const holder = documentFingerprints.documentId
      const isThere = sql`exists (select 1 from documents where tenant_id = ${tenantId} and id = ${holder})`
      const [row] = await db
        .insert(documentFingerprints)
        .values({ tenantId, fingerprint, documentId })
        .onConflictDoUpdate({
          target: [documentFingerprints.tenantId, documentFingerprints.fingerprint],
          set: { documentId: sql`case when ${isThere} then ${holder} else ${documentId} end` },
        })
        .returning({ documentId: holder })
      return row?.documentId ?? documentId
    },
    list: async ({ limit, cursor, createdFrom, createdTo, source, notSource, parentId }) => {
      const rows = await db
        .select()
        .from(documents)
        .where(
          and(
            mine,
            cursor === undefined ? undefined : isAfter(cursor),
            createdFrom === undefined ? undefined : gte(documents.createdAt, createdFrom),
            createdTo === undefined ? undefined : lt(documents.createdAt, createdTo),
            source === undefined ? undefined : sql`${documents.source} = ${source}`,
            notSource === undefined ? undefined : sql`${documents.source} <> ${notSource}`,
            parentId === undefined ? undefined : eq(documents.parentId, parentId),
          ),
        )
        .orderBy(desc(documents.createdAt), desc(documents.id))
        .limit(limit + 1)
      return pageOf(rows.map(toRecord), limit, (document) => ({ at: document.createdAt, id: document.id }))
    },
  }
}

/** Rows that come after the cursor in a list from the newest to the oldest. */
function isAfter(cursor: string): SQL | undefined {
  const { at, id } = decodeCursor(cursor)
  return or(lt(documents.createdAt, at), and(eq(documents.createdAt, at), lt(documents.id, id)))
}

function toRecord({ tenantId: _, ...row }: Row): DocumentRecord {
  return withoutNulls(row)
}
