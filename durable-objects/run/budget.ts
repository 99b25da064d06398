import { isBudgetRefusal } from '../../workers/domain/budgets'
import type { Refusal } from '../../workers/domain/error'
import type { RunState } from './state'
import type { StepRow } from './steps'
import type { Timer } from './timers'
import { leaveQueue, reopenStep } from './transitions'

// A step that was refused money waits, and its run with it: what is done stays done, and nothing fails. It goes on when somebody says so
// (`PUT /runs/{id}/continue` with `{budget: 'continue'}`), when a ceiling is raised or a new day begins (the tenant's object wakes the
// run), and by itself from time to time, because a message may be lost.

/** A waiting step asks again so often: raising a ceiling wakes it at once, so this is only for a message that was lost. */
export const BUDGET_RETRY_MS = 15 * 60_000

/** Whether a failed attempt is one for `waitForBudget`. */
export const isShortOfMoney = (error: Refusal): boolean => isBudgetRefusal(error) || error.reason === 'plan_tokensPerMonth'

/** The attempt was refused money: the step waits with what the run has. Call it from `failAttempt`, inside the transaction. */
export function waitForBudget(state: RunState, row: StepRow, error: Refusal): void {
  leaveQueue(state, row.key)
  state.steps.noteError(row.key, error)
  state.steps.setStatus(row.key, 'waiting')
  // With `retryAfterMs` other calls hold the money only for a moment.
  const wakeAt = state.now().getTime() + Math.min(error.retryAfterMs ?? BUDGET_RETRY_MS, BUDGET_RETRY_MS)
  state.timers.set('retry', row.key, wakeAt, row.token)
  state.emit('wait.started', row.key, {
    kind: 'budget',
    ceiling: error.reason,
    message: error.message,
    wakeAt: new Date(wakeAt).toISOString(),
  })
}

/** Lets every step that waits for money try again, by whoever says so. Gives how many. Inside the transaction. */
export function continueWithBudget(state: RunState, by: string): number {
  const waiting = state.steps.withStatus('waiting').filter(isWaitingForBudget)
  for (const row of waiting) {
    state.timers.clear('retry', row.key)
    state.emit('wait.ended', row.key, { kind: 'budget', by })
    reopenStep(state, row)
  }
  return waiting.length
}

/** What the `retry` timer of a step that waits for money does when it is due; of any other step it does nothing. */
export function retryWithBudget(state: RunState, { stepKey, token }: Pick<Timer, 'stepKey' | 'token'>): void {
  const row = state.steps.find(stepKey)
  if (row?.status !== 'waiting' || row.token !== token || !isWaitingForBudget(row)) return
  state.emit('wait.ended', row.key, { kind: 'budget', by: 'the time limit' })
  reopenStep(state, row)
}

/** Keys of the steps that wait for money: `GET /runs/{id}` shows their waits as `budget`. */
export const stepsWithoutMoney = (state: RunState): Set<string> =>
  new Set(state.steps.withStatus('waiting').flatMap((row) => (isWaitingForBudget(row) ? [row.key] : [])))

const isWaitingForBudget = (row: StepRow): boolean => row.error !== null && isShortOfMoney(JSON.parse(row.error) as Refusal)
