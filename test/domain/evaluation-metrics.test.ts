import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verifySentences } from '../../workers/agents/quality/evaluation/faithfulness'
import {
  citationScores,
  MetricSpec,
  MetricSpecs,
  ndcg,
  type Outcome,
  scoreCase,
  setF1,
  tokenF1,
} from '../../workers/domain/evaluation-metrics'
import { percentile, type ScoredCase, summarise } from '../../workers/domain/evaluation-summary'

const outcome = (output: unknown, expected?: unknown, more: Partial<Outcome> = {}): Outcome => ({
  input: {},
  expected,
  output,
  costMicroUsd: 0,
  latencyMs: 0,
  ...more,
})
const score = (spec: object, output: unknown, expected?: unknown, more?: Partial<Outcome>) =>
  scoreCase(MetricSpec.parse({ name: 'm', ...spec }), outcome(output, expected, more), verifySentences)

describe('exact', () => {
  test.each([
    ['Invoice ', 'invoice', 1],
    ['Ｉnvoice', 'invoice', 1],
    ['a  b\nc', 'A B C', 1],
    [12, '12', 1],
    [true, true, 1],
    [null, null, 1],
    [{ b: 1, a: 'X' }, { a: 'x', b: 1 }, 1],
    ['invoice', 'receipt', 0],
    [['a', 'b'], ['b', 'a'], 0],
    ['b', ['a', 'B'], 1],
  ])('of %j and %j is %d', (actual, expected, value) => expect(score({ kind: 'exact' }, actual, expected)).toBe(value))

  test('reads both by their paths, applies only where something is expected, and gives nothing for what is not there', () => {
    const spec = { kind: 'exact', path: 'fields[name=total].value', expected: 'total' }
    expect(score(spec, { fields: [{ name: 'date' }, { name: 'total', value: 7 }] }, { total: 7 })).toBe(1)
    expect(score(spec, { fields: [] }, { total: 7 })).toBe(0)
    expect(score(spec, { fields: [{ name: 'total', value: 7 }] }, { other: 7 })).toBeNull()
  })

  test('gives nothing for a case that failed', () => expect(score({ kind: 'exact' }, undefined, 'x')).toBe(0))
})

describe('token F1', () => {
  test('is that of the words with their counts', () => {
    // Shared: the, cat; precision 2/3, recall 2/4.
    expect(tokenF1('the cat sat', 'The cat, the mat')).toBeCloseTo((2 * 2) / 7)
    expect(tokenF1('a a b', 'a b b')).toBeCloseTo(2 / 3)
    expect(tokenF1('', '')).toBe(1)
    expect(tokenF1('x', '')).toBe(0)
    expect(score({ kind: 'token_f1' }, 'on 3 March', ['in May', 'On 3 March!'])).toBe(1)
  })

  test('lies between 0 and 1, does not depend on the side, and is 1 for equal texts', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd')).map((words) => words.join(' '))
    fc.assert(
      fc.property(text, text, (a, b) => {
        const value = tokenF1(a, b)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
        expect(value).toBeCloseTo(tokenF1(b, a), 12)
        expect(tokenF1(a, a)).toBe(1)
      }),
    )
  })
})

test('set F1 counts each value once', () => {
  expect(setF1(['a', 'B', 'b'], ['b', 'c'])).toBeCloseTo(0.5)
  expect(setF1([], [])).toBe(1)
  expect(setF1(['a'], [])).toBe(0)
  expect(score({ kind: 'set_f1', path: 'tags[*].name' }, { tags: [{ name: 'x' }, { name: 'y' }] }, ['X', 'y'])).toBe(1)
})

