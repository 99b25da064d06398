import type { ApprovalView } from '../../workers/domain/runs'
import type { LateTables } from './tables'

export type ApprovalRow = {
  id: string
  step_key: string
  title: string
  details: string
  status: ApprovalView['status']
  requested_at: string
  expires_at: string | null
  decided_at: string | null
  decided_by: string | null
  comment: string | null
}

/** Decisions that the run asks people for. */
export class Approvals {
  constructor(
    private readonly sql: SqlStorage,
    private readonly tables: LateTables,
  ) {}

  request(approval: Pick<ApprovalRow, 'id' | 'step_key' | 'title' | 'requested_at' | 'expires_at'> & { details: unknown }): void {
    this.tables.ensure()
    this.sql.exec(
      "INSERT OR REPLACE INTO approvals (id, step_key, title, details, status, requested_at, expires_at) VALUES (?, ?, ?, ?, 'open', ?, ?)",
      approval.id,
      approval.step_key,
      approval.title,
      JSON.stringify(approval.details ?? null),
      approval.requested_at,
      approval.expires_at,
    )
  }

  find(id: string): ApprovalRow | undefined {
    if (!this.tables.exist) return undefined
    return this.sql.exec<ApprovalRow>('SELECT * FROM approvals WHERE id = ?', id).toArray()[0]
  }

  openOf(stepKey: string): ApprovalRow | undefined {
    if (!this.tables.exist) return undefined
    return this.sql.exec<ApprovalRow>("SELECT * FROM approvals WHERE step_key = ? AND status = 'open'", stepKey).toArray()[0]
  }

  /** The newest approval that a step was given. */
  approvedOf(stepKey: string): ApprovalRow | undefined {
    if (!this.tables.exist) return undefined
    return this.sql
      .exec<ApprovalRow>("SELECT * FROM approvals WHERE step_key = ? AND status = 'approved' ORDER BY decided_at DESC LIMIT 1", stepKey)
      .toArray()[0]
  }

  /** Records what a person changed before letting it pass. */
  amend(id: string, details: unknown): void {
    this.sql.exec('UPDATE approvals SET details = ? WHERE id = ?', JSON.stringify(details), id)
  }

  decide(id: string, status: ApprovalRow['status'], decision: { at: string; by: string; comment?: string | undefined }): void {
    this.sql.exec(
      'UPDATE approvals SET status = ?, decided_at = ?, decided_by = ?, comment = ? WHERE id = ?',
      status,
      decision.at,
      decision.by,
      decision.comment ?? null,
      id,
    )
  }

  cancelOpen(at: string): void {
    if (!this.tables.exist) return
    this.sql.exec("UPDATE approvals SET status = 'cancelled', decided_at = ? WHERE status = 'open'", at)
  }

  list(): ApprovalRow[] {
    if (!this.tables.exist) return []
    return this.sql.exec<ApprovalRow>('SELECT * FROM approvals ORDER BY requested_at').toArray()
  }
}

/** Events from outside, stored before they are matched, so that one that comes before its wait is not lost. */
export class Mailbox {
  constructor(
    private readonly sql: SqlStorage,
    private readonly tables: LateTables,
  ) {}

  put(event: string, correlation: string, payload: unknown, at: string): void {
    this.tables.ensure()
    this.sql.exec(
      'INSERT INTO mailbox (event, correlation, payload, received_at) VALUES (?, ?, ?, ?)',
      event,
      correlation,
      JSON.stringify(payload ?? null),
      at,
    )
  }

  wait(stepKey: string, event: string, correlation: string): void {
    this.tables.ensure()
    this.sql.exec('INSERT OR REPLACE INTO waits (step_key, event, correlation) VALUES (?, ?, ?)', stepKey, event, correlation)
  }

  stopWaiting(stepKey: string): void {
    if (!this.tables.exist) return
    this.sql.exec('DELETE FROM waits WHERE step_key = ?', stepKey)
  }

  stopAllWaiting(): void {
    if (this.tables.exist) this.sql.exec('DELETE FROM waits')
  }

  waits(): { step_key: string; event: string; correlation: string }[] {
    if (!this.tables.exist) return []
    return this.sql.exec<{ step_key: string; event: string; correlation: string }>('SELECT * FROM waits').toArray()
  }

  /** The oldest stored event for the wait, taken for good. */
  take(stepKey: string, event: string, correlation: string): { payload: unknown; receivedAt: string } | undefined {
    if (!this.tables.exist) return undefined
    const row = this.sql
      .exec<{ payload: string; received_at: string }>(
        `UPDATE mailbox SET taken_by = ? WHERE id = (SELECT id FROM mailbox WHERE event = ? AND correlation = ? AND taken_by IS NULL ORDER BY id LIMIT 1)
         RETURNING payload, received_at`,
        stepKey,
        event,
        correlation,
      )
      .toArray()[0]
    return row && { payload: JSON.parse(row.payload), receivedAt: row.received_at }
  }
}

export function toApprovalView(row: ApprovalRow): ApprovalView {
  return {
    id: row.id,
    stepKey: row.step_key,
    title: row.title,
    details: JSON.parse(row.details),
    status: row.status,
    requestedAt: row.requested_at,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.decided_at !== null && { decidedAt: row.decided_at }),
    ...(row.decided_by !== null && { decidedBy: row.decided_by }),
    ...(row.comment !== null && { comment: row.comment }),
  }
}
