/** Why a run wakes by itself. One alarm slot serves them all: it is set to the earliest. */
export type TimerKind = 'dispatch' | 'lease' | 'retry' | 'wait' | 'event_timeout' | 'approval_expiry' | 'project' | 'heartbeat'

export interface Timer {
  kind: TimerKind
  stepKey: string
  token: string
  wakeAt: number
}
type TimerRow = { kind: TimerKind; step_key: string; token: string; wake_at: number }

/** Times at which the run must wake, as rows: nothing that waits is kept in memory. */
export class Timers {
  constructor(private readonly sql: SqlStorage) {}

  set(kind: TimerKind, stepKey: string, wakeAt: number, token = ''): void {
    this.sql.exec('INSERT OR REPLACE INTO timers (kind, step_key, token, wake_at) VALUES (?, ?, ?, ?)', kind, stepKey, token, wakeAt)
  }

  clear(kind: TimerKind, stepKey: string): void {
    this.sql.exec('DELETE FROM timers WHERE kind = ? AND step_key = ?', kind, stepKey)
  }

  clearStep(stepKey: string): void {
    this.sql.exec('DELETE FROM timers WHERE step_key = ?', stepKey)
  }

  /** All but the projection, which outlives the run's end. */
  clearWork(): void {
    this.sql.exec("DELETE FROM timers WHERE kind <> 'project'")
  }

  /** Removes and returns what is due, earliest first. */
  takeDue(now: number): Timer[] {
    const rows = this.sql.exec<TimerRow>('DELETE FROM timers WHERE wake_at <= ? RETURNING *', now).toArray()
    return rows.map(toTimer).sort((a, b) => a.wakeAt - b.wakeAt)
  }

  next(): number | undefined {
    return this.sql.exec<{ wake_at: number | null }>('SELECT MIN(wake_at) AS wake_at FROM timers').one().wake_at ?? undefined
  }

  list(): Timer[] {
    return this.sql.exec<TimerRow>('SELECT * FROM timers ORDER BY wake_at').toArray().map(toTimer)
  }
}

const toTimer = (row: TimerRow): Timer => ({ kind: row.kind, stepKey: row.step_key, token: row.token, wakeAt: row.wake_at })
