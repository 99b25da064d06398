/** Why a run wakes by itself. One alarm slot serves them all: it is set to the earliest. */
export type TimerKind = 'dispatch' | 'lease' | 'retry' | 'wait' | 'event_timeout' | 'approval_expiry' | 'project' | 'heartbeat'

export interface Timer {
  kind: TimerKind
  stepKey: string
  token: string
  wakeAt: number
}
type TimerRow = { kind: TimerKind; step_key: string; token: string; wake_at: number }

/**
 * Times at which the run must wake, as rows. They are mirrored in memory, because every commit asks for the earliest; what counts is
 * in the rows.
 */
export class Timers {
  private mirror: Map<string, Timer> | undefined

  constructor(private readonly sql: SqlStorage) {}

  set(kind: TimerKind, stepKey: string, wakeAt: number, token = ''): void {
    this.sql.exec('INSERT OR REPLACE INTO timers (kind, step_key, token, wake_at) VALUES (?, ?, ?, ?)', kind, stepKey, token, wakeAt)
    this.all().set(keyOf(kind, stepKey), { kind, stepKey, token, wakeAt })
  }

  clear(kind: TimerKind, stepKey: string): void {
    if (this.all().delete(keyOf(kind, stepKey))) this.sql.exec('DELETE FROM timers WHERE kind = ? AND step_key = ?', kind, stepKey)
  }

  clearStep(stepKey: string): void {
    this.remove((timer) => timer.stepKey === stepKey)
  }

  /** All but the projection, which outlives the run's end. */
  clearWork(): void {
    this.remove((timer) => timer.kind !== 'project')
  }

  /** Removes and returns what is due, earliest first. */
  takeDue(now: number): Timer[] {
    return this.remove((timer) => timer.wakeAt <= now).sort((a, b) => a.wakeAt - b.wakeAt)
  }

  next(): number | undefined {
    let earliest: number | undefined
    for (const { wakeAt } of this.all().values()) if (earliest === undefined || wakeAt < earliest) earliest = wakeAt
    return earliest
  }

  list(): Timer[] {
    return [...this.all().values()].sort((a, b) => a.wakeAt - b.wakeAt)
  }

  /** The table was made just now. */
  begin(): void {
    this.mirror = new Map()
  }

  /** Forgets the mirror: after a rolled-back transaction. */
  reload(): void {
    this.mirror = undefined
  }

  private remove(unwanted: (timer: Timer) => boolean): Timer[] {
    const removed = [...this.all().values()].filter(unwanted)
    for (const { kind, stepKey } of removed) this.clear(kind, stepKey)
    return removed
  }

  private all(): Map<string, Timer> {
    this.mirror ??= new Map(
      this.sql
        .exec<TimerRow>('SELECT * FROM timers')
        .toArray()
        .map((row) => [keyOf(row.kind, row.step_key), toTimer(row)]),
    )
    return this.mirror
  }
}

const keyOf = (kind: TimerKind, stepKey: string): string => `${kind} ${stepKey}`

const toTimer = (row: TimerRow): Timer => ({ kind: row.kind, stepKey: row.step_key, token: row.token, wakeAt: row.wake_at })
