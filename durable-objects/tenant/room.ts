import { hasRoom, type Load, nextPriority, RUN_PRIORITIES, type RunPriority } from '../../workers/domain/admission'
import type { Plan } from '../../workers/domain/plans'
import type { StartRequest } from '../../workers/domain/run-control'
import type { PendingRun } from '../../workers/domain/tenant-control'

interface ActiveRun {
  workflow: string
  priority: RunPriority
  /** When it was last heard of. */
  seenAt: number
}
type ActiveRow = { run_id: string; workflow: string; priority: RunPriority; seen_at: number }
type PendingRow = { run_id: string; priority: RunPriority; request: string; created_at: string; failures: number }

/** Pauses between tries to start a pending run. */
const RETRY_MS = 2_000
const MAX_RETRY_MS = 60_000

/**
 * Who is at work and who waits for room.
 *
 * 1. Runs at work are counted in memory and saved by `save`, a moment later and many at once: a crash forgets at most the last moment.
 * 2. Runs that wait are rows from the first: nothing that was accepted is lost.
 */
export class Room {
  private readonly active = new Map<string, ActiveRun>()
  private readonly changed = new Set<string>()
  /** Runs that have a row. A short run has come and gone before the next `save`, and leaves none. */
  private readonly saved = new Set<string>()
  private readonly watchers = new Map<string, (() => void)[]>()
  private readonly counts: Load = { active: { interactive: 0, batch: 0 }, pending: { interactive: 0, batch: 0 }, startedToday: 0 }
  private day = ''

  constructor(private readonly sql: SqlStorage) {
    for (const row of sql.exec<ActiveRow>('SELECT * FROM active').toArray()) {
      this.active.set(row.run_id, { workflow: row.workflow, priority: row.priority, seenAt: row.seen_at })
      this.saved.add(row.run_id)
      this.counts.active[row.priority] += 1
    }
    for (const row of sql.exec<{ priority: RunPriority; count: number }>(
      'SELECT priority, COUNT(*) AS count FROM pending GROUP BY priority',
    ))
      this.counts.pending[row.priority] = row.count
  }

  load(at: Date): Load {
    const day = at.toISOString().slice(0, 10)
    if (day !== this.day) {
      this.day = day
      this.counts.startedToday =
        this.sql.exec<{ value: number }>('SELECT value FROM counters WHERE name = ?', `runs/${day}`).toArray()[0]?.value ?? 0
    }
    return this.counts
  }

  isActive(runId: string): boolean {
    return this.active.has(runId)
  }

  workflowOf(runId: string): string | undefined {
    return this.active.get(runId)?.workflow
  }

  countStart(at: Date): void {
    this.load(at).startedToday += 1
    this.changed.add('')
  }

  enter(runId: string, run: Omit<ActiveRun, 'priority'> & { priority?: RunPriority }): void {
    const known = this.active.get(runId)
    const priority = known?.priority ?? run.priority ?? 'interactive'
    if (known === undefined) this.counts.active[priority] += 1
    this.active.set(runId, { workflow: run.workflow, priority, seenAt: run.seenAt })
    this.changed.add(runId)
  }

  /** Whether it was at work. */
  leave(runId: string): boolean {
    const known = this.active.get(runId)
    if (known === undefined) return false
    this.active.delete(runId)
    this.counts.active[known.priority] -= 1
    this.changed.add(runId)
    for (const tell of this.watchers.get(runId) ?? []) tell()
    this.watchers.delete(runId)
    return true
  }

