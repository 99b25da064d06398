import type { DumpedClass } from '../dump-import'
import { haveRows, isTable } from '../dump-tables'
import { AUDIT_TABLES } from './audit-log'
import { TENANT_TABLES } from './tables'

/** Written when the object is first asked for anything. */
const WRITTEN_AT_ONCE = ['settings']
/** What of the settings a tenant decides itself. The plan is the operator's. */
const OWN_SETTINGS = "'tenantId', 'ceilings'"

/** The tenant's object as backups see it. */
export const DUMPED_TENANT: DumpedClass = {
  scripts: [TENANT_TABLES, AUDIT_TABLES],
  isEmpty: (sql) => !haveRows(sql, (name) => !WRITTEN_AT_ONCE.includes(name)),
  belongs: (sql, name) => Object.entries(STRANGE).every(([table, isStrange]) => !isTable(sql, table) || !isStrange(sql, name)),
  settle: (sql) => void sql.exec(`DELETE FROM settings WHERE name NOT IN (${OWN_SETTINGS})`),
}

/** What no object of this name writes, by table. */
const STRANGE: Record<string, (sql: SqlStorage, tenantId: string) => boolean> = {
  settings: (sql, tenantId) =>
    sql.exec("SELECT 1 FROM settings WHERE name = 'tenantId' AND value <> ? LIMIT 1", JSON.stringify(tenantId)).toArray().length > 0,
  // Runs that wait are started as they stand here, and their objects take the tenant from the request.
  pending: (sql, tenantId) => {
    for (const row of sql.exec<{ run_id: string; request: string }>('SELECT run_id, request FROM pending'))
      if (!isOrderOf(row.request, tenantId, row.run_id)) return true
    return false
  },
  // Plans are held against these counts.
  counters: (sql) => sql.exec("SELECT 1 FROM counters WHERE typeof(value) <> 'integer' OR value < 0 LIMIT 1").toArray().length > 0,
  audit: (sql, tenantId) =>
    sql.exec("SELECT 1 FROM audit WHERE json_extract(entry, '$.tenantId') IS NOT ? LIMIT 1", tenantId).toArray().length > 0,
}

/** Read as the starter of runs reads it: of a name that is there twice, SQLite takes the first and `JSON.parse` the last. */
function isOrderOf(text: string, tenantId: string, runId: string): boolean {
  const request: unknown = parsed(text)
  if (typeof request !== 'object' || request === null) return false
  return 'tenantId' in request && request.tenantId === tenantId && 'runId' in request && request.runId === runId
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No order at all.
    return undefined
  }
}