describe('nDCG', () => {
  const gains = new Map([
    ['a', 3],
    ['b', 2],
    ['c', 1],
  ])
  test('is the discounted gain over the best possible', () => {
    // (2 + 3/log2(3) + 0) / (3 + 2/log2(3) + 1/2)
    const log3 = Math.log2(3)
    expect(ndcg(['b', 'a', 'x'], gains, 3)).toBeCloseTo((2 + 3 / log3) / (3 + 2 / log3 + 0.5), 12)
    expect(ndcg(['a', 'b', 'c'], gains, 10)).toBe(1)
    expect(ndcg(['x', 'a'], gains, 1)).toBe(0)
    expect(ndcg(['a'], new Map(), 10)).toBeNull()
    expect(
      score({ kind: 'ndcg', path: 'documents', expected: 'documents', k: 2 }, { documents: ['x', 'd1'] }, { documents: ['d1'] }),
    ).toBeCloseTo(1 / log3)
  })

  test('a value that comes twice counts once', () => expect(ndcg(['a', 'a', 'b', 'c'], gains, 10)).toBe(1))

  test('is largest in the order of the gains, and never grows when a worse one is put before a better one', () => {
    const cases = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.nat({ max: 5 })), {
      selector: ([id]) => id,
      minLength: 2,
      maxLength: 12,
    })
    fc.assert(
      fc.property(cases, fc.nat(), (pairs, seed) => {
        const all = new Map(pairs)
        const ids = pairs.map(([id]) => id)
        const at = seed % (ids.length - 1)
        const swapped = ids.with(at, ids[at + 1] ?? '').with(at + 1, ids[at] ?? '')
        const [before, after] = [ndcg(ids, all, 20), ndcg(swapped, all, 20)]
        if (before === null || after === null) return
        const isWorse = (all.get(ids[at] ?? '') ?? 0) >= (all.get(ids[at + 1] ?? '') ?? 0)
        if (isWorse) expect(after).toBeLessThanOrEqual(before + 1e-12)
        else expect(after).toBeGreaterThanOrEqual(before - 1e-12)
        expect(
          ndcg(
            [...ids].sort((a, b) => (all.get(b) ?? 0) - (all.get(a) ?? 0)),
            all,
            20,
          ),
        ).toBeCloseTo(1, 12)
      }),
    )
  })
})

describe('citations', () => {
  const cited = [
    { passageId: 'p1', label: 'a.pdf, page 1', span: { documentId: 'd1', page: 1, start: 0, end: 9, quote: 'The  roof is new.' } },
    { passageId: 'p2', label: 'b.pdf, page 4', span: { documentId: 'd2', page: 4, start: 0, end: 9, quote: 'Old' } },
    { passageId: 'p3', label: 'b.pdf, page 5', span: { documentId: 'd2', page: 5, start: 0, end: 9, quote: 'Older' } },
  ]
  test.each([
    ['ids of documents', ['d1', 'd3'], 1 / 3, 1 / 2],
    ['ids of passages', ['p2', 'p3'], 2 / 3, 1],
    ['pages of documents', [{ documentId: 'd2', page: 4 }], 1 / 3, 1],
    ['quotes', [{ documentId: 'd1', quote: 'the roof is new' }], 1 / 3, 1],
    ['nothing', [], 0, 0],
  ])('are right by %s', (_, expected, precision, recall) => {
    const scores = citationScores(cited, expected)
    expect(scores.precision).toBeCloseTo(precision)
    expect(scores.recall).toBeCloseTo(recall)
  })

  test('none where none is expected is right', () => {
    expect(citationScores([], [])).toEqual({ precision: 1, recall: 1 })
    expect(citationScores([], ['d1'])).toEqual({ precision: 0, recall: 0 })
  })

  test('are read where the answer skill puts them', () => {
    const answer = { sentences: [{ citations: cited.slice(0, 1) }, { citations: cited.slice(1, 2) }] }
    expect(score({ kind: 'citation_precision' }, answer, { citations: ['d1'] })).toBe(0.5)
    expect(score({ kind: 'citation_recall' }, answer, { citations: ['d1'] })).toBe(1)
  })
})

