import type { Refusal } from '../../workers/domain/error'
import type { EffectView } from '../../workers/domain/runs'

export type EffectRow = {
  key: string
  id: string
  step_key: string
  kind: string
  target: string
  status: EffectView['status']
  attempts: number
  planned_at: string
  settled_at: string | null
  receipt: string | null
  error: string | null
}

/**
 * Effects of a run.
 *
 * 1. `act` is answered once for a key, and again only after the other side said that it did not happen.
 * 2. A pending effect whose attempt is gone is `unknown` and stays so until a read or a person settles or fails it.
 */
export class Ledger {
  constructor(private readonly sql: SqlStorage) {}

  find(key: string): EffectRow | undefined {
    return this.sql.exec<EffectRow>('SELECT * FROM effects WHERE key = ?', key).toArray()[0]
  }

  findById(id: string): EffectRow | undefined {
    return this.sql.exec<EffectRow>('SELECT * FROM effects WHERE id = ?', id).toArray()[0]
  }

  list(): EffectRow[] {
    return this.sql.exec<EffectRow>('SELECT * FROM effects ORDER BY planned_at, key').toArray()
  }

  plan(effect: Pick<EffectRow, 'key' | 'id' | 'step_key' | 'kind' | 'target'>, at: string): void {
    this.sql.exec(
      "INSERT INTO effects (key, id, step_key, kind, target, status, planned_at) VALUES (?, ?, ?, ?, ?, 'planned', ?)",
      effect.key,
      effect.id,
      effect.step_key,
      effect.kind,
      effect.target,
      at,
    )
  }

  /** Moves to pending for one try. */
  attempt(key: string): void {
    this.sql.exec("UPDATE effects SET status = 'pending', attempts = attempts + 1, error = NULL WHERE key = ?", key)
  }

  settle(key: string, receipt: unknown, at: string): void {
    this.sql.exec(
      "UPDATE effects SET status = 'settled', receipt = ?, settled_at = ?, error = NULL WHERE key = ?",
      JSON.stringify(receipt ?? null),
      at,
      key,
    )
  }

  fail(key: string, error: Pick<Refusal, 'message'> & { code: string }): void {
    this.sql.exec("UPDATE effects SET status = 'failed', error = ? WHERE key = ?", JSON.stringify(error), key)
  }

  markUnknown(key: string, reason: string): void {
    this.sql.exec(
      "UPDATE effects SET status = 'unknown', error = ? WHERE key = ?",
      JSON.stringify({ code: 'unavailable', message: reason }),
      key,
    )
  }

  pendingOf(stepKey: string): EffectRow[] {
    return this.sql.exec<EffectRow>("SELECT * FROM effects WHERE step_key = ? AND status = 'pending'", stepKey).toArray()
  }
}

export function toEffectView(row: EffectRow): EffectView {
  return {
    id: row.id,
    key: row.key,
    stepKey: row.step_key,
    kind: row.kind,
    target: row.target,
    status: row.status,
    attempts: row.attempts,
    plannedAt: row.planned_at,
    ...(row.settled_at !== null && { settledAt: row.settled_at }),
    ...(row.receipt !== null && { receipt: JSON.parse(row.receipt) }),
    ...(row.error !== null && { error: JSON.parse(row.error) }),
  }
}
