import type { RunControl, RunObject } from '../domain/run-control'

/** What of a Durable Object namespace is used: typed by the interface, so that doors need not import the class. */
export interface RunNamespace {
  get(id: DurableObjectId): DurableObjectStub
  idFromName(name: string): DurableObjectId
}

/** Runs of one tenant: one Durable Object each, named `${tenantId}/${runId}`. */
export function createObjectRuns(namespace: RunNamespace, tenantId: string): RunControl {
  const stub = (runId: string) => namespace.get(namespace.idFromName(`${tenantId}/${runId}`))
  const object = (runId: string) => stub(runId) as DurableObjectStub & RunObject
  return {
    start: async (request) => await object(request.runId).start({ ...request, tenantId }),
    get: async (runId) => await object(runId).get(),
    steps: async (runId) => await object(runId).steps(),
    events: async (runId, page) => await object(runId).events(page),
    continue: async (runId, answer) => await object(runId).continue(answer),
    resume: async (runId, by) => await object(runId).resume(by),
    cancel: async (runId, by) => await object(runId).cancel(by),
    wake: async (runId) => await object(runId).wake(),
    async fork(runId, newRunId, request) {
      const source = await object(runId).exportFork(request)
      if (!source.ok) return source
      const { workflow, input, vars, documentId, title } = source.value
      return await object(newRunId).start({
        tenantId, runId: newRunId, workflow, input, vars, trigger: 'fork', fork: source.value,
        ...(documentId !== undefined && { documentId }), ...(title !== undefined && { title }),
      })
    },
    connect: async (runId, request) => await stub(runId).fetch(request),
  }
}
