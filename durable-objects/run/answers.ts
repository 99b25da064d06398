import type { Confirmation } from '../../workers/domain/effects'
import { ok, type Result, refuse } from '../../workers/domain/error'
import type { RunAnswer } from '../../workers/domain/run-control'
import { continueWithBudget } from './budget'
import { actAsApproved, editedInput } from './effect-approval'
import { failEffect, settleEffect } from './effects'
import { barredFrom } from './four-eyes'
import type { RunState } from './state'
import { completeStep, failStep, reopenStep, stepOf } from './transitions'

/** Applies what a person or another system answers. Answering twice the same is accepted once; a contradicting answer is refused. */
export function applyAnswer(state: RunState, answer: RunAnswer): Result<null> {
  if ('budget' in answer)
    return continueWithBudget(state, answer.by) > 0 ? ok(null) : refuse('conflict', 'No step of this run waits for money.')
  if ('approvalId' in answer) return decideApproval(state, answer.approvalId, answer)
  if ('effectId' in answer) return decideEffect(state, answer)
  return receiveEvent(state, answer.event, answer.correlation, answer.payload)
}

export interface ApprovalDecision {
  decision: 'approve' | 'reject'
  by: string
  /** Of who decides; an approval that wants somebody else is refused to nobody in particular. */
  byIds?: readonly string[] | undefined
  comment?: string | undefined
  editedDetails?: unknown
  expired?: boolean
}

export function decideApproval(state: RunState, approvalId: string, decision: ApprovalDecision): Result<null> {
  const approval = state.approvals.find(approvalId)
  if (approval === undefined) return refuse('not_found', 'This run has no approval with that id; GET the run lists its approvals.')
  const wanted = decision.decision === 'approve' ? 'approved' : 'rejected'
  if (approval.status === wanted) return ok(null)
  const row = state.steps.find(approval.step_key)
  if (approval.status !== 'open' || row?.status !== 'waiting')
    return refuse('conflict', `This approval is ${approval.status} and takes no other answer.`)
  const step = stepOf(state, row)
  const barred = decision.expired ? undefined : barredFrom(state, approval)
  if (barred !== undefined && (decision.byIds === undefined || decision.byIds.some((id) => barred.includes(id))))
    return refuse('forbidden', 'Who started, forked or resumed this run may not decide this approval; somebody else has to.', {
      reason: 'self_approval',
    })
  const edited = step.kind === 'approval' ? ok(undefined) : editedInput(row, approval, decision.editedDetails)
  if (!edited.ok) return edited
  state.approvals.decide(approvalId, decision.expired ? 'expired' : wanted, { at: state.at(), by: decision.by, comment: decision.comment })
  state.emit('approval.decided', row.key, {
    approvalId,
    decision: wanted,
    by: decision.by,
    ...(decision.comment && { comment: decision.comment }),
    ...(decision.expired && { expired: true }),
  })
  state.update({})
  if (wanted === 'rejected' && (step.kind !== 'approval' || step.onReject === 'fail')) {
    failStep(state, row, {
      code: 'forbidden',
      message: `'${approval.title}' was rejected by ${decision.by}${decision.comment ? `: ${decision.comment}` : '.'}`,
      reason: 'rejected',
    })
    return ok(null)
  }
  if (step.kind !== 'approval') {
    actAsApproved(state, row, approval, edited.value)
    return ok(null)
  }
  const output = {
    approved: wanted === 'approved',
    by: decision.by,
    comment: decision.comment ?? null,
    details: decision.editedDetails ?? JSON.parse(approval.details),
  }
  completeStep(state, row, { output: JSON.stringify(output), outputRef: null }, { decision: wanted })
  return ok(null)
}

function decideEffect(state: RunState, { effectId, outcome, answer, by }: Extract<RunAnswer, { effectId: string }>): Result<null> {
  const effect = state.ledger.findById(effectId)
  if (effect === undefined) return refuse('not_found', 'This run has no effect with that id; GET the run lists its effects.')
  if (effect.status !== 'unknown') return refuse('conflict', `This effect is ${effect.status}; only an unknown one needs an answer.`)
  const confirmation: Confirmation = { confirmedBy: by, confirmedAt: state.at(), ...(answer !== undefined && { answer }) }
  const decided =
    outcome === 'settled'
      ? settleEffect(state, effect.key, confirmation)
      : failEffect(state, effect.key, { code: 'unavailable', message: `${by} found that it did not happen.` })
  if (!decided.ok) return decided
  const row = state.steps.find(effect.step_key)
  if (row?.status === 'waiting') reopenStep(state, row)
  return ok(null)
}

function receiveEvent(state: RunState, event: string, correlation: string, payload: unknown): Result<null> {
  state.mailbox.put(event, correlation, payload, state.at())
  state.emit('event.received', undefined, { event, correlation })
  for (const wait of state.mailbox.waits()) {
    const row = state.steps.find(wait.step_key)
    const taken = row?.status === 'waiting' ? state.mailbox.take(wait.step_key, wait.event, wait.correlation) : undefined
    if (row === undefined || taken === undefined) continue
    state.mailbox.stopWaiting(wait.step_key)
    completeStep(state, row, { output: JSON.stringify(taken), outputRef: null }, { event })
  }
  return ok(null)
}
