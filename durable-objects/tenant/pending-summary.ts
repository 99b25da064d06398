import type { RunSummary } from '../../workers/domain/runs'
import type { PendingRun } from '../../workers/domain/tenant-control'

/** The list row of a run that has no object yet. Its revision is below every revision of the run itself. */
export function pendingSummary(
  { request, createdAt }: PendingRun,
  state: { status: 'waiting' | 'cancelled' | 'failed'; at: string; message?: string },
): RunSummary {
  const { runId, workflow, trigger, documentId, title } = request
  return {
    id: runId,
    workflow: workflow.name,
    workflowVersion: workflow.version,
    status: state.status,
    trigger,
    costMicroUsd: 0,
    openApprovals: 0,
    createdAt,
    updatedAt: state.at,
    revision: state.status === 'waiting' ? -1 : 0,
    ...(documentId !== undefined && { documentId }),
    ...(title !== undefined && { title }),
    ...(state.message !== undefined && { errorMessage: state.message }),
    ...(state.status !== 'waiting' && { endedAt: state.at }),
  }
}
