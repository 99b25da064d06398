import { expect, test } from 'vitest'
import { type Compared, diffRuns } from '../../workers/domain/run-diff'
import type { RunView, StepView } from '../../workers/domain/runs'

const step = (key: string, more: Partial<StepView> = {}): StepView => ({
  key,
  stepId: key,
  scope: '',
  kind: 'agent',
  status: 'completed',
  attempt: 1,
  costMicroUsd: 0,
  ...more,
})

const compared = (id: string, steps: StepView[], more: Partial<RunView> = {}): Compared => ({
  run: {
    id,
    workflow: 'w',
    workflowVersion: 'v1',
    status: 'completed',
    trigger: 'api',
    input: {},
    createdAt: '2026-11-21T10:00:00.000Z',
    updatedAt: '2026-11-21T10:00:02.000Z',
    endedAt: '2026-11-21T10:00:02.000Z',
    costMicroUsd: 0,
    lastSeq: 1,
    approvals: [],
    waits: [],
    effects: [],
    ...more,
  },
  steps,
})

test('steps that gave the same are the same, whatever the order of their properties, their attempts and their cost', () => {
  const diff = diffRuns(
    compared('run_a', [step('one', { output: { a: 1, b: 2 }, costMicroUsd: 10 })]),
    compared('run_b', [step('one', { output: { b: 2, a: 1 }, attempt: 3, costMicroUsd: 40 })]),
  )
  expect(diff.steps).toMatchObject([
    { stepKey: 'one', change: 'same', differs: [], left: { costMicroUsd: 10 }, right: { costMicroUsd: 40, attempt: 3 } },
  ])
  expect(diff.sameOutputs).toBe(true)
  expect(diff.left.durationMs).toBe(2_000)
})

test('what differs is named: output, state, error', () => {
  const error = { code: 'invalid' as const, message: 'no' }
  const diff = diffRuns(
    compared('run_a', [step('one', { output: 1 }), step('two')], { outputs: 1 }),
    compared('run_b', [step('one', { output: 2 }), step('two', { status: 'failed', error })], { outputs: 2 }),
  )
  expect(diff.steps.map(({ change, differs }) => [change, differs])).toEqual([
    ['changed', ['output']],
    ['changed', ['status', 'error']],
  ])
  expect(diff.sameOutputs).toBe(false)
})

test('steps that one run only has are shown on their side, those of the right one last', () => {
  const diff = diffRuns(compared('run_a', [step('one'), step('gone')]), compared('run_b', [step('new'), step('one')]))
  expect(diff.steps.map(({ stepKey, change }) => [stepKey, change])).toEqual([
    ['one', 'same'],
    ['gone', 'only_left'],
    ['new', 'only_right'],
  ])
  expect(diff.steps[1]).not.toHaveProperty('right')
})

test('outputs in files are the same when they name the same file', () => {
  const same = diffRuns(compared('run_a', [step('one', { outputRef: 'f1' })]), compared('run_b', [step('one', { outputRef: 'f1' })]))
  const other = diffRuns(compared('run_a', [step('one', { outputRef: 'f1' })]), compared('run_b', [step('one', { outputRef: 'f2' })]))
  expect([same.steps[0]?.change, other.steps[0]?.change]).toEqual(['same', 'changed'])
})
