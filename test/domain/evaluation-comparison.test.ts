import { describe, expect, test } from 'vitest'
import { type Compared, compareEvaluations } from '../../workers/domain/evaluation-comparison'
import { MetricSpecs } from '../../workers/domain/evaluation-metrics'

const METRICS = MetricSpecs.parse([
  { kind: 'exact', name: 'right' },
  { kind: 'latency', name: 'latency' },
])
const evaluation = (id: string, scores: (number | null)[], more: Partial<Compared> = {}): Compared => ({
  id,
  metrics: METRICS,
  cases: scores.map((right, at) => ({ id: `c${at}`, hash: `h${at}`, tags: [], failed: false, scores: { right, latency: 10 + at } })),
  ...more,
})
const repeat = (value: number, times: number): number[] => Array<number>(times).fill(value)

describe('a comparison', () => {
  test('gives the difference over the same cases, and names the cases that changed', () => {
    const { differences, improved, worsened, notes } = compareEvaluations([evaluation('a', [1, 0, 0, null]), evaluation('b', [0, 1, 1, 1])])
    expect(differences[0]).toMatchObject({ metric: 'right', before: 1 / 3, after: 2 / 3, n: 3, improved: 2, worsened: 1 })
    expect(differences[0]?.difference).toBeCloseTo(1 / 3)
    expect(improved.map(({ caseId }) => caseId)).toEqual(['c1', 'c2'])
    expect(worsened).toEqual([{ caseId: 'c0', metric: 'right', evaluationId: 'b', before: 1, after: 0 }])
    expect(notes).toEqual([])
  })

  test('calls a large difference better or worse, a small one unclear, and is the same every time', () => {
    const [low, high] = [evaluation('low', [...repeat(0, 60), ...repeat(1, 40)]), evaluation('high', [...repeat(1, 90), ...repeat(0, 10)])]
    const up = compareEvaluations([low, high])
    expect(up.differences[0]).toMatchObject({ verdict: 'better' })
    expect(up.differences[0]!.interval.low).toBeLessThan(up.differences[0]!.difference)
    expect(up.differences[0]!.interval.high).toBeGreaterThan(up.differences[0]!.difference)
    expect(compareEvaluations([low, high])).toEqual(up)
    expect(compareEvaluations([high, low]).differences[0]).toMatchObject({ verdict: 'worse' })
    expect(compareEvaluations([evaluation('a', [0, 1, 0, 1]), evaluation('b', [1, 0, 0, 1])]).differences[0]).toMatchObject({
      verdict: 'unclear',
    })
  })

  test('the interval of a paired mean is near that of the normal approximation', () => {
    const pairs = Array.from({ length: 400 }, (_, at) => (at % 4 === 0 ? 1 : 0))
    const { differences } = compareEvaluations([evaluation('a', repeat(0, 400)), evaluation('b', pairs)])
    // Mean 0.25, standard error √(0.25 · 0.75 / 400) = 0.02165.
    expect(differences[0]!.interval.low).toBeCloseTo(0.25 - 1.96 * 0.02165, 1)
    expect(Math.abs(differences[0]!.interval.low - (0.25 - 1.96 * 0.02165))).toBeLessThan(0.006)
    expect(Math.abs(differences[0]!.interval.high - (0.25 + 1.96 * 0.02165))).toBeLessThan(0.006)
  })

  test('less time is better', () => {
    const slow = evaluation('slow', repeat(1, 30))
    const fast = { ...slow, id: 'fast', cases: slow.cases.map((each) => ({ ...each, scores: { right: 1, latency: 1 } })) }
    expect(compareEvaluations([slow, fast]).differences[1]).toMatchObject({ metric: 'latency', verdict: 'better', after: 1 })
  })

  test('leaves out cases whose content changed and metrics that were set otherwise, and says so', () => {
    const a = evaluation('a', [1, 1])
    const changed = { ...a, id: 'b', cases: a.cases.map((each, at) => ({ ...each, hash: at === 0 ? 'other' : each.hash })) }
    const { differences, notes } = compareEvaluations([a, changed])
    expect(differences[0]?.n).toBe(1)
    expect(notes).toEqual(['b: 1 of 2 cases are the same in both; only these are compared.'])
    const other = { ...a, id: 'c', metrics: MetricSpecs.parse([{ kind: 'exact', name: 'right', path: 'elsewhere' }]) }
    expect(compareEvaluations([a, other])).toMatchObject({
      differences: [],
      notes: [expect.stringContaining("'right'"), expect.stringContaining("'latency'")],
    })
  })
})
