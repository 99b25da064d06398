import type { RunSummary, RunView, WaitView } from '../../workers/domain/runs'
import { stepsWithoutMoney } from './budget'
import { approvalView } from './four-eyes'
import { toEffectView } from './ledger'
import type { RunState } from './state'

/** The run as `GET /runs/{id}` gives it. */
export function runView(state: RunState, outputs: unknown): RunView {
  const { run } = state
  const wakeAt = state.timers.next()
  return {
    id: run.id,
    workflow: run.workflow,
    workflowVersion: run.workflow_version,
    status: run.status,
    trigger: run.trigger,
    input: JSON.parse(run.input),
    createdAt: run.created_at,
    updatedAt: run.updated_at,
    costMicroUsd: run.cost_micro_usd,
    ...(state.steps.hasDegraded() && { degraded: true as const }),
    lastSeq: state.events.lastSeq(),
    approvals: state.approvals.list().map((approval) => approvalView(state, approval)),
    waits: waitsOf(state),
    effects: state.ledger.list().map(toEffectView),
    ...(run.title !== null && { title: run.title }),
    ...(run.document_id !== null && { documentId: run.document_id }),
    ...(outputs !== undefined && { outputs }),
    ...(run.error !== null && { error: JSON.parse(run.error) }),
    ...(run.ended_at !== null && { endedAt: run.ended_at }),
    ...(state.isLive && wakeAt !== undefined && { wakeAt: new Date(wakeAt).toISOString() }),
    ...(run.forked_from !== null && { forkedFrom: JSON.parse(run.forked_from) }),
  }
}

function waitsOf(state: RunState): WaitView[] {
  const timers = state.timers.list()
  const events = state.mailbox.waits().map(({ step_key: stepKey, event, correlation }): WaitView => {
    const timeout = timers.find((timer) => timer.kind === 'event_timeout' && timer.stepKey === stepKey)
    return { stepKey, kind: 'event', event, correlation, ...(timeout && { wakeAt: new Date(timeout.wakeAt).toISOString() }) }
  })
  const unpaid = stepsWithoutMoney(state)
  const times = timers.flatMap(({ kind, stepKey, wakeAt }): WaitView[] => {
    if (kind !== 'wait' && kind !== 'retry') return []
    return [
      { stepKey, kind: unpaid.has(stepKey) ? 'budget' : kind === 'wait' ? 'duration' : 'retry', wakeAt: new Date(wakeAt).toISOString() },
    ]
  })
  return [...events, ...times]
}

/** The run's row for lists. */
export function runSummary(state: RunState): RunSummary {
  const { run } = state
  const error = run.error === null ? undefined : (JSON.parse(run.error) as { message: string })
  return {
    id: run.id,
    workflow: run.workflow,
    workflowVersion: run.workflow_version,
    status: run.status,
    trigger: run.trigger,
    costMicroUsd: run.cost_micro_usd,
    openApprovals: state.approvals.list().filter((approval) => approval.status === 'open').length,
    createdAt: run.created_at,
    updatedAt: run.updated_at,
    revision: run.revision,
    ...(run.document_id !== null && { documentId: run.document_id }),
    ...(run.title !== null && { title: run.title }),
    ...(error && { errorMessage: error.message }),
    ...(run.ended_at !== null && { endedAt: run.ended_at }),
  }
}