  async untilLeft(runId: string, mostMs: number): Promise<void> {
    if (!this.active.has(runId)) return
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, mostMs)
      const tell = () => {
        clearTimeout(late)
        resolve()
      }
      this.watchers.set(runId, [...(this.watchers.get(runId) ?? []), tell])
    })
  }

  /** Runs of which nothing was heard since. */
  silentSince(time: number): string[] {
    return [...this.active].filter(([, run]) => run.seenAt < time).map(([runId]) => runId)
  }

  get hasUnsaved(): boolean {
    return this.changed.size > 0
  }

  save(): void {
    if (this.changed.delete('')) {
      const name = `runs/${this.day}`
      this.sql.exec('INSERT OR REPLACE INTO counters (name, value) VALUES (?, ?)', name, this.counts.startedToday)
    }
    for (const runId of this.changed) this.saveRun(runId, this.active.get(runId))
    this.changed.clear()
  }

  private saveRun(runId: string, run: ActiveRun | undefined): void {
    if (run === undefined) {
      if (this.saved.delete(runId)) this.sql.exec('DELETE FROM active WHERE run_id = ?', runId)
      return
    }
    this.sql.exec(
      'INSERT OR REPLACE INTO active (run_id, workflow, priority, seen_at) VALUES (?, ?, ?, ?)',
      runId,
      run.workflow,
      run.priority,
      run.seenAt,
    )
    this.saved.add(runId)
  }

  pending(runId: string): PendingRun | undefined {
    const row = this.sql.exec<PendingRow>('SELECT * FROM pending WHERE run_id = ?', runId).toArray()[0]
    return row && toPendingRun(row)
  }

  get pendingCount(): number {
    return RUN_PRIORITIES.reduce((sum, priority) => sum + this.counts.pending[priority], 0)
  }

  wait({ request, priority, createdAt }: PendingRun): void {
    this.sql.exec(
      'INSERT INTO pending (run_id, priority, request, created_at) VALUES (?, ?, ?, ?)',
      request.runId,
      priority,
      JSON.stringify(request),
      createdAt,
    )
    this.counts.pending[priority] += 1
  }

  /** Whether it waited. */
  stopWaiting(runId: string): boolean {
    const row = this.sql.exec<{ priority: RunPriority }>('DELETE FROM pending WHERE run_id = ? RETURNING priority', runId).toArray()[0]
    if (row !== undefined) this.counts.pending[row.priority] -= 1
    return row !== undefined
  }

  /** The run that has waited longest among those that may start now. Runs in `starting` are on their way already. */
  next(plan: Plan, at: Date, starting: ReadonlyMap<string, RunPriority>): PendingRun | undefined {
    const load = this.load(at)
    const left = { ...load.pending }
    for (const priority of starting.values()) left[priority] -= 1
    const first = nextPriority(plan, { active: load.active, pending: left })
    if (first === undefined) return undefined
    for (const priority of RUN_PRIORITIES.slice(RUN_PRIORITIES.indexOf(first))) {
      const row = hasRoom(plan, load, priority) ? this.firstDue(priority, at.getTime(), starting) : undefined
      if (row !== undefined) return toPendingRun(row)
    }
    return undefined
  }

  private firstDue(priority: RunPriority, now: number, starting: ReadonlyMap<string, RunPriority>): PendingRow | undefined {
    const rows = this.sql.exec<PendingRow>(
      'SELECT * FROM pending WHERE priority = ? AND not_before <= ? ORDER BY position LIMIT ?',
      priority,
      now,
      starting.size + 1,
    )
    for (const row of rows) if (!starting.has(row.run_id)) return row
    return undefined
  }

  /** Its start failed: later again. Gives how often it has failed. */
  postpone(runId: string, now: number): number {
    const row = this.sql
      .exec<{ failures: number }>(
        'UPDATE pending SET failures = failures + 1, not_before = ? + MIN(?, ? * (1 << MIN(failures, 10))) WHERE run_id = ? RETURNING failures',
        now,
        MAX_RETRY_MS,
        RETRY_MS,
        runId,
      )
      .toArray()[0]
    return row?.failures ?? 0
  }
}

const toPendingRun = (row: PendingRow): PendingRun => ({
  request: JSON.parse(row.request) as StartRequest,
  priority: row.priority,
  createdAt: row.created_at,
})
