import type { LateTables } from './tables'

export interface OutboxRow {
  stepKey: string
  agent: string
  token: string
}

/**
 * Attempts that an agent has yet to claim, as rows: the truth of which a queue message is only a hint. What is known of the rows is
 * remembered, because most commits leave them alone and every commit asks.
 */
export class Outbox {
  private mayHoldRows = true
  private mayHoldUnsent = true

  constructor(
    private readonly sql: SqlStorage,
    private readonly tables: LateTables,
  ) {}

  put({ stepKey, agent, token }: OutboxRow): void {
    this.tables.ensure()
    this.sql.exec('INSERT OR REPLACE INTO outbox (step_key, agent, token) VALUES (?, ?, ?)', stepKey, agent, token)
    this.mayHoldRows = true
    this.mayHoldUnsent = true
  }

  /** Asks for one to be sent again. */
  resend(stepKey: string): void {
    this.tables.ensure()
    this.sql.exec('UPDATE outbox SET sends = 0 WHERE step_key = ?', stepKey)
    this.mayHoldUnsent = true
  }

  /** Marks as sent and gives what was not. The row stays until it is removed. */
  takeUnsent(): OutboxRow[] {
    if (!this.mayHoldUnsent || !this.tables.exist) return []
    this.mayHoldUnsent = false
    return this.sql
      .exec<{ step_key: string; agent: string; token: string }>(
        'UPDATE outbox SET sends = sends + 1 WHERE sends = 0 RETURNING step_key, agent, token',
      )
      .toArray()
      .map((row) => ({ stepKey: row.step_key, agent: row.agent, token: row.token }))
  }

  remove(stepKey: string): void {
    if (this.mayHoldRows && this.tables.exist) this.sql.exec('DELETE FROM outbox WHERE step_key = ?', stepKey)
  }

  clear(): void {
    if (this.mayHoldRows && this.tables.exist) this.sql.exec('DELETE FROM outbox')
    this.mayHoldRows = false
  }

  /** The tables were made just now. */
  begin(): void {
    this.mayHoldRows = false
    this.mayHoldUnsent = false
  }

  /** Forgets what it knew: after a rolled-back transaction. */
  reload(): void {
    this.mayHoldRows = true
    this.mayHoldUnsent = true
  }
}