describe('faithfulness', () => {
  test('is the share of sentences that were borne out, and does not apply to silence', () => {
    const sentences = [{ status: 'verified' }, { status: 'repaired' }, { status: 'unverified' }]
    expect(score({ kind: 'faithfulness' }, { sentences })).toBeCloseTo(2 / 3)
    expect(score({ kind: 'faithfulness' }, { sentences: [] })).toBeNull()
  })

  test('of a plain text is verified against the sources, whatever the output says of itself', () => {
    const sources = ['The library opens on 3 March 2027 and closes on Mondays.']
    const spec = { kind: 'faithfulness', path: 'answer', sources: 'input.sources' }
    expect(score(spec, { answer: 'The library opens on 3 March 2027.' }, {}, { input: { sources } })).toBe(1)
    expect(score(spec, { answer: 'The library opens on 3 March 2027. The library opens on 9 May 2031.' }, {}, { input: { sources } })).toBe(
      0.5,
    )
    const lying = { kind: 'faithfulness', sources: 'input.sources' }
    expect(score(lying, { sentences: [{ text: 'Cats fly to the moon.', status: 'verified' }] }, {}, { input: { sources } })).toBe(0)
  })
})

test.each([
  [{}, 1.1, 1.1, 1],
  [{}, 0.1 + 0.2, 0.3, 1],
  [{}, 1.1, 1.2, 0],
  [{ tolerance: 0.1 }, 1.1, 1.2, 1],
  [{ relativeTolerance: 0.01 }, 101, 100, 1],
  [{ relativeTolerance: 0.01 }, 102, 100, 0],
  [{}, '7', 7, 1],
  [{}, 'seven', 7, 0],
  [{}, null, 7, 0],
])('numeric with %j of %j and %j is %d', (tolerances, actual, expected, value) =>
  expect(score({ kind: 'numeric', ...tolerances }, actual, expected)).toBe(value),
)

describe('many cases', () => {
  const specs = MetricSpecs.parse([
    { kind: 'exact', name: 'right' },
    { kind: 'latency', name: 'latency' },
    { kind: 'cost', name: 'cost' },
  ])
  const scored = (id: string, right: number | null, latency: number, tags: string[] = []): ScoredCase => ({
    id,
    hash: id,
    tags,
    failed: false,
    scores: { right, latency, cost: 10 },
  })

  test('come to means over the cases to which a metric applies, and to percentiles of time', () => {
    const summary = summarise(
      specs,
      [scored('a', 1, 10, ['x']), scored('b', 0, 20, ['x']), scored('c', null, 30), scored('d', 1, 1_000)],
      40,
    )
    expect(summary.metrics).toEqual([
      { name: 'right', kind: 'exact', better: 'higher', value: 2 / 3, n: 3 },
      { name: 'latency', kind: 'latency', better: 'lower', value: 20, n: 4, spread: { mean: 265, p50: 20, p95: 1_000, total: 1_060 } },
      { name: 'cost', kind: 'cost', better: 'lower', value: 10, n: 4, spread: { mean: 10, p50: 10, p95: 10, total: 40 } },
    ])
    expect(summary.tags).toEqual({ x: { cases: 2, metrics: { right: 0.5, latency: 10, cost: 10 } } })
  })

  test('a percentile is one of the scores, and at least its share of all do not exceed it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (scores, share) => {
        const value = percentile(scores, share)
        expect(scores).toContain(value)
        expect(scores.filter((each) => each <= value).length).toBeGreaterThanOrEqual(share * scores.length - 1e-9)
      }),
    )
  })
})

test('two metrics of one name and paths that are none are refused', () => {
  const exact = { kind: 'exact', name: 'a' }
  expect(MetricSpecs.safeParse([exact, exact]).success).toBe(false)
  for (const path of ['a..b', '[', 'a[', '[x]', '.a']) expect(MetricSpec.safeParse({ ...exact, path }).success, path).toBe(false)
  for (const path of ['', 'a.b', '[0].a', 'a[*].b', 'a[name=x y].b'])
    expect(MetricSpec.safeParse({ ...exact, path }).success, path).toBe(true)
})
