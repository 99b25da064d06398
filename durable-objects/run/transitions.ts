import type { Refusal } from '../../workers/domain/error'
import { retryDelayMs } from '../../workers/domain/retries'
import type { StepOutcome } from '../../workers/domain/runs'
import type { Step } from '../../workers/domain/workflows'
import { isShortOfMoney, waitForBudget } from './budget'
import type { RunState } from './state'
import type { StepRow, StoredOutput } from './steps'

// Every function here runs inside one synchronous transaction together with the events it emits.

/** After this long without a claim a dispatch is sent again. */
export const REDISPATCH_MS = 30_000

/** Reason of a failure that only a person or a read can resolve. */
export const EFFECT_UNKNOWN = 'effect_unknown'

export function stepOf(state: RunState, row: Pick<StepRow, 'step_id'>): Step {
  const place = state.layout.places.get(row.step_id)
  if (place === undefined) throw new Error(`step ${row.step_id} is not in the workflow version of this run`)
  return place.step
}

/** Ends a step well and lets its sequence go on. */
export function completeStep(state: RunState, row: StepRow, stored: StoredOutput, note: Record<string, unknown> = {}): void {
  state.steps.complete(row.key, stored, state.at())
  leaveQueue(state, row.key)
  state.emit('step.completed', row.key, { attempt: row.attempt, ...note })
  state.scopes.answer(row.scope, {})
}

/** Makes the attempt known to its agent: the outbox row is the truth, the queue message a hint. */
export function dispatchStep(state: RunState, row: Pick<StepRow, 'key' | 'agent' | 'token'>): void {
  if (row.agent === null) throw new Error(`step ${row.key} has no agent to be sent to`)
  state.outbox.put({ stepKey: row.key, agent: row.agent, token: row.token })
  state.timers.set('dispatch', row.key, state.now().getTime() + REDISPATCH_MS, row.token)
}

const HTTP_LEASE_MS = 30_000

/** Notes that an http step is under way: it is carried out after the commit. */
export function startHttp(state: RunState, row: Pick<StepRow, 'key' | 'token' | 'attempt'>, timeoutMs = HTTP_LEASE_MS): void {
  state.timers.set('lease', row.key, state.now().getTime() + timeoutMs, row.token)
  state.emit('step.started', row.key, { kind: 'http', attempt: row.attempt })
}

export function leaveQueue(state: RunState, stepKey: string): void {
  state.outbox.remove(stepKey)
  state.timers.clearStep(stepKey)
}

/** What an agent reported of the attempt it holds. */
export function applyOutcome(state: RunState, row: StepRow, outcome: StepOutcome, stored: StoredOutput | undefined): void {
  for (const charge of outcome.charges ?? []) state.emit('model.called', row.key, { ...charge })
  const cost = (outcome.charges ?? []).reduce((sum, charge) => sum + charge.costMicroUsd, 0)
  if (outcome.status === 'completed') state.steps.charge(row.key, cost, outcome.provider, outcome.degraded)
  else state.steps.charge(row.key, cost, undefined, undefined)
  if (cost > 0) state.update({ cost_micro_usd: state.run.cost_micro_usd + cost })
  if (outcome.status === 'completed' && stored !== undefined) completeStep(state, row, stored, noteOf(outcome))
  else if (outcome.status === 'failed') failAttempt(state, row, outcome.error)
}

/** What the log says of a completed step beside its attempt: who made the output, whether it stands in for a model, short facts. */
const noteOf = ({ provider, degraded, notes }: Extract<StepOutcome, { status: 'completed' }>): Record<string, unknown> => ({
  ...(provider !== undefined && { provider }),
  ...(degraded && { degraded }),
  ...(notes && { notes }),
})

/** An attempt failed: try again by the step's policy, wait for a person, or let the failure take its course. */
export function failAttempt(state: RunState, row: StepRow, error: Refusal): void {
  leaveQueue(state, row.key)
  if (error.reason === EFFECT_UNKNOWN) {
    state.steps.noteError(row.key, error)
    state.steps.setStatus(row.key, 'waiting')
    state.emit('wait.started', row.key, { kind: 'effect', message: error.message })
    return
  }
  if (isShortOfMoney(error)) {
    waitForBudget(state, row, error)
    return
  }
  const delay = retryDelayMs(stepOf(state, row).retry, row.attempt, error, state.random())
  if (delay === undefined) {
    failStep(state, row, error)
    return
  }
  const token = `${row.attempt + 1}-${state.newId('message')}`
  state.steps.nextAttempt(row.key, 'retrying', token)
  state.steps.noteError(row.key, error)
  state.timers.set('retry', row.key, state.now().getTime() + delay, token)
  state.emit('step.retrying', row.key, { attempt: row.attempt, inMs: Math.round(delay), error })
}

