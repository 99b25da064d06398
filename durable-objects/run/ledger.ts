import type { Refusal } from '../../workers/domain/error'
import type { EffectView } from '../../workers/domain/runs'
import { Rows } from './rows'
import type { LateTables } from './tables'

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

const COLUMNS = [
  'key',
  'id',
  'step_key',
  'kind',
  'target',
  'status',
  'attempts',
  'planned_at',
  'settled_at',
  'receipt',
  'error',
] as const satisfies (keyof EffectRow)[]

/**
 * Effects of a run.
 *
 * 1. `act` is answered once for a key, and again only after the other side said that it did not happen.
 * 2. A pending effect whose attempt is gone is `unknown` and stays so until a read or a person settles or fails it.
 */
export class Ledger {
  private readonly rows: Rows<EffectRow>

  constructor(sql: SqlStorage, late: LateTables) {
    this.rows = new Rows(sql, { name: 'effects', key: 'key', columns: COLUMNS, order: 'planned_at', late })
  }

  find(key: string): EffectRow | undefined {
    return this.rows.find(key)
  }

  findById(id: string): EffectRow | undefined {
    return this.rows.any({ where: 'id = ?', bindings: [id], test: (row) => row.id === id })
  }

  list(): EffectRow[] {
    return this.rows.all()
  }

  plan(effect: Pick<EffectRow, 'key' | 'id' | 'step_key' | 'kind' | 'target'>, at: string): void {
    this.rows.put({ ...effect, status: 'planned', attempts: 0, planned_at: at, settled_at: null, receipt: null, error: null })
  }

  /** A person has seen the arguments and let them pass. */
  approve(key: string): void {
    this.rows.change(key, { status: 'approved' })
  }

  /** Moves to pending for one try. */
  attempt(key: string): void {
    const row = this.find(key)
    if (row !== undefined) this.rows.put({ ...row, status: 'pending', attempts: row.attempts + 1, error: null })
  }

  settle(key: string, receipt: unknown, at: string): void {
    this.rows.change(key, { status: 'settled', receipt: JSON.stringify(receipt ?? null), settled_at: at, error: null })
  }

  fail(key: string, error: Pick<Refusal, 'message'> & { code: string }): void {
    this.rows.change(key, { status: 'failed', error: JSON.stringify(error) })
  }

  markUnknown(key: string, reason: string): void {
    this.rows.change(key, { status: 'unknown', error: JSON.stringify({ code: 'unavailable', message: reason }) })
  }

  pendingOf(stepKey: string): EffectRow[] {
    return this.rows.select({
      where: "step_key = ? AND status = 'pending'",
      bindings: [stepKey],
      test: (row) => row.step_key === stepKey && row.status === 'pending',
    })
  }

  /** The run was made just now, without effects. */
  begin(): void {
    this.rows.begin()
  }

  /** Forgets what was found: after a rolled-back transaction. */
  reload(): void {
    this.rows.reload()
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
