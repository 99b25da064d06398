import { eq, type SQL, sql } from 'drizzle-orm'
import type { Cutoffs, KeptEvent, Retention } from '../domain/retention'
import { RetentionRules } from '../domain/retention'
import { type D1, openD1 } from './d1'
import { heldDocuments } from './d1-legal-holds'
import type { Shards } from './d1-shards'
import { retentionRules } from './schema'

/** Rows of one kind of entry of a tenant that are from before a time. */
const OLD_EVENTS = {
  cachedAnswers: (tenantId, before) => [sql`model_answers`, sql`tenant_id = ${tenantId} and created_at < ${before}`],
  receivedMails: (tenantId, before) => [sql`received_mails`, sql`tenant_id = ${tenantId} and received_at < ${before}`],
  signIns: (tenantId, before) => [sql`sessions`, sql`tenant_id = ${tenantId} and coalesce(revoked_at, used_at, expires_at) < ${before}`],
  usage: (tenantId, before) => [sql`usage`, sql`tenant_id = ${tenantId} and at < ${before}`],
} as const satisfies Record<KeptEvent, (tenantId: string, before: string) => [table: SQL, where: SQL]>

/** Retention of one tenant in D1: sign-ins are of the directory, all else is content. */
export function createD1Retention(shards: Shards, tenantId: string): Retention {
  const db = openD1(shards.content)
  const accounts = openD1(shards.directory)
  const remove = async (from: D1, [table, where]: readonly [SQL, SQL], limit: number) =>
    (await from.run(sql`delete from ${table} where (rowid) in (select rowid from ${table} where ${where} limit ${limit})`)).meta.changes
  return {
    read: async () => {
      const [row] = await db.select({ rules: retentionRules.rules }).from(retentionRules).where(eq(retentionRules.tenantId, tenantId))
      return row && RetentionRules.parse(row.rules)
    },
    save: async (rules, updatedAt) => {
      await db
        .insert(retentionRules)
        .values({ tenantId, rules, updatedAt })
        .onConflictDoUpdate({ target: retentionRules.tenantId, set: { rules, updatedAt } })
    },
    listDueDocuments: async (cutoffs, limit) => {
      const rows = await db.all<{ id: string }>(sql`with recursive ${heldDocuments(tenantId)}
        select d.id from documents d left join document_classes c on c.tenant_id = d.tenant_id and c.document_id = d.id
        where d.tenant_id = ${tenantId} and d.parent_id is null and d.created_at < ${dueBefore(cutoffs, sql`c.class`)}
          and d.id not in (select id from held_documents)
          and not exists (select 1 from runs r where r.tenant_id = ${tenantId} and r.document_id = d.id and r.status in ('running', 'waiting'))
        order by d.created_at, d.id limit ${limit}`)
      return rows.map(({ id }) => id)
    },
    listDueRuns: async (cutoffs, limit) => {
      const rows = await db.all<{ id: string }>(sql`with recursive ${heldDocuments(tenantId)}
        select id from runs where tenant_id = ${tenantId} and status in ('completed', 'failed', 'cancelled')
          and coalesce(ended_at, updated_at) < ${dueBefore(cutoffs, sql`workflow`)}
          and id not in (select id from legal_holds where tenant_id = ${tenantId} and kind = 'run')
          and (document_id is null or document_id not in (select id from held_documents))
        order by created_at, id limit ${limit}`)
      return rows.map(({ id }) => id)
    },
    removeEvents: async (kind, before, limit) => {
      const removed = await remove(kind === 'signIns' ? accounts : db, OLD_EVENTS[kind](tenantId, before), limit)
      if (kind === 'signIns')
        return (
          removed +
          (await remove(
            accounts,
            [sql`one_time_tokens`, sql`tenant_id = ${tenantId} and coalesce(used_at, expires_at) < ${before}`],
            limit,
          ))
        )
      return removed
    },
  }
}

/** The time of the name's own rule, or of the rule for all others; null where the rule keeps it, and nothing is before null. */
const dueBefore = ({ default: others, byName }: Cutoffs, name: SQL): SQL => {
  const rules = JSON.stringify(byName)
  return sql`case when ${name} in (select key from json_each(${rules})) then (select value from json_each(${rules}) where key = ${name}) else ${others} end`
}

/**
 * Tenants in order of their ids, for a sweep that takes a few at a time and begins anew behind the last. None that is being erased at the
 * time: an entry in its audit would make its object anew.
 */
export async function listTenantIds(
  binding: D1Database,
  { after, limit, at }: { after: string; limit: number; at: string },
): Promise<string[]> {
  const { results } = await binding
    .prepare('select id from tenants where id > ?1 and (erased_from is null or erased_from > ?2) order by id limit ?3')
    .bind(after, at, limit)
    .all<{ id: string }>()
  return results.map(({ id }) => id)
}

/** Tenants that are being erased at a time. */
export async function listErasedTenantIds(binding: D1Database, at: string): Promise<string[]> {
  const { results } = await binding.prepare('select id from tenants where erased_from <= ?').bind(at).all<{ id: string }>()
  return results.map(({ id }) => id)
}
