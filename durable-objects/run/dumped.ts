import type { DumpedClass } from '../dump-import'
import { isTable } from '../dump-tables'
import { CHECKPOINT_TABLES } from './checkpoint-tables'
import { ARCHIVE_TABLES, EFFECT_TABLES, OUTBOX_TABLES, RARE_TABLES, RUN_TABLES, WIDE_INDEXES } from './tables'

/** A run as backups see it. */
export const DUMPED_RUN: DumpedClass = {
  scripts: [RUN_TABLES, CHECKPOINT_TABLES, EFFECT_TABLES, OUTBOX_TABLES, RARE_TABLES, ARCHIVE_TABLES, WIDE_INDEXES],
  // A run has no table before it starts.
  isEmpty: (sql) => !isTable(sql, 'run'),
  belongs: (sql, name, isWhole) => {
    const rows = isTable(sql, 'run') ? sql.exec<{ id: string; tenant_id: string }>('SELECT id, tenant_id FROM run').toArray() : []
    return rows.length <= 1 && (rows.length === 1 || !isWhole) && rows.every((row) => `${row.tenant_id}/${row.id}` === name)
  },
}
