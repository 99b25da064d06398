import { expect, test } from 'vitest'
import { createObjectRuns, type RunNamespace } from '../../workers/adapters/object-runs'
import { newId } from '../../workers/adapters/uuid-ids'
import { ok, refuse } from '../../workers/domain/error'
import type { ForkSource, RunObject, StartRequest } from '../../workers/domain/run-control'
import type { RunView } from '../../workers/domain/runs'
import { workflowVersion } from '../contracts/ports'

const view: RunView = {
  id: 'run_x',
  workflow: 'w',
  workflowVersion: 'v1',
  status: 'running',
  trigger: 'api',
  input: {},
  createdAt: '',
  updatedAt: '',
  costMicroUsd: 0,
  lastSeq: 1,
  approvals: [],
  waits: [],
  effects: [],
}

function createNamespace(more: Partial<RunObject> = {}) {
  const asked: string[] = []
  const started: StartRequest[] = []
  const answer = async () => ok(view)
  const object = {
    start: async (request: StartRequest) => {
      started.push(request)
      return ok(view)
    },
    get: answer,
    steps: async () => ok([]),
    events: async () => ok([]),
    event: async () => refuse('not_found', 'no such entry'),
    continue: answer,
    resume: answer,
    cancel: answer,
    exportFork: async () => refuse<ForkSource>('not_found', 'no such step'),
    wake: async () => ok(null),
    purge: async () => ok(null),
    fetch: async () => new Response('upgraded'),
    ...more,
  }
  const namespace: RunNamespace = {
    getByName: (name) => {
      asked.push(name)
      return object
    },
  }
  return { namespace, asked, started }
}

test('an object is named by tenant and run, and is told its tenant', async () => {
  const { namespace, asked, started } = createNamespace()
  const runId = newId('run')
  await createObjectRuns(namespace, 'ten_a').start({ runId, workflow: workflowVersion('w', 'v1'), input: {}, trigger: 'api' })
  expect(asked).toEqual([`ten_a/${runId}`])
  expect(started).toMatchObject([{ tenantId: 'ten_a', runId }])
})

test.each(['x', '', 'run_1', '../ten_b/run_00000000000000000000000000000000', 'RUN_00000000000000000000000000000000'])(
  'no object is made for %j, which is no run id',
  async (runId) => {
    const { namespace, asked } = createNamespace()
    const runs = createObjectRuns(namespace, 'ten_a')
    expect(await runs.get(runId)).toMatchObject({ ok: false, error: { code: 'not_found' } })
    await expect(runs.connect(runId, new Request('https://x.example'))).rejects.toMatchObject({ code: 'not_found' })
    expect(asked).toEqual([])
  },
)

test('an object that moves or is overloaded is a refusal worth another try; a defect is thrown', async () => {
  const failing = (properties: object) =>
    createObjectRuns(createNamespace({ get: () => Promise.reject(Object.assign(new Error('gone'), properties)) }).namespace, 'ten_a').get(
      newId('run'),
    )
  for (const properties of [{ retryable: true }, { overloaded: true }])
    expect(await failing(properties)).toMatchObject({ error: { code: 'unavailable', retryAfterMs: 1_000 } })
  await expect(failing({})).rejects.toThrow('gone')
})

test('a fork starts a new run with what its source exports, and nothing when the source refuses', async () => {
  const source: ForkSource = { runId: 'r', fromStep: 'b', workflow: workflowVersion('w', 'v1'), input: { n: 2 }, vars: {}, records: [] }
  const { namespace, started } = createNamespace({ exportFork: async () => ok(source) })
  const newRunId = newId('run')
  expect((await createObjectRuns(namespace, 'ten_a').fork(newId('run'), newRunId, { fromStep: 'b' })).ok).toBe(true)
  expect(started).toMatchObject([{ runId: newRunId, tenantId: 'ten_a', trigger: 'fork', input: { n: 2 }, fork: source }])
  const refusing = createNamespace()
  expect(await createObjectRuns(refusing.namespace, 'ten_a').fork(newId('run'), newRunId, { fromStep: 'b' })).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  })
  expect(refusing.started).toEqual([])
})
