import { PRIORITY_OF, type RunPriority } from '../domain/admission'
import { ok, type Result, refuse } from '../domain/error'
import type { FairGate } from '../domain/fair-gate'
import type { RunIndex } from '../domain/ports'
import type { RunControl, StartRequest } from '../domain/run-control'
import type { RunSummary, RunView } from '../domain/runs'
import type { PendingRun, TenantObject } from '../domain/tenant-control'

export interface AdmittedRunsOptions {
  tenantId: string
  /** Runs without admission. */
  runs: RunControl
  tenant: () => Pick<TenantObject, 'admit' | 'enqueue' | 'leave' | 'pending' | 'untilQuiet' | 'withdraw'>
  /** Where a run that ended before it began has left its row. */
  runIndex: Pick<RunIndex, 'find'>
  /** Starts of all tenants of this isolate go through it, so that a flood of one does not hold up another; absent: they do not wait. */
  gate?: FairGate
  /** Keeps the platform at work for what goes on after the answer. */
  later?(work: Promise<unknown>): void
}

/**
 * Runs of one tenant behind its admission: a start takes room, or waits for it as a `waiting` run that begins by itself. Refuses
 * `rate_limited` when the plan lets no more wait, or the day's runs are used up.
 */
export function createAdmittedRuns({ tenantId, runs, tenant, runIndex, gate, later }: AdmittedRunsOptions): RunControl {
  /** What is there in place of a run object that does not exist. */
  const orPending = async (runId: string, found: Result<RunView>): Promise<Result<RunView>> => {
    if (found.ok || found.error.code !== 'not_found') return found
    const pending = await tenant().pending(runId)
    if (!pending.ok) return pending
    if (pending.value !== null) return ok(pendingView(pending.value))
    const row = await runIndex.find(runId)
    return row?.revision === 0 ? ok(endedView(row)) : found
  }
  const startNow = async (request: Parameters<RunControl['start']>[0]): Promise<Result<RunView>> => {
    const started = await runs.start(request)
    if (!started.ok || started.value.status !== 'running') await tenant().leave(request.runId)
    return started
  }
  const admit: RunControl['start'] = async (order) => {
    const { priority: asked, ...request } = order as typeof order & { priority?: RunPriority }
    const priority = asked ?? PRIORITY_OF[request.trigger]
    const admitted = await tenant().admit({ runId: request.runId, workflow: request.workflow.name, priority })
    if (!admitted.ok) return admitted
    if (admitted.value.kind === 'start') return await startNow(request)
    if (admitted.value.kind === 'pending') return ok(pendingView(admitted.value.run))
    // A run that has begun before needs no room: the same id gives what there is.
    const known = await runs.get(request.runId)
    if (known.ok) return known
    const queued = await tenant().enqueue(withoutSource({ ...request, tenantId }), priority)
    return queued.ok ? ok(pendingView(queued.value)) : queued
  }
  return {
    ...runs,
    start: async (order) => {
      if (gate === undefined) return await admit(order)
      return await gate(tenantId, async (turn) => {
        const started = await admit(order)
        if (!started.ok || started.value.status !== 'running' || !turn.isShared()) return started
        // A start is the smaller part of a short run: a flood waits for the rest, and is held up by that of others.
        const quiet = tenant().untilQuiet(order.runId, QUIET_MS)
        if (turn.isCrowded()) await quiet
        else {
          const rest = quiet.then(ignore, ignore)
          turn.follow(rest)
          later?.(rest)
        }
        return started
      })
    },
    fork: async (runId, newRunId, request) => {
      const admitted = await tenant().admit({ runId: newRunId, workflow: request.workflow?.name ?? '', priority: PRIORITY_OF.fork })
      if (!admitted.ok) return admitted
      // What a fork takes over lies in another run, so it cannot be kept until there is room.
      if (admitted.value.kind !== 'start')
        return refuse('rate_limited', 'There is no room for another run at the moment; fork again when some have ended.', {
          retryAfterMs: FORK_RETRY_MS,
        })
      const forked = await runs.fork(runId, newRunId, request)
      if (!forked.ok || forked.value.status !== 'running') await tenant().leave(newRunId)
      return forked
    },
    get: async (runId) => await orPending(runId, await runs.get(runId)),
    steps: async (runId) => await nothingYet(runId, await runs.steps(runId)),
    events: async (runId, page) => await nothingYet(runId, await runs.events(runId, page)),
    cancel: async (runId, by) => {
      const cancelled = await runs.cancel(runId, by)
      if (cancelled.ok || cancelled.error.code !== 'not_found') return cancelled
      const withdrawn = await tenant().withdraw(runId)
      if (!withdrawn.ok) return withdrawn
      return await orPending(runId, withdrawn.value === null ? await runs.cancel(runId, by) : cancelled)
    },
    wake: async (runId) => {
      const woken = await runs.wake(runId)
      if (woken.ok || woken.error.code !== 'not_found') return woken
      const pending = await tenant().pending(runId)
      return pending.ok && pending.value !== null ? ok(null) : woken
    },
    connect: async (runId, request) => await runs.connect(runId, request),
  }

  /** A run that waits for room has no steps and no events: an empty list, where an unknown one is `not_found`. */
  async function nothingYet<T>(runId: string, found: Result<T[]>): Promise<Result<T[]>> {
    if (found.ok || found.error.code !== 'not_found') return found
    const run = await orPending(runId, refuse('not_found', found.error.message))
    return run.ok ? ok([]) : found
  }
}

/** Nobody waits for it: when it fails the lane is only free earlier. */
const ignore = () => undefined

const FORK_RETRY_MS = 10_000
/** Long runs are not waited for: their work is shared out where it is done. */
const QUIET_MS = 500

/** The run reads the definition; the text would only make the row larger. */
const withoutSource = (request: StartRequest): StartRequest => ({ ...request, workflow: { ...request.workflow, source: '' } })

const NOTHING_YET = { costMicroUsd: 0, lastSeq: 0, approvals: [], waits: [], effects: [] }

function pendingView({ request, createdAt }: PendingRun): RunView {
  const { runId, workflow, trigger, input, documentId, title } = request
  return {
    ...NOTHING_YET,
    id: runId,
    workflow: workflow.name,
    workflowVersion: workflow.version,
    status: 'waiting',
    trigger,
    input: input ?? null,
    createdAt,
    updatedAt: createdAt,
    ...(documentId !== undefined && { documentId }),
    ...(title !== undefined && { title }),
  }
}

function endedView({
  id,
  workflow,
  workflowVersion,
  status,
  trigger,
  createdAt,
  updatedAt,
  endedAt,
  documentId,
  title,
  errorMessage,
}: RunSummary): RunView {
  return {
    ...NOTHING_YET,
    id,
    workflow,
    workflowVersion,
    status,
    trigger,
    input: null,
    createdAt,
    updatedAt,
    ...(endedAt !== undefined && { endedAt }),
    ...(documentId !== undefined && { documentId }),
    ...(title !== undefined && { title }),
    ...(errorMessage !== undefined && { error: { code: 'unavailable' as const, message: errorMessage } }),
  }
}
