import type { Refusal } from '../../workers/domain/error'
import type { StepStatus, StepView } from '../../workers/domain/runs'

export type StepRow = {
  position: number
  key: string
  step_id: string
  scope: string
  kind: string
  agent: string | null
  operation: string | null
  status: StepStatus
  attempt: number
  token: string
  interrupt_id: string | null
  input: string | null
  output: string | null
  output_ref: string | null
  error: string | null
  started_at: string | null
  ended_at: string | null
  cost_micro_usd: number
  provider: string | null
  degraded: number | null
}

/** An output as stored: JSON text in the row, or a key in the file store. */
export interface StoredOutput {
  output: string | null
  outputRef: string | null
}
export const NO_OUTPUT: StoredOutput = { output: null, outputRef: null }

/** Rows that `find` keeps: an advance asks for the same few again and again. */
const REMEMBERED_STEPS = 200

/** The step records of a run. */
export class Steps {
  private readonly found = new Map<string, StepRow | undefined>()
  private httpMayRun = true

  constructor(private readonly sql: SqlStorage) {}

  find(key: string): StepRow | undefined {
    if (this.found.has(key)) return this.found.get(key)
    const row = this.sql.exec<StepRow>('SELECT * FROM steps WHERE key = ?', key).toArray()[0]
    if (this.found.size >= REMEMBERED_STEPS) this.found.clear()
    this.found.set(key, row)
    return row
  }

  /** Steps of kind http whose attempt is under way. */
  runningHttp(): StepRow[] {
    if (!this.httpMayRun) return []
    const rows = this.sql.exec<StepRow>("SELECT * FROM steps WHERE kind = 'http' AND status = 'running'").toArray()
    this.httpMayRun = rows.length > 0
    return rows
  }

  /** Forgets what was found: after a rolled-back transaction. */
  reload(): void {
    this.found.clear()
    this.httpMayRun = true
  }

  list(): StepRow[] {
    return this.sql.exec<StepRow>('SELECT * FROM steps ORDER BY position').toArray()
  }

  count(): number {
    return this.sql.exec<{ count: number }>('SELECT COUNT(*) AS count FROM steps').one().count
  }

  withStatus(...statuses: StepStatus[]): StepRow[] {
    return this.sql
      .exec<StepRow>(`SELECT * FROM steps WHERE status IN (${statuses.map(() => '?').join(',')}) ORDER BY position`, ...statuses)
      .toArray()
  }

  has(...statuses: StepStatus[]): boolean {
    return (
      this.sql.exec(`SELECT 1 FROM steps WHERE status IN (${statuses.map(() => '?').join(',')}) LIMIT 1`, ...statuses).toArray().length > 0
    )
  }

  insert(step: Pick<StepRow, 'key' | 'step_id' | 'scope' | 'kind' | 'status'> & Partial<StepRow>): void {
    const row = {
      agent: null,
      operation: null,
      attempt: 1,
      token: '',
      interrupt_id: null,
      input: null,
      output: null,
      output_ref: null,
      error: null,
      started_at: null,
      ended_at: null,
      ...step,
    }
    this.changed(row.key)
    this.httpMayRun ||= row.kind === 'http'
    this.sql.exec(
      `INSERT OR REPLACE INTO steps (key, step_id, scope, kind, agent, operation, status, attempt, token, interrupt_id, input, output, output_ref, error, started_at, ended_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.key,
      row.step_id,
      row.scope,
      row.kind,
      row.agent,
      row.operation,
      row.status,
      row.attempt,
      row.token,
      row.interrupt_id,
      row.input,
      row.output,
      row.output_ref,
      row.error,
      row.started_at,
      row.ended_at,
    )
  }

  /** A new attempt with a new fencing token: reports of the old one change nothing from here on. */
  nextAttempt(key: string, status: StepStatus, token: string): void {
    this.changed(key)
    this.sql.exec('UPDATE steps SET status = ?, attempt = attempt + 1, token = ? WHERE key = ?', status, token, key)
  }

  setStatus(key: string, status: StepStatus, startedAt?: string): void {
    this.changed(key)
    this.httpMayRun ||= status === 'running'
    this.sql.exec('UPDATE steps SET status = ?, started_at = COALESCE(started_at, ?) WHERE key = ?', status, startedAt ?? null, key)
  }

  complete(key: string, stored: StoredOutput, at: string, error?: Refusal): void {
    this.changed(key)
    this.sql.exec(
      "UPDATE steps SET status = 'completed', output = ?, output_ref = ?, error = ?, ended_at = ?, started_at = COALESCE(started_at, ?) WHERE key = ?",
      stored.output,
      stored.outputRef,
      error === undefined ? null : JSON.stringify(error),
      at,
      at,
      key,
    )
  }

  fail(key: string, error: Refusal, at: string): void {
    this.changed(key)
    this.sql.exec("UPDATE steps SET status = 'failed', error = ?, ended_at = ? WHERE key = ?", JSON.stringify(error), at, key)
  }

  noteError(key: string, error: Refusal): void {
    this.changed(key)
    this.sql.exec('UPDATE steps SET error = ? WHERE key = ?', JSON.stringify(error), key)
  }

  charge(key: string, costMicroUsd: number, provider: string | undefined, degraded: boolean | undefined): void {
    this.changed(key)
    this.sql.exec(
      'UPDATE steps SET cost_micro_usd = cost_micro_usd + ?, provider = COALESCE(?, provider), degraded = COALESCE(?, degraded) WHERE key = ?',
      costMicroUsd,
      provider ?? null,
      degraded === undefined ? null : Number(degraded),
      key,
    )
  }

  /** Ends everything that has not ended, and says what that was. */
  cancelOpen(at: string): string[] {
    this.found.clear()
    return this.sql
      .exec<{ key: string }>(
        "UPDATE steps SET status = 'cancelled', ended_at = ? WHERE status IN ('pending', 'running', 'retrying', 'waiting') RETURNING key",
        at,
      )
      .toArray()
      .map((row) => row.key)
  }

  private changed(key: string): void {
    this.found.delete(key)
  }
}

/** The last attempt of a step may be given up only by whoever holds its token. */
export const holds = (step: StepRow | undefined, token: string): step is StepRow =>
  step !== undefined && step.token === token && step.status === 'running'

export function toStepView(row: StepRow): StepView {
  return {
    key: row.key,
    stepId: row.step_id,
    scope: row.scope,
    kind: row.kind,
    status: row.status,
    attempt: row.attempt,
    costMicroUsd: row.cost_micro_usd,
    ...(row.agent !== null && { agent: row.agent }),
    ...(row.operation !== null && { operation: row.operation }),
    ...(row.started_at !== null && { startedAt: row.started_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    ...(row.output !== null && { output: JSON.parse(row.output) }),
    ...(row.output_ref !== null && { outputRef: row.output_ref }),
    ...(row.error !== null && { error: JSON.parse(row.error) }),
    ...(row.provider !== null && { provider: row.provider }),
    ...(row.degraded !== null && { degraded: row.degraded === 1 }),
  }
}
