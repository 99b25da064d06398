import { and, asc, eq, inArray } from 'drizzle-orm'
import { AppError } from '../domain/error'
import type { MailLog } from '../domain/mail'
import { openD1 } from './d1'
import { receivedMails } from './schema'

/** Mails that one tenant received, in D1. */
export function createD1MailLog(binding: D1Database, tenantId: string): MailLog {
  const db = openD1(binding)
  const standing = (workflow: string, keys: string[]) =>
    db
      .select({ documentId: receivedMails.documentId, runId: receivedMails.runId, isStarted: receivedMails.isStarted })
      .from(receivedMails)
      .where(and(eq(receivedMails.tenantId, tenantId), eq(receivedMails.workflow, workflow), inArray(receivedMails.key, keys)))
      .orderBy(asc(receivedMails.receivedAt), asc(receivedMails.runId))
      .limit(1)
  return {
    find: async (workflow, keys) => (await standing(workflow, keys))[0],
    claim: async ({ workflow, keys, documentId, runId, at }) => {
      if (keys.length === 0) throw new AppError('internal', 'A mail needs at least one key.')
      // Enters none of the keys when one of them stands for another run; a batch is one transaction.
      const insert = binding.prepare(
        `insert into received_mails (tenant_id, workflow, "key", document_id, run_id, received_at)
         select ?1, ?2, ?3, ?4, ?5, ?6
         where not exists (select 1 from received_mails where tenant_id = ?1 and workflow = ?2 and run_id <> ?5 and "key" in (select value from json_each(?7)))
         on conflict do nothing`,
      )
      await binding.batch(keys.map((key) => insert.bind(tenantId, workflow, key, documentId, runId, at, JSON.stringify(keys))))
      const [mail] = await standing(workflow, keys)
      if (mail === undefined) throw new AppError('unavailable', 'The mail could not be entered; deliver it again.')
      return mail
    },
    markStarted: async (workflow, runId) => {
      const is = and(eq(receivedMails.tenantId, tenantId), eq(receivedMails.workflow, workflow), eq(receivedMails.runId, runId))
      await db.update(receivedMails).set({ isStarted: true }).where(is)
    },
  }
}
