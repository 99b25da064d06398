import { decideApproval } from './answers'
import { retryWithBudget } from './budget'
import type { RunState } from './state'
import type { Timer, TimerKind } from './timers'
import { completeStep, dispatchStep, failStep, loseAttempt, REDISPATCH_MS, stepOf } from './transitions'

/** A live run looks after itself at least this often, so that nothing stays stuck without a sign. */
export const HEARTBEAT_MS = 60_000

/** What each kind of timer does when it is due. A timer whose step has moved on does nothing. */
const ON_DUE: Record<TimerKind, (state: RunState, timer: Timer) => void> = {
  dispatch: redispatch,
  lease: (state, timer) => {
    const row = state.steps.find(timer.stepKey)
    if (row?.status !== 'running' || row.token !== timer.token) return
    const started = row.started_at === null ? state.now().getTime() : Date.parse(row.started_at)
    loseAttempt(state, row, state.now().getTime() - started)
  },
  retry: (state, timer) => {
    const row = state.steps.find(timer.stepKey)
    if (row?.status === 'waiting') {
      retryWithBudget(state, timer)
      return
    }
    if (row?.status !== 'retrying' || row.token !== timer.token) return
    if (row.agent === null) {
      state.steps.setStatus(row.key, 'running')
      state.timers.set('lease', row.key, state.now().getTime() + (stepOf(state, row).timeoutMs ?? REDISPATCH_MS), row.token)
      return
    }
    state.steps.setStatus(row.key, 'pending')
    dispatchStep(state, row)
  },
  wait: (state, timer) => {
    const row = state.steps.find(timer.stepKey)
    if (row?.status === 'waiting')
      completeStep(state, row, { output: JSON.stringify({ wokeAt: state.at() }), outputRef: null }, { kind: 'wait' })
  },
  event_timeout: (state, timer) => {
    const row = state.steps.find(timer.stepKey)
    if (row?.status !== 'waiting') return
    state.mailbox.stopWaiting(timer.stepKey)
    failStep(state, row, { code: 'unavailable', message: 'The awaited event did not come in time.', reason: 'event_timeout' })
  },
  approval_expiry: (state, timer) => {
    const row = state.steps.find(timer.stepKey)
    const step = row === undefined ? undefined : stepOf(state, row)
    if (step?.kind === 'approval') decideApproval(state, timer.token, { decision: step.onExpire, by: 'the time limit', expired: true })
  },
  project: () => undefined,
  heartbeat: () => undefined,
}

function redispatch(state: RunState, timer: Timer): void {
  const row = state.steps.find(timer.stepKey)
  if (row?.status !== 'pending' || row.token !== timer.token) return
  state.outbox.resend(timer.stepKey)
  state.timers.set('dispatch', timer.stepKey, state.now().getTime() + REDISPATCH_MS, timer.token)
}

/** Does what is due. Returns whether anything was. */
export function fireDue(state: RunState): boolean {
  const due = state.timers.takeDue(state.now().getTime())
  for (const timer of due) ON_DUE[timer.kind](state, timer)
  return due.length > 0
}
