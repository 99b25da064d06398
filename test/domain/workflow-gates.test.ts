import { describe, expect, test } from 'vitest'
import { summarise } from '../../workers/domain/evaluation-summary'
import type { EvaluationRecord } from '../../workers/domain/evaluations'
import { answersGate, decideGate, GateDraft } from '../../workers/domain/workflow-gates'

const right = { kind: 'exact' as const, name: 'right', path: '', expected: '' }
const latency = { kind: 'latency' as const, name: 'latency' }
const gate = (...rules: object[]) => GateDraft.parse({ dataset: 'd', rules })

function evaluation(scores: (number | null)[], more: Partial<EvaluationRecord> = {}): EvaluationRecord {
  const metrics = [right, latency]
  const cases = scores.map((score, at) => ({ id: `${at}`, hash: '', tags: [], failed: false, scores: { right: score, latency: score } }))
  return {
    id: 'evl_1',
    runId: 'run_1',
    dataset: 'd',
    datasetVersion: 'v1',
    cases: scores.length,
    target: { workflow: 'w', version: 'x', vars: {} },
    metrics,
    batchSize: 5,
    simulated: [],
    createdAt: '2026-11-21T09:00:00.000Z',
    createdBy: 'anna',
    endedAt: '2026-11-21T09:01:00.000Z',
    summary: summarise(metrics, cases, 0),
    ...more,
  }
}

describe('a gate', () => {
  test('is passed at its bounds, and not beyond', () => {
    const least = gate({ metric: right, min: 0.75 })
    expect(decideGate(least, evaluation([1, 1, 1, 0]), null).passed).toBe(true)
    const below = decideGate(least, evaluation([1, 1, 0, 0]), null)
    expect(below).toMatchObject({
      passed: false,
      checks: [{ metric: 'right', value: 0.5, message: "'right' is 0.5: below the least of 0.75." }],
    })
    expect(decideGate(gate({ metric: latency, max: 10 }), evaluation([11, 11]), null).passed).toBe(false)
  })

  test('lets nothing be worse than the published version by more than is allowed', () => {
    const rule = gate({ metric: right, maxDrop: 0.25 })
    expect(decideGate(rule, evaluation([1, 1, 1, 0]), evaluation([1, 1, 1, 1])).passed).toBe(true)
    expect(decideGate(rule, evaluation([1, 1, 0, 0]), evaluation([1, 1, 1, 1]))).toMatchObject({
      passed: false,
      checks: [{ before: 1, value: 0.5, message: expect.stringContaining('worse than the published') }],
    })
    const slower = gate({ metric: latency, maxDrop: 5 })
    expect(decideGate(slower, evaluation([10]), evaluation([4])).passed).toBe(false)
    expect(decideGate(slower, evaluation([1]), evaluation([40])).passed).toBe(true)
  })

  test('asks for the evaluation of the version, and for that of the published one where it is compared', () => {
    const rule = gate({ metric: right, maxDrop: 0 })
    expect(decideGate(rule, undefined, undefined)).toMatchObject({ passed: false, missing: 'evaluation' })
    expect(decideGate(rule, evaluation([1]), undefined)).toMatchObject({ passed: false, missing: 'baseline' })
    expect(decideGate(rule, evaluation([1]), null).passed).toBe(true)
    expect(decideGate(gate({ metric: right, min: 1 }), evaluation([1]), undefined).passed).toBe(true)
  })

  test('is not passed by a metric that applied to no case', () => {
    expect(decideGate(gate({ metric: right, min: 0 }), evaluation([null]), null)).toMatchObject({ passed: false })
  })
})

test('an evaluation answers a gate by the same data and metrics, at its end, with nothing overridden', () => {
  const rule = gate({ metric: right, min: 0 })
  expect(answersGate(rule, 'v1', evaluation([1]))).toBe(true)
  expect(answersGate(rule, 'v2', evaluation([1]))).toBe(false)
  expect(answersGate(rule, 'v1', evaluation([1], { dataset: 'easy' }))).toBe(false)
  expect(answersGate(rule, 'v1', { ...evaluation([1]), summary: undefined })).toBe(false)
  expect(answersGate(rule, 'v1', evaluation([1], { target: { workflow: 'w', version: 'x', vars: { limit: 1 } } }))).toBe(false)
  expect(answersGate(gate({ metric: { ...right, path: 'other' }, min: 0 }), 'v1', evaluation([1]))).toBe(false)
})
