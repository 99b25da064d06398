import { describe, expect, it } from 'vitest'
import type { StepStatus, StepView } from '../../web/src/api/types'
import { bareStep } from '../../web/src/graph/bare-step'
import { planSteps } from '../../web/src/graph/plan'
import { countDone, progressByStep, withLive } from '../../web/src/graph/progress'

const view = (key: string, status: StepStatus): StepView => ({
  key,
  stepId: key.split('.').at(-1) ?? key,
  scope: '',
  kind: 'agent',
  status,
  attempt: 1,
  costMicroUsd: 0,
})

describe("a run's steps in the graph", () => {
  it('are gathered by the step of the plan, the most urgent status first', () => {
    const progress = progressByStep([view('items[0].read', 'completed'), view('items[1].read', 'running'), view('items[2].read', 'failed')])
    expect(progress.get('read')).toEqual({ status: 'failed', done: 2, total: 3, keys: ['items[0].read', 'items[1].read', 'items[2].read'] })
  })

  it('count as skipped when a completed run never came to them', () => {
    const progress = progressByStep([view('a', 'completed')], planSteps([bareStep('a', 'x', 'y'), bareStep('b', 'x', 'y')]))
    expect([progress.get('a')?.status, progress.get('b')?.status]).toEqual(['completed', 'skipped'])
  })

  it('take the newer status from events', () => {
    expect(withLive([view('a', 'pending')], { a: 'running' })[0]?.status).toBe('running')
  })

  it('keep an end that was read before the event came', () => {
    expect(withLive([view('a', 'completed')], { a: 'running' })[0]?.status).toBe('completed')
  })

  it('count as done once they have ended, however', () => {
    expect(countDone([view('a', 'completed'), view('b', 'skipped'), view('c', 'waiting')])).toEqual({ done: 2, total: 3 })
  })
})
