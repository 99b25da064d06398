import { ok, type Result, refuse } from '../../workers/domain/error'
import type { ClaimedStep } from '../../workers/domain/runs'
import type { RunState } from './state'
import { leaveQueue, stepOf } from './transitions'

/** Hands a step to the agent that claims it first under the current token. From then on it has its lease, and nobody else gets the step. */
export function claimStep(state: RunState, stepKey: string, token: string, defaultLeaseMs: number): Result<ClaimedStep> {
  const row = state.steps.find(stepKey)
  if (row?.status !== 'pending' || row.token !== token)
    return refuse('conflict', 'This attempt is taken, done or given up.', { reason: 'stale_attempt' })
  const leaseMs = stepOf(state, row).timeoutMs ?? defaultLeaseMs
  leaveQueue(state, stepKey)
  state.steps.setStatus(stepKey, 'running', state.at())
  state.timers.set('lease', stepKey, state.now().getTime() + leaseMs, token)
  state.emit('step.started', stepKey, { attempt: row.attempt, agent: row.agent, operation: row.operation })
  return ok({
    operation: row.operation ?? '',
    input: JSON.parse(row.input ?? 'null'),
    attempt: row.attempt,
    leaseMs,
    workflow: state.run.workflow,
  })
}
