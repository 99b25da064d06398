import type { StartRequest } from '../../workers/domain/run-control'
import type { RunState } from './state'

/** Writes the first rows of a run: its pinned workflow, its input, and the top sequence ready to go. */
export function startRun(state: RunState, request: StartRequest): void {
  const { workflow, fork } = request
  const at = state.at()
  const vars = { ...workflow.definition.vars, ...(request.vars as Record<string, unknown> | undefined) }
  state.sql.exec(
    `INSERT INTO run (id, tenant_id, workflow, workflow_version, definition, trigger, input, vars, status, title, document_id, forked_from, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)`,
    request.runId,
    request.tenantId,
    workflow.name,
    workflow.version,
    JSON.stringify(workflow.definition),
    request.trigger,
    JSON.stringify(request.input ?? null),
    JSON.stringify(vars),
    request.title ?? null,
    request.documentId ?? null,
    fork === undefined ? null : JSON.stringify({ runId: fork.runId, stepKey: fork.fromStep }),
    at,
    at,
  )
  if (fork !== undefined) state.records.insert(fork.records)
  state.scopes.insert([], { label: '', index: 0, status: 'ready' })
  state.emit('run.started', undefined, { workflow: workflow.name, version: workflow.version, trigger: request.trigger })
  if (fork !== undefined) state.emit('run.forked', undefined, { from: fork.runId, fromStep: fork.fromStep })
}
