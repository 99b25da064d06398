import { ok, refuse } from '../../workers/domain/error'
import type { RunIndex } from '../../workers/domain/ports'
import type { ForkRequest, RunControl } from '../../workers/domain/run-control'
import type { RunEvent, RunSummary, RunView, StepView } from '../../workers/domain/runs'

type Started = Parameters<RunControl['start']>[0]

export interface FakeRun {
  order: Started
  view: RunView
  steps: StepView[]
  events: RunEvent[]
  woken: number
  /** What made it, where that was a fork. */
  fork?: ForkRequest
}

const MISSING = 'There is no run with that id.'

/** Runs in memory that stand where they were started: enough for doors, which only start, read and answer. `all` is open to tests. */
export function createFakeRuns(deps: { clock: { now(): Date }; runIndex: RunIndex }): RunControl & { all: Map<string, FakeRun> } {
  const all = new Map<string, FakeRun>()
  const at = () => deps.clock.now().toISOString()
  const withRun = async (runId: string, act: (run: FakeRun) => void) => {
    const run = all.get(runId)
    if (run === undefined) return refuse<RunView>('not_found', MISSING)
    act(run)
    return ok(run.view)
  }
  const start: RunControl['start'] = async (order) => {
    const known = all.get(order.runId)
    if (known !== undefined) return ok(known.view)
    const view = viewOf(order, at())
    const started: RunEvent = { seq: 1, at: at(), type: 'run.started', body: {}, hash: 'a'.repeat(64), prevHash: '' }
    all.set(order.runId, { order, view, steps: [], events: [started], woken: 0 })
    await deps.runIndex.upsert([summaryOf(order, view)])
    return ok(view)
  }
  return {
    all,
    start,
    get: (runId) => withRun(runId, () => undefined),
    steps: async (runId) => (all.has(runId) ? ok(all.get(runId)?.steps ?? []) : refuse('not_found', MISSING)),
    events: async (runId, { after, limit }) => {
      const run = all.get(runId)
      return run === undefined ? refuse('not_found', MISSING) : ok(run.events.filter((event) => event.seq > after).slice(0, limit))
    },
    event: async (runId, seq) => {
      const event = all.get(runId)?.events.find((each) => each.seq === seq)
      return event === undefined ? refuse('not_found', MISSING) : ok(event)
    },
    continue: (runId, answer) =>
      withRun(runId, (run) => {
        if (!('approvalId' in answer)) return
        for (const approval of run.view.approvals) {
          if (approval.id === answer.approvalId)
            Object.assign(approval, { status: answer.decision === 'approve' ? 'approved' : 'rejected', decidedBy: answer.by })
        }
      }),
    resume: async (runId) => {
      const run = all.get(runId)
      if (run === undefined) return refuse('not_found', MISSING)
      if (run.view.status !== 'failed')
        return refuse('conflict', `The run is ${run.view.status}; only a run with a failed step can be resumed.`)
      run.view.status = 'running'
      return ok(run.view)
    },
    cancel: (runId) => withRun(runId, (run) => Object.assign(run.view, { status: 'cancelled', endedAt: at() })),
    fork: async (runId, newRunId, request) => {
      const run = all.get(runId)
      if (run === undefined) return refuse('not_found', MISSING)
      const forked = await start({ ...run.order, runId: newRunId, trigger: 'fork', input: request.input ?? run.order.input })
      const made = all.get(newRunId)
      if (made !== undefined) made.fork = request
      return forked.ok ? ok({ ...forked.value, forkedFrom: { runId, stepKey: request.fromStep } }) : forked
    },
    wake: async (runId) => {
      const run = all.get(runId)
      if (run === undefined) return refuse('not_found', MISSING)
      run.woken += 1
      return ok(null)
    },
    connect: async (runId) => new Response(`connected to ${runId}`),
  }
}

function viewOf({ runId, workflow, input, trigger, documentId }: Started, at: string): RunView {
  return {
    id: runId,
    workflow: workflow.name,
    workflowVersion: workflow.version,
    status: 'running',
    trigger,
    ...(documentId !== undefined && { documentId }),
    input,
    createdAt: at,
    updatedAt: at,
    costMicroUsd: 0,
    lastSeq: 1,
    approvals: [],
    waits: [],
    effects: [],
  }
}

function summaryOf(order: Started, view: RunView): RunSummary {
  const { id, workflow, workflowVersion, status, trigger, costMicroUsd, createdAt, updatedAt } = view
  const { documentId, title } = order
  return {
    id,
    workflow,
    workflowVersion,
    status,
    trigger,
    costMicroUsd,
    createdAt,
    updatedAt,
    openApprovals: 0,
    revision: 1,
    ...(documentId && { documentId }),
    ...(title && { title }),
  }
}
