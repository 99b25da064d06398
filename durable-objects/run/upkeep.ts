import type { RunState } from './state'
import { HEARTBEAT_MS } from './wake'

/** A projection that D1 did not take is tried again after this long. */
const PROJECT_RETRY_MS = 30_000
/** After this many failures of the drive itself the run is ended, so that a defect does not loop for ever. */
const MAX_DRIVE_FAILURES = 5

/** At the end of every transaction: `running` and `waiting` follow from the steps, and a live run never goes without a timer. */
export function settleStatus(state: RunState): void {
  if (!state.isLive) {
    if (state.run.revision > state.run.projected_revision) state.timers.set('project', '', state.now().getTime() + PROJECT_RETRY_MS)
    return
  }
  const status = isWaiting(state) ? 'waiting' : 'running'
  if (status !== state.run.status) {
    state.update({ status })
    if (status === 'waiting') state.emit('run.waiting', undefined, {})
  }
  if (state.timers.next() === undefined) state.timers.set('heartbeat', '', state.now().getTime() + HEARTBEAT_MS)
}

/** Something waits, and nothing else is under way. */
const isWaiting = ({ steps, scopes }: RunState): boolean => steps.has('waiting') && scopes.nextReady() === undefined && !steps.isBusy()

/** The drive threw: try again with growing pauses, and end the run when that does not help. */
export function noteDriveFailure(state: RunState): void {
  state.noteDriveFailures(state.run.drive_failures + 1)
  state.timers.set('heartbeat', '', state.now().getTime() + 1_000 * 2 ** state.run.drive_failures)
  if (state.run.drive_failures < MAX_DRIVE_FAILURES) return
  const error = {
    code: 'internal' as const,
    message: 'The run could not go on because of a defect on our side; report its id. It can be resumed once that is mended.',
  }
  state.steps.cancelOpen(state.at())
  state.end('failed', { error })
  state.emit('run.failed', undefined, { error })
}
