import { unwrap } from '../domain/error'
import type { FilePrefixes } from '../domain/file-prefixes'
import type { LegalHolds } from '../domain/legal-holds'
import type { RunObject } from '../domain/run-control'
import { createRunPurge, type RunPurge } from '../domain/run-purge'
import type { RunStatus } from '../domain/runs'

/** Tables with rows of a run, the list row last. What a run cost stays in the usage, which names no person. */
const TABLES = ['reports', 'prompt_uses', 'received_mails', 'idempotency_keys']

/** The bytes of the run's reports are no longer counted; it stands before the rows go. */
const FREED_BYTES = `update tenant_storage set bytes = bytes - (select coalesce(sum(bytes), 0) from reports where tenant_id = ?1 and run_id = ?2)
  where tenant_id = ?1`

export interface RunPurgeOptions {
  binding: D1Database
  tenantId: string
  namespace: { getByName(name: string): Pick<RunObject, 'purge'> }
  prefixes: FilePrefixes
  holds: Pick<LegalHolds, 'findForRun'>
}

/** Destroys runs of one tenant: their objects, files and rows. */
export function createD1RunPurge({ binding, tenantId, namespace, prefixes, holds }: RunPurgeOptions): RunPurge {
  const prepared = (text: string, runId: string) => binding.prepare(text).bind(tenantId, runId)
  return createRunPurge({
    findHold: holds.findForRun,
    findStatus: async (runId) =>
      (await prepared('select status from runs where tenant_id = ? and id = ?', runId).first<{ status: RunStatus }>())?.status,
    listReports: async (runId) =>
      (await prepared('select id from reports where tenant_id = ? and run_id = ?', runId).all<{ id: string }>()).results.map(
        ({ id }) => id,
      ),
    purgeObject: async (runId) => void unwrap(await namespace.getByName(`${tenantId}/${runId}`).purge()),
    removeFilesBelow: prefixes.remove,
    removeRows: async (runId) => {
      await binding.batch([
        prepared(FREED_BYTES, runId),
        ...TABLES.map((table) => prepared(`delete from ${table} where tenant_id = ? and run_id = ?`, runId)),
        prepared('delete from runs where tenant_id = ? and id = ?', runId),
      ])
    },
  })
}
