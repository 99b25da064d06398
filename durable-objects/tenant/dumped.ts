import type { DumpedClass } from '../dump-import'
import { haveRows } from '../dump-tables'
import { AUDIT_TABLES } from './audit-log'
import { TENANT_TABLES } from './tables'

/** Written when the object is first asked for anything. */
const WRITTEN_AT_ONCE = ['settings']

/** The tenant's object as backups see it. */
export const DUMPED_TENANT: DumpedClass = {
  scripts: [TENANT_TABLES, AUDIT_TABLES],
  isEmpty: (sql) => !haveRows(sql, (name) => !WRITTEN_AT_ONCE.includes(name)),
}
