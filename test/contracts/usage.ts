import { describe, expect, test } from 'vitest'
import type { UsageQuery, UsageRow, UsageSum } from '../../workers/domain/usage'

let counter = 0
export const usageRow = (more: Partial<UsageRow> = {}): UsageRow => {
  counter += 1
  return {
    callId: `rsv_${counter}`,
    at: '2026-11-21T09:00:00.000Z',
    runId: 'run_1',
    stepKey: 'extract',
    workflow: 'intake',
    agent: 'analysis',
    feature: 'extract',
    provider: 'openai',
    model: 'small',
    inputTokens: 100,
    outputTokens: 10,
    latencyMs: 50,
    cached: false,
    actualMicroUsd: 7,
    ...more,
  }
}

/** What every table of usage does. `open` gives an empty one of a tenant of its own. */
export function describeUsage(
  name: string,
  open: () => { insert(rows: UsageRow[]): Promise<void>; sum(query: UsageQuery): Promise<UsageSum[]> },
) {
  const all = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z', limit: 100 }

  describe(`usage in ${name}`, () => {
    test('sums the calls of each group, the most costly first', async () => {
      const usage = open()
      await usage.insert([
        usageRow(),
        usageRow({ cached: true, actualMicroUsd: 0 }),
        usageRow({ workflow: 'digest', actualMicroUsd: 90, degraded: true, at: '2026-11-22T00:00:00.000Z' }),
      ])
      expect(await usage.sum({ ...all, groupBy: ['day', 'workflow'] })).toEqual([
        {
          group: { day: '2026-11-22', workflow: 'digest' },
          calls: 1,
          cachedCalls: 0,
          degradedCalls: 1,
          inputTokens: 100,
          outputTokens: 10,
          costMicroUsd: 90,
          latencyMs: 50,
        },
        {
          group: { day: '2026-11-21', workflow: 'intake' },
          calls: 2,
          cachedCalls: 1,
          degradedCalls: 0,
          inputTokens: 200,
          outputTokens: 20,
          costMicroUsd: 7,
          latencyMs: 100,
        },
      ])
    })

    test('counts only what is asked for', async () => {
      const usage = open()
      await usage.insert([
        usageRow(),
        usageRow({ runId: 'run_2' }),
        usageRow({ at: '2026-12-01T00:00:00.000Z' }),
        usageRow({ workflow: 'digest' }),
      ])
      expect((await usage.sum({ ...all, groupBy: ['run'], runId: 'run_2' })).map(({ calls }) => calls)).toEqual([1])
      expect((await usage.sum({ ...all, groupBy: ['workflow'], workflow: 'digest' })).map(({ calls }) => calls)).toEqual([1])
      expect((await usage.sum({ ...all, groupBy: ['model'] })).map(({ calls }) => calls)).toEqual([3])
      expect(await usage.sum({ ...all, from: '2027-01-01T00:00:00.000Z', to: '2027-02-01T00:00:00.000Z', groupBy: ['day'] })).toEqual([])
    })

    test('gives an empty value for a call outside any run, and names of any kind as they are', async () => {
      const usage = open()
      const { runId: _, stepKey: __, workflow: ___, agent: ____, ...outside } = usageRow({ model: `x"'],[--` })
      await usage.insert([outside])
      expect(
        (await usage.sum({ ...all, groupBy: ['workflow', 'run', 'step', 'agent', 'model', 'provider', 'feature', 'day'] }))[0]?.group,
      ).toEqual({
        workflow: '',
        run: '',
        step: '',
        agent: '',
        model: `x"'],[--`,
        provider: 'openai',
        feature: 'extract',
        day: '2026-11-21',
      })
    })

    test('gives as many groups as are asked for', async () => {
      const usage = open()
      await usage.insert(Array.from({ length: 5 }, (_, index) => usageRow({ model: `m${index}` })))
      expect(await usage.sum({ ...all, groupBy: ['model'], limit: 3 })).toHaveLength(3)
    })
  })
}
