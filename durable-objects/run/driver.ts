import type { RunState } from './state'
import type { Supervisor } from './supervisor'
import { noteDriveFailure } from './upkeep'

export interface DriverDeps {
  state: RunState
  supervisor: Supervisor
  commit(change: () => void): void
  waitUntil(promise: Promise<void>): void
}

/** Keeps one drive of the supervisor under way at a time: asked again meanwhile, it goes round once more. It never throws. */
export class Driver {
  private driving: Promise<void> | undefined
  private again = false

  constructor(private readonly deps: DriverDeps) {}

  drive(): Promise<void> {
    if (this.driving !== undefined) {
      this.again = true
      return this.driving
    }
    this.driving = this.driveToRest()
    this.deps.waitUntil(this.driving)
    return this.driving
  }

  private async driveToRest(): Promise<void> {
    const { state, supervisor, commit } = this.deps
    try {
      do {
        this.again = false
        await supervisor.drive()
      } while (this.again)
    } catch (thrown) {
      const stack = thrown instanceof Error ? thrown.stack : undefined
      console.error(JSON.stringify({ message: 'drive failed', runId: state.run.id, error: String(thrown), stack }))
      commit(() => noteDriveFailure(state))
    } finally {
      // In the same breath as the last look at `again`: between the two, a call would be answered by a drive that looks no more.
      this.driving = undefined
    }
  }
}
