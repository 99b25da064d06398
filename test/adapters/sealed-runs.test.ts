import { beforeEach, describe, expect, test } from 'vitest'
import { createSealedRuns } from '../../workers/adapters/sealed-runs'
import { ok } from '../../workers/domain/error'
import type { RunControl } from '../../workers/domain/run-control'
import { workflowVersion } from '../contracts/ports'
import { createTestClock } from '../fakes/clock'
import { createFakeRuns } from '../fakes/run-control'
import { createFakeRunIndex } from '../fakes/run-index'
import { createFakeSealedFields } from '../fakes/tenant-keys'

const fields = createFakeSealedFields()
const plain = workflowVersion('onboard', 'a000000000000001')
const marking = { ...plain, definition: { ...plain.definition, input: { properties: { name: { 'x-pii': true } } } } }
const order = (input: unknown) => ({ runId: 'run_1', workflow: marking, input, trigger: 'api' as const })

let asked: unknown[]
let runs: RunControl
beforeEach(() => {
  asked = []
  const below = createFakeRuns({ clock: createTestClock(), runIndex: createFakeRunIndex() })
  runs = createSealedRuns({
    runs: {
      ...below,
      start: async (request) => {
        asked.push(request.input)
        return await below.start(request)
      },
      fork: async (runId, _newRunId, request) => {
        asked.push(request.input)
        return await below.get(runId)
      },
      continue: async (runId, answer) => {
        asked.push(answer)
        return await below.get(runId)
      },
    },
    fields: () => fields,
    findWorkflow: async () => marking,
  })
})

describe('runs with sealed inputs', () => {
  test('keep the marked parts of their input sealed, from the first store on', async () => {
    await runs.start(order({ name: 'Jane Doe', town: 'Kiel' }))
    expect(asked).toMatchObject([{ name: expect.stringMatching(/^~pii\./), town: 'Kiel' }])
  })

  test('an input without marks passes as it is', async () => {
    const input = { town: 'Kiel' }
    await runs.start({ ...order(input), workflow: plain })
    expect(asked[0]).toBe(input)
  })

  test('a fork with a new input seals it by the workflow that it goes on with', async () => {
    await runs.start(order({ name: 'Jane Doe' }))
    await runs.fork('run_1', 'run_2', { fromStep: 'a', input: { name: 'John Roe' } })
    expect(JSON.stringify(asked)).not.toMatch(/Jane|John/)
  })

  test('sealed values from outside are refused wherever they could come in', async () => {
    const token = await fields.seal('Jane Doe')
    await expect(runs.start(order({ note: token }))).rejects.toMatchObject({ code: 'invalid' })
    await expect(runs.fork('run_1', 'run_2', { fromStep: 'a', overrides: { b: token } })).rejects.toMatchObject({ code: 'invalid' })
    await expect(runs.continue('run_1', { event: 'e', correlation: 'c', payload: [token] })).rejects.toMatchObject({ code: 'invalid' })
    expect(asked).toEqual([])
  })

  test('what a person edited is sealed again, and what stood as a mask is left as it was', async () => {
    const token = await fields.seal('Jane Doe')
    const details = { to: token, text: `Dear ${token}`, total: 1 }
    const started = await runs.start(order({}))
    if (!started.ok) throw new Error('the run did not start')
    const approval = { id: 'apr_1', stepKey: 'a', title: '', details, status: 'open' as const, requestedAt: '' }
    const seen = createSealedRuns({
      runs: {
        ...runs,
        get: async () => ok({ ...started.value, approvals: [approval] }),
        continue: async (_id, answer) => {
          asked.push(answer)
          return started
        },
      },
      fields: () => fields,
      findWorkflow: async () => marking,
    })
    const edited = { to: 'Jane Doe', text: 'Dear •••', total: 2 }
    await seen.continue('run_1', { approvalId: 'apr_1', decision: 'approve', by: 'x', editedDetails: edited })
    expect(asked.at(-1)).toMatchObject({ editedDetails: { to: token, text: `Dear ${token}`, total: 2 } })
  })
})
