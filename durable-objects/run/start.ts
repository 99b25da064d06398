import type { StartRequest } from '../../workers/domain/run-control'
import type { RunState } from './state'

/** Writes the first rows of a run: its pinned workflow, its input, and the top sequence ready to go. */
export function startRun(state: RunState, request: StartRequest): void {
  const { workflow, fork } = request
  const vars = { ...workflow.definition.vars, ...(request.vars as Record<string, unknown> | undefined) }
  state.create({
    id: request.runId,
    tenant_id: request.tenantId,
    workflow: workflow.name,
    workflow_version: workflow.version,
    definition: JSON.stringify(workflow.definition),
    trigger: request.trigger,
    input: JSON.stringify(request.input ?? null),
    vars: JSON.stringify(vars),
    title: request.title ?? null,
    document_id: request.documentId ?? null,
    forked_from: fork === undefined ? null : JSON.stringify({ runId: fork.runId, stepKey: fork.fromStep }),
    origin: request.origin === undefined ? null : JSON.stringify(request.origin),
  })
  if (fork !== undefined) state.records.insert(fork.records)
  state.scopes.insert([], { label: '', index: 0, status: 'ready' })
  state.emit('run.started', undefined, { workflow: workflow.name, version: workflow.version, trigger: request.trigger })
  if (fork !== undefined) state.emit('run.forked', undefined, { from: fork.runId, fromStep: fork.fromStep })
}
