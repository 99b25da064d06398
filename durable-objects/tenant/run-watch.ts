import { unwrap } from '../../workers/domain/error'
import type { RunObject } from '../../workers/domain/run-control'
import type { Money } from './money'
import type { Room } from './room'

/** A run at work that was not heard of for so long is asked whether it still is. */
export const SILENT_MS = 10 * 60_000
/** Runs woken or asked at once. */
const AT_ONCE = 20
/** Runs woken for one reason; the rest wake by their own timers. */
const MAX_WOKEN = 500

export interface RunWatchDeps {
  room: Room
  money: Money
  run(runId: string): Pick<RunObject, 'get' | 'continue'>
  now(): number
}

/** Asks runs that went silent, and wakes those that wait for money. */
export class RunWatch {
  constructor(private readonly deps: RunWatchDeps) {}

  /** Runs that should be at work but were not heard of: a run object that died before it could say so gives its room back. */
  async askSilent(): Promise<void> {
    const { room, run, now } = this.deps
    for (const runId of room.silentSince(now() - SILENT_MS).slice(0, AT_ONCE)) {
      const answer = await run(runId).get()
      if (answer.ok && answer.value.status === 'running') room.enter(runId, { workflow: answer.value.workflow, seenAt: now() })
      else room.leave(runId)
    }
  }

  /** Runs that wait for money, or only those that have waited since before, try again. One that is refused again is noted again. */
  async wakeUnpaid(before?: number): Promise<void> {
    const { money } = this.deps
    const runIds = money.unpaid(MAX_WOKEN, before)
    for (const runId of runIds) money.forgetUnpaid(runId)
    for (let first = 0; first < runIds.length; first += AT_ONCE)
      await Promise.all(runIds.slice(first, first + AT_ONCE).map((runId) => this.wake(runId)))
  }

  private async wake(runId: string): Promise<void> {
    try {
      const answer = await this.deps.run(runId).continue({ budget: 'continue', by: 'the tenant' })
      // A conflict says that the run does not wait for money any more.
      if (!answer.ok && answer.error.code !== 'conflict') unwrap(answer)
    } catch (thrown) {
      // The run's own timer tries again.
      console.warn(JSON.stringify({ message: 'a run that waits for money was not woken', runId, error: String(thrown) }))
    }
  }
}
