import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import type { Finding, OpenRequest, SubjectRequests } from '../domain/data-subjects'
import { openD1, withoutNulls } from './d1'
import { dataSubjectFindings, dataSubjectRequests } from './schema'

const MAX_LISTED = 200
/** Open requests that one sweep goes on with. */
export const MAX_OPEN_REQUESTS = 5

/** Requests of data subjects of one tenant in D1. */
export function createD1SubjectRequests(binding: D1Database, tenantId: string): SubjectRequests {
  const db = openD1(binding)
  const mine = eq(dataSubjectRequests.tenantId, tenantId)
  const ofRequest = (id: string) => and(eq(dataSubjectFindings.tenantId, tenantId), eq(dataSubjectFindings.requestId, id))
  return {
    insert: async (request) => {
      await db.insert(dataSubjectRequests).values({ tenantId, ...toRow(request) })
    },
    find: async (id) => {
      const [row] = await db
        .select()
        .from(dataSubjectRequests)
        .where(and(mine, eq(dataSubjectRequests.id, id)))
        .limit(1)
      return row && toRequest(row)
    },
    list: async () =>
      (await db.select().from(dataSubjectRequests).where(mine).orderBy(desc(dataSubjectRequests.id)).limit(MAX_LISTED)).map(toRequest),
    advance: async (request, findings) => {
      const rows = findings.map((finding) =>
        db
          .insert(dataSubjectFindings)
          .values({ tenantId, requestId: request.id, ...finding })
          .onConflictDoNothing(),
      )
      const standing = and(mine, eq(dataSubjectRequests.id, request.id), eq(dataSubjectRequests.revision, request.revision))
      const change = db
        .update(dataSubjectRequests)
        .set({ ...toRow(request), revision: request.revision + 1 })
        .where(standing)
        .returning({ id: dataSubjectRequests.id })
      // Findings of a portion that two did are the same ones.
      const [changed] = await db.batch([change, ...rows])
      return changed.length > 0
    },
    findings: async (id) => (await db.select().from(dataSubjectFindings).where(ofRequest(id))).map(toFinding),
    listUnacted: async (id, limit) =>
      (
        await db
          .select()
          .from(dataSubjectFindings)
          .where(and(ofRequest(id), isNull(dataSubjectFindings.outcome)))
          .limit(limit)
      ).map(toFinding),
    settle: async (id, { kind, ref, ...outcome }) => {
      const one = and(ofRequest(id), eq(dataSubjectFindings.kind, kind), eq(dataSubjectFindings.ref, ref))
      await db.update(dataSubjectFindings).set(outcome).where(one)
    },
  }
}

function toRow({ subject, sealed, cursor, endedAt, ...request }: OpenRequest) {
  const { kind: subjectKind, salt, sha256: subjectHash } = subject
  return { ...request, subjectKind, salt, subjectHash, sealed: sealed ?? null, cursor: cursor ?? null, endedAt: endedAt ?? null }
}

function toRequest({ tenantId: _, subjectKind, salt, subjectHash, ...row }: typeof dataSubjectRequests.$inferSelect): OpenRequest {
  return { ...withoutNulls(row), subject: { kind: subjectKind, salt, sha256: subjectHash } }
}

const toFinding = ({ tenantId: _, requestId: __, ...row }: typeof dataSubjectFindings.$inferSelect): Finding => withoutNulls(row)

/** Requests of all tenants but those in `erased` that nobody has worked on since a time, the longest waiting first. */
export async function listOpenSubjectRequests(
  binding: D1Database,
  { unchangedSince, erased, limit }: { unchangedSince: string; erased: readonly string[]; limit: number },
): Promise<{ tenantId: string; id: string }[]> {
  return await openD1(binding)
    .select({ tenantId: dataSubjectRequests.tenantId, id: dataSubjectRequests.id })
    .from(dataSubjectRequests)
    .where(
      and(
        eq(dataSubjectRequests.status, 'working'),
        lt(dataSubjectRequests.updatedAt, unchangedSince),
        sql`${dataSubjectRequests.tenantId} not in (select value from json_each(${JSON.stringify(erased)}))`,
      ),
    )
    .orderBy(dataSubjectRequests.updatedAt)
    .limit(limit)
}

/** Exports of a tenant that ended before a time. */
export async function listOldExports(binding: D1Database, tenantId: string, before: string): Promise<{ id: string; endedAt: string }[]> {
  const { results } = await binding
    .prepare(
      `select id, ended_at as endedAt from data_subject_requests where tenant_id = ? and kind = 'export' and ended_at < ? order by ended_at desc limit 20`,
    )
    .bind(tenantId, before)
    .all<{ id: string; endedAt: string }>()
  return results
}
