import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { LegalHold, type LegalHolds } from '../domain/legal-holds'
import { openD1 } from './d1'
import { legalHolds } from './schema'

/** Legal holds of one tenant in D1. */
export function createD1LegalHolds(binding: D1Database, tenantId: string): LegalHolds {
  const db = openD1(binding)
  const toHold = ({ tenantId: _, ...row }: typeof legalHolds.$inferSelect): LegalHold => row
  return {
    place: async (hold) => {
      await db
        .insert(legalHolds)
        .values({ tenantId, ...hold })
        .onConflictDoUpdate({
          target: [legalHolds.tenantId, legalHolds.kind, legalHolds.id],
          set: { reason: hold.reason, placedBy: hold.placedBy, placedAt: hold.placedAt },
        })
    },
    lift: async (kind, id) => {
      const one = and(eq(legalHolds.tenantId, tenantId), eq(legalHolds.kind, kind), eq(legalHolds.id, id))
      return (await db.delete(legalHolds).where(one)).meta.changes > 0
    },
    list: async () =>
      (await db.select().from(legalHolds).where(eq(legalHolds.tenantId, tenantId)).orderBy(desc(legalHolds.placedAt), legalHolds.id)).map(
        toHold,
      ),
    findForDocuments: (documentIds) => findHoldOnDocuments(binding, tenantId, documentIds),
    findForRun: async (runId) => {
      const [own] = await db
        .select()
        .from(legalHolds)
        .where(and(eq(legalHolds.tenantId, tenantId), eq(legalHolds.kind, 'run'), eq(legalHolds.id, runId)))
        .limit(1)
      if (own !== undefined) return toHold(own)
      const run = await db.all<{ documentId: string | null }>(
        sql`select document_id as documentId from runs where tenant_id = ${tenantId} and id = ${runId}`,
      )
      const documentId = run[0]?.documentId
      return documentId == null ? undefined : await findHoldOnDocuments(binding, tenantId, [documentId])
    },
  }
}

/** A hold that covers one of the documents: its own, one of what it was found in or of what was found in it, or one of its runs. */
export async function findHoldOnDocuments(
  binding: D1Database,
  tenantId: string,
  documentIds: readonly string[],
): Promise<LegalHold | undefined> {
  const asked = JSON.stringify(documentIds)
  const rows = await openD1(binding).all(sql`with recursive
    up(id) as (select value from json_each(${asked})
      union select parent_id from documents join up on documents.id = up.id where tenant_id = ${tenantId} and parent_id is not null),
    family(id) as (select id from up
      union select documents.id from documents join family on documents.parent_id = family.id
        where documents.tenant_id = ${tenantId} and family.id in (select value from json_each(${asked})))
    select kind, legal_holds.id as id, reason, placed_by as placedBy, placed_at as placedAt from legal_holds where tenant_id = ${tenantId}
      and ((kind = 'document' and id in (select id from family))
        or (kind = 'run' and id in (select runs.id from runs where runs.tenant_id = ${tenantId} and runs.document_id in (select id from family))))
    limit 1`)
  return rows[0] === undefined ? undefined : LegalHold.parse(rows[0])
}

/**
 * Ids of documents that must stay: held, of a held run, or with something held in them (`held` climbs to what it was found in).
 * A common table expression for statements that select from `held_documents`.
 */
export const heldDocuments = (tenantId: string): SQL => sql`held_documents(id) as (
    select id from legal_holds where tenant_id = ${tenantId} and kind = 'document'
    union select runs.document_id from runs join legal_holds on legal_holds.tenant_id = runs.tenant_id and legal_holds.id = runs.id
      where legal_holds.tenant_id = ${tenantId} and legal_holds.kind = 'run' and runs.document_id is not null
    union select documents.parent_id from documents join held_documents on documents.id = held_documents.id
      where documents.tenant_id = ${tenantId} and documents.parent_id is not null)`
