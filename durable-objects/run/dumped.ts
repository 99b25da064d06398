import type { DumpedClass } from '../dump-import'
import { CHECKPOINT_TABLES } from './checkpoint-tables'
import { ARCHIVE_TABLES, EFFECT_TABLES, OUTBOX_TABLES, RARE_TABLES, RUN_TABLES, WIDE_INDEXES } from './tables'

/** A run as backups see it. */
export const DUMPED_RUN: DumpedClass = {
  scripts: [RUN_TABLES, CHECKPOINT_TABLES, EFFECT_TABLES, OUTBOX_TABLES, RARE_TABLES, ARCHIVE_TABLES, WIDE_INDEXES],
  // A run has no table before it starts.
  isEmpty: (sql) => sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'run'").toArray().length === 0,
}
