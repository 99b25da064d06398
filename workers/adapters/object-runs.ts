import { type Result, refuse, unwrap } from '../domain/error'
import { ID_PREFIXES } from '../domain/ids'
import type { RunControl, RunObject } from '../domain/run-control'

/** What is used of `DurableObjectNamespace<Run>`: a stub has the methods of `RunObject`, and `fetch` for WebSockets. */
export interface RunNamespace {
  getByName(name: string): RunObject & { fetch(request: Request): Promise<Response> }
}

const MISSING = 'There is no run with that id.'
/** Asking for a name makes an object of that name, so nothing but a well-formed id may become one. */
const RUN_ID = new RegExp(`^${ID_PREFIXES.run}_[0-9a-f]{32}$`)

/** Runs of one tenant, each in the Durable Object named `<tenant>/<run>`: a run of another tenant is simply not there. */
export function createObjectRuns(namespace: RunNamespace, tenantId: string): RunControl {
  const call = async <T>(runId: string, act: (run: RunObject) => Promise<Result<T>>): Promise<Result<T>> => {
    if (!RUN_ID.test(runId)) return refuse('not_found', MISSING)
    try {
      return await act(namespace.getByName(`${tenantId}/${runId}`))
    } catch (thrown) {
      if (isPassing(thrown))
        return refuse('unavailable', 'The run is being moved or is overloaded; try again in a moment.', { retryAfterMs: 1_000 })
      throw thrown
    }
  }
  const start: RunControl['start'] = (request) => call(request.runId, (run) => run.start({ ...request, tenantId }))
  return {
    start,
    get: (runId) => call(runId, (run) => run.get()),
    steps: (runId) => call(runId, (run) => run.steps()),
    events: (runId, page) => call(runId, (run) => run.events(page)),
    event: (runId, seq) => call(runId, (run) => run.event(seq)),
    continue: (runId, answer) => call(runId, (run) => run.continue(answer)),
    resume: (runId, by, origin) => call(runId, (run) => run.resume(by, origin)),
    cancel: (runId, by) => call(runId, (run) => run.cancel(by)),
    wake: (runId) => call(runId, (run) => run.wake()),
    fork: async (runId, newRunId, request) => {
      const source = await call(runId, (run) => run.exportFork(request))
      if (!source.ok) return source
      const { workflow, input, vars, documentId, title } = source.value
      return await call(newRunId, (run) =>
        run.start({
          tenantId,
          runId: newRunId,
          workflow,
          input,
          vars,
          trigger: 'fork',
          documentId,
          title,
          fork: source.value,
          origin: request.origin,
        }),
      )
    },
    connect: async (runId, request) => {
      // A refusal must come before the upgrade, as an ordinary answer.
      unwrap(await call(runId, (run) => run.get()))
      return await namespace.getByName(`${tenantId}/${runId}`).fetch(request)
    },
  }
}

/** Errors that Cloudflare marks as worth another try: the object moved, restarted or is overloaded. */
function isPassing(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    (('retryable' in thrown && thrown.retryable === true) || ('overloaded' in thrown && thrown.overloaded === true))
  )
}
