import type { RunPriority } from '../../workers/domain/admission'
import type { Result } from '../../workers/domain/error'
import type { Plan } from '../../workers/domain/plans'
import type { StartRequest } from '../../workers/domain/run-control'
import type { RunView } from '../../workers/domain/runs'
import type { PendingRun } from '../../workers/domain/tenant-control'
import type { Room } from './room'

export interface StarterDeps {
  room: Room
  plan(): Plan
  now(): Date
  start(request: StartRequest): Promise<Result<RunView>>
  /** Writes down that a run could never be started. */
  giveUp(run: PendingRun, message: string): Promise<void>
  transact(change: () => void): void
  waitUntil(promise: Promise<void>): void
}

/** A run object that refuses this often will not take the run. */
const MAX_FAILURES = 8

/**
 * Starts runs that wait, as room comes free.
 *
 * 1. The row goes only after the run object has the run, so a crash in between starts it again; by its id that changes nothing.
 * 2. A start that fails makes room for the next one and is tried again later.
 */
export class Starter {
  private readonly starting = new Map<string, RunPriority>()

  constructor(private readonly deps: StarterDeps) {}

  fill(): void {
    const { room, plan, now } = this.deps
    if (room.pendingCount === this.starting.size) return
    for (;;) {
      const run = room.next(plan(), now(), this.starting)
      if (run === undefined) return
      const { runId, workflow } = run.request
      this.starting.set(runId, run.priority)
      room.enter(runId, { workflow: workflow.name, priority: run.priority, seenAt: now().getTime() })
      this.deps.waitUntil(this.start(run))
    }
  }

  private async start(run: PendingRun): Promise<void> {
    const { room, now, transact } = this.deps
    const { runId } = run.request
    const failure = await this.tryStart(run.request)
    this.starting.delete(runId)
    if (failure === undefined) {
      transact(() => void room.stopWaiting(runId))
      return
    }
    console.warn(JSON.stringify({ message: 'a pending run was not started', runId, error: failure }))
    room.leave(runId)
    let failures = 0
    transact(() => {
      failures = room.postpone(runId, now().getTime())
    })
    if (failures < MAX_FAILURES) return
    await this.deps.giveUp(run, failure)
    transact(() => void room.stopWaiting(runId))
  }

  /** What went wrong, if anything did. */
  private async tryStart(request: StartRequest): Promise<string | undefined> {
    try {
      const started = await this.deps.start(request)
      if (!started.ok) return started.error.message
      if (started.value.status !== 'running') this.deps.room.leave(request.runId)
      return undefined
    } catch (thrown) {
      return String(thrown)
    }
  }
}
