import { ok, type Refusal, type Result, refuse } from '../../workers/domain/error'
import type { EffectDecision, PlannedEffect } from '../../workers/domain/run-control'
import type { RunState } from './state'
import { holds } from './steps'
import { stepOf } from './transitions'

/** Records an effect as pending before anything is sent, and says whether to send. Only the holder of the step's attempt may ask. */
export function beginEffect(state: RunState, stepKey: string, token: string, planned: PlannedEffect): Result<EffectDecision> {
  if (!holds(state.steps.find(stepKey), token))
    return refuse('conflict', 'This attempt was given up; its effects are no longer wanted.', { reason: 'stale_attempt' })
  const row = state.steps.find(stepKey)
  const step = row && stepOf(state, row)
  // Whether arguments need a person is judged before a step is given out, and only of operations that say they act.
  if (step?.kind === 'agent' && step.hasEffects === false)
    return refuse('forbidden', `${step.agent}.${step.operation} declares no effects; it may not act.`, { reason: 'undeclared_effect' })
  const known = state.ledger.find(planned.key)
  if (known?.status === 'settled') return ok({ decision: 'settled', receipt: JSON.parse(known.receipt ?? 'null') })
  if (known?.status === 'pending') {
    state.ledger.markUnknown(known.key, 'An earlier attempt was cut off between acting and recording the outcome.')
    state.emit('effect.unknown', stepKey, { effectId: known.id, kind: known.kind, target: known.target })
  }
  if (known?.status === 'pending' || known?.status === 'unknown') return ok({ decision: 'unknown', idempotencyKey: known.key })
  const id = known?.id ?? state.newId('effect')
  if (known === undefined) {
    state.ledger.plan({ key: planned.key, id, step_key: stepKey, kind: planned.kind, target: planned.target }, state.at())
    const approval = state.approvals.approvedOf(stepKey)
    state.emit('effect.planned', stepKey, {
      effectId: id,
      kind: planned.kind,
      target: planned.target,
      ...(approval && { approvalId: approval.id, approvedBy: approval.decided_by }),
    })
    if (approval !== undefined) state.ledger.approve(planned.key)
  }
  state.ledger.attempt(planned.key)
  state.emit('effect.pending', stepKey, { effectId: id })
  return ok({ decision: 'act', idempotencyKey: planned.key })
}

/** The truth about an effect is welcome whenever it comes, also after its attempt was given up. */
export function settleEffect(state: RunState, key: string, receipt: unknown): Result<null> {
  const effect = state.ledger.find(key)
  if (effect === undefined) return refuse('not_found', 'No effect with this key was begun in this run.')
  if (effect.status === 'settled') return ok(null)
  state.ledger.settle(key, receipt, state.at())
  state.emit('effect.settled', effect.step_key, { effectId: effect.id, receipt })
  tellLate(state)
  return ok(null)
}

export function failEffect(state: RunState, key: string, error: Pick<Refusal, 'message'> & { code: string }): Result<null> {
  const effect = state.ledger.find(key)
  if (effect === undefined) return refuse('not_found', 'No effect with this key was begun in this run.')
  if (effect.status === 'settled') return refuse('conflict', 'This effect is settled; a settled effect cannot fail.')
  state.ledger.fail(key, error)
  state.emit('effect.failed', effect.step_key, { effectId: effect.id, error })
  tellLate(state)
  return ok(null)
}

export function unknownEffect(state: RunState, key: string, reason: string): Result<null> {
  const effect = state.ledger.find(key)
  if (effect === undefined) return refuse('not_found', 'No effect with this key was begun in this run.')
  if (effect.status !== 'pending') return ok(null)
  state.ledger.markUnknown(key, reason)
  state.emit('effect.unknown', effect.step_key, { effectId: effect.id, kind: effect.kind, target: effect.target })
  tellLate(state)
  return ok(null)
}

/** After the end of a run nothing else makes a new revision, and without one the audit would not hear of it. */
function tellLate(state: RunState): void {
  if (!state.isLive) state.update({})
}
