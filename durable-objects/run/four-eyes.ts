import { idsOf, KeptOrigin, type RunOrigin, startersIn } from '../../workers/domain/run-origins'
import type { ApprovalView } from '../../workers/domain/runs'
import type { Layout } from './layout'
import { type ApprovalRow, toApprovalView } from './people'
import type { RunState } from './state'

// An approval with `preventSelfApproval` is decided by somebody else than who started, forked or resumed the run.

/** Who started the run; one from before that was kept tells the audit no more than its trigger. */
function originOf({ run }: RunState): KeptOrigin {
  if (run.origin == null) return { actor: { kind: 'system', id: run.trigger }, address: '', requestId: '', resumedBy: [] }
  return KeptOrigin.parse(JSON.parse(run.origin))
}

/** Whether a step wants somebody else than who started the run. */
export function wantsAnother({ places }: Layout, stepId: string): boolean {
  const step = places.get(stepId)?.step
  return step?.kind === 'approval' && step.preventSelfApproval === true
}

/** Ids of those who may not decide an approval; undefined: whoever may decide approvals may decide it. */
export function barredFrom(state: RunState, approval: Pick<ApprovalRow, 'step_key'>): string[] | undefined {
  const row = state.steps.find(approval.step_key)
  return row !== undefined && wantsAnother(state.layout, row.step_id) ? startersIn(originOf(state)) : undefined
}

/** An approval as it is shown: while it is open, with those who may not decide it. */
export function approvalView(state: RunState, approval: ApprovalRow): ApprovalView {
  const barred = approval.status === 'open' ? barredFrom(state, approval) : undefined
  return { ...toApprovalView(approval), ...(barred && { barred }) }
}

/** Notes who resumes the run beside who started it. Call it before anything else of the transaction: the cached rows are read anew. */
export function noteResumer(state: RunState, by: RunOrigin | undefined): void {
  if (by === undefined) return
  const origin = originOf(state)
  const resumedBy = [...new Set([...origin.resumedBy, ...idsOf(by)])]
  state.sql.exec('UPDATE run SET origin = ?', JSON.stringify({ ...origin, resumedBy } satisfies KeptOrigin))
  state.reload()
}
