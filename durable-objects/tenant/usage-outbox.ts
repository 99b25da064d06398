import type { Usage, UsageRow } from '../../workers/domain/usage'

/** D1 takes 1,000 queries an invocation; a batch is one statement a row. */
const BATCH = 100
/** A settled call that comes again after this has lost its effect: retries end long before. */
const REMEMBERED_MS = 3 * 86_400_000

/** Settled calls on their way to the usage table. A row stays until the table has it; the table ignores what it has. */
export class UsageOutbox {
  constructor(private readonly sql: SqlStorage) {}

  get isEmpty(): boolean {
    return this.sql.exec('SELECT 1 FROM calls WHERE is_projected = 0 LIMIT 1').toArray().length === 0
  }

  /** Writes everything that is not in the table yet. */
  async project(usage: Pick<Usage, 'insert'>): Promise<void> {
    for (;;) {
      const rows = this.sql
        .exec<{ id: string; row: string }>('SELECT id, row FROM calls WHERE is_projected = 0 ORDER BY settled_at LIMIT ?', BATCH)
        .toArray()
      if (rows.length === 0) return
      await usage.insert(rows.map(({ row }) => JSON.parse(row) as UsageRow))
      for (const { id } of rows) this.sql.exec('UPDATE calls SET is_projected = 1 WHERE id = ?', id)
    }
  }

  prune(now: number): void {
    this.sql.exec('DELETE FROM calls WHERE is_projected = 1 AND settled_at < ?', now - REMEMBERED_MS)
  }
}
