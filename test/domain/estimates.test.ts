import fc from 'fast-check'
import { expect, test } from 'vitest'
import { charactersOf, estimateRun } from '../../workers/domain/estimates'
import { ModelSettings } from '../../workers/domain/model-settings'
import { DEFAULT_RETRY, type Step, type WorkflowDefinition } from '../../workers/domain/workflows'

const settings = ModelSettings.parse({
  providers: { p: { protocol: 'openai', url: 'https://p.example/v1' } },
  models: {
    cheap: { provider: 'p', name: 'c', price: { input: 100_000, output: 400_000 } },
    good: { provider: 'p', name: 'g', price: { input: 2_000_000, output: 8_000_000 } },
  },
  purposes: { default: { use: ['good', 'cheap'] }, embed: { use: [] } },
})
const common = { retry: DEFAULT_RETRY, onError: { kind: 'fail' as const } }
const ask = (id: string, operation: string, when?: string): Step => ({
  ...common,
  id,
  kind: 'agent',
  agent: 'analysis',
  operation,
  input: {},
  ...(when && { when }),
})
const workflow = (...steps: Step[]): WorkflowDefinition => ({
  name: 'w',
  title: '',
  description: '',
  input: {},
  vars: {},
  steps,
  outputs: null,
})

test('a step costs between the cheapest and the dearest of its models', () => {
  const { steps, costMicroUsd } = estimateRun({
    definition: workflow(ask('c', 'classify')),
    settings,
    length: { characters: 10_000 },
    items: 1,
  })
  expect(steps).toMatchObject([
    { stepId: 'c', purpose: 'classify', times: { low: 1, high: 1 }, models: ['good', 'cheap'], inputTokens: { low: 2_300, high: 5_500 } },
  ])
  expect(costMicroUsd).toEqual({ low: Math.ceil(2_300 * 0.1 + 20 * 0.4), high: 5_500 * 2 + 200 * 8 })
})

test('conditions make the lower end nothing, and items repeat the upper end', () => {
  const definition = workflow(
    { ...common, id: 'each', kind: 'forEach', items: '', concurrency: 1, steps: [ask('s', 'summarise')] },
    { ...common, id: 'gate', kind: 'if', condition: 'true', then: [ask('t', 'tags')], else: [] },
    ask('w', 'extract', 'false'),
  )
  const { steps } = estimateRun({ definition, settings, length: { characters: 1_000 }, items: 7 })
  expect(steps.map(({ stepId, times }) => [stepId, times.low, times.high])).toEqual([
    ['s', 1, 7],
    ['t', 0, 1],
    ['w', 0, 1],
  ])
  expect(steps[1]?.costMicroUsd.low).toBe(0)
})

test('what asks no model, or has none, costs nothing', () => {
  const ingest: Step = { ...common, id: 'i', kind: 'agent', agent: 'ingestion', operation: 'parse', input: {} }
  expect(estimateRun({ definition: workflow(ingest), settings, length: { pages: 10 }, items: 1 }).steps).toEqual([])
  const { costMicroUsd, steps } = estimateRun({ definition: workflow(ask('x', 'index')), settings, length: { pages: 10 }, items: 1 })
  expect(costMicroUsd).toEqual({ low: 0, high: 0 })
  expect(steps[0]?.models).toEqual([])
})

test('the sharpest thing known of the length counts', () => {
  expect(charactersOf({ characters: 5, pages: 9, bytes: 9 })).toEqual({ low: 5, high: 5 })
  expect(charactersOf({ pages: 2, bytes: 9 })).toEqual({ low: 2_000, high: 7_000 })
  expect(charactersOf({ bytes: 1_000, mediaType: 'text/plain' })).toEqual({ low: 500, high: 1_000 })
  expect(charactersOf({ bytes: 1_000_000, mediaType: 'application/pdf' })).toEqual({ low: 10_000, high: 300_000 })
})

test('more text never costs less, and the lower end is never above the upper', () => {
  const definition = workflow(ask('c', 'classify'), ask('e', 'extract', 'maybe'), ask('s', 'summarise'))
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(1_000_000), fc.integer({ min: 1, max: 50 }), (characters, more, items) => {
      const of = (length: number) => estimateRun({ definition, settings, length: { characters: length }, items }).costMicroUsd
      const [less, greater] = [of(characters), of(characters + more)]
      expect(less.low).toBeLessThanOrEqual(less.high)
      expect(greater.low).toBeGreaterThanOrEqual(less.low)
      expect(greater.high).toBeGreaterThanOrEqual(less.high)
    }),
  )
})