/** The step failed for good: `onError` decides. */
export function failStep(state: RunState, row: StepRow, error: Refusal): void {
  const { onError } = stepOf(state, row)
  leaveQueue(state, row.key)
  if (onError.kind === 'continue') {
    state.steps.complete(row.key, { output: JSON.stringify(onError.output), outputRef: null }, state.at(), error)
    state.emit('step.completed', row.key, { attempt: row.attempt, defaulted: true, error })
    state.scopes.answer(row.scope, {})
    return
  }
  state.steps.fail(row.key, error, state.at())
  state.emit('step.failed', row.key, { attempt: row.attempt, error, ...(onError.kind === 'goto' && { goto: onError.step }) })
  if (onError.kind === 'goto') state.scopes.answer(row.scope, { goto: onError.step })
  else failScope(state, row.scope, row.key, error)
}

/** A sequence ends at a failed step. Its siblings go on; the join decides. At the top the run fails. */
export function failScope(state: RunState, scope: string, stepKey: string, error: Refusal): void {
  state.scopes.fail(scope)
  const parent = state.scopes.find(scope)?.parent_key
  if (parent != null) {
    state.scopes.promote(parent)
    return
  }
  state.end('failed', { error: { ...error, stepKey } })
  state.emit('run.failed', undefined, { error, stepKey })
}

/** Reasons of attempts that ended without a word, and of the failure after too many of them. */
const LEASE_EXPIRED = 'lease_expired'
const ATTEMPTS_LOST = 'attempts_lost'

/**
 * Attempts in a row that may end without a word, by agent; others have the retries of their step. A file that takes its reader down
 * takes the next one down too, and with it whatever else that Worker was doing.
 */
const MAX_LOST: Readonly<Record<string, number>> = { ingestion: 2 }

/** Whether this loss is one too many: the attempts before it, as many as count, were lost as well. */
function isLostTooOften(row: StepRow): boolean {
  const most = MAX_LOST[row.agent ?? '']
  const before: { reason?: string } = row.error === null ? {} : JSON.parse(row.error)
  return most !== undefined && row.attempt >= most && before.reason === LEASE_EXPIRED
}

/** An attempt whose lease ran out, or whose isolate is gone. What it had pending may or may not have happened. */
export function loseAttempt(state: RunState, row: StepRow, waitedMs: number): void {
  for (const effect of state.ledger.pendingOf(row.key)) {
    state.ledger.markUnknown(effect.key, 'The attempt was cut off between acting and recording the outcome.')
    state.emit('effect.unknown', row.key, { effectId: effect.id, kind: effect.kind, target: effect.target })
  }
  if (isLostTooOften(row)) {
    failStep(state, row, {
      code: 'unavailable',
      message:
        'The Worker was lost twice while it read this document, which is therefore not tried again by itself; split the file or print it to a new PDF, and send that.',
      reason: ATTEMPTS_LOST,
    })
    return
  }
  failAttempt(state, row, {
    code: 'unavailable',
    message: `The attempt gave no answer within ${Math.round(waitedMs / 1000)} s and was given up.`,
    reason: LEASE_EXPIRED,
  })
}

/** Stops what is pending and keeps the record. */
export function cancelRun(state: RunState, by: string): void {
  const at = state.at()
  for (const key of state.steps.cancelOpen(at)) state.emit('step.cancelled', key)
  state.approvals.cancelOpen(at)
  state.mailbox.stopAllWaiting()
  state.end('cancelled')
  state.emit('run.cancelled', undefined, { by })
}

/** Opens the failed places of a failed run again. The steps that failed are asked for anew; everything else stands. */
export function resumeRun(state: RunState, by: string): void {
  for (const scope of state.scopes.failed()) {
    const step = scope.asked === null ? undefined : state.steps.find(scope.asked)
    const children = step === undefined ? [] : state.scopes.childrenOf(step.key)
    if (step !== undefined && children.some((child) => child.status === 'failed')) {
      state.steps.setStatus(step.key, 'running')
      state.scopes.reopen(scope.scope)
    } else state.scopes.answer(scope.scope, { again: true })
  }
  state.update({ status: 'running', error: null, ended_at: null })
  state.emit('run.resumed', undefined, { by })
}

/** Gives a step that waits for word of an unknown effect to its agent again. */
export function reopenStep(state: RunState, row: StepRow): void {
  const token = `${row.attempt + 1}-${state.newId('message')}`
  state.steps.nextAttempt(row.key, 'retrying', token)
  state.timers.set('retry', row.key, state.now().getTime(), token)
}
