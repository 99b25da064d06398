import { expect, test } from 'vitest'
import type { ChaosReceiver } from '../../bench/chaos-receiver'
import { type ChaosRun, isStuck, judge } from '../../bench/chaos-verdict'

const NOW = Date.parse('2026-11-21T09:00:00.000Z')
const effect = (more: Partial<ChaosRun['effects'][number]> = {}) => ({ id: 'eff_1', key: 'k1', status: 'settled', attempts: 1, ...more })
const run = (more: Partial<ChaosRun> = {}): ChaosRun => ({ id: 'run_1', status: 'completed', effects: [effect()], ...more })
const receiver = (deliveries: Record<string, number>): ChaosReceiver => ({
  url: '',
  deliveries: new Map(Object.entries(deliveries).map(([key, count]) => [key, { orderId: key, count }])),
  stop: () => undefined,
})
const FACTS = { kills: 1, acknowledged: ['run_1'], stuck: 0 }
const broken = (runs: ChaosRun[], deliveries: Record<string, number>, facts = FACTS) => judge(runs, receiver(deliveries), facts).broken

test('a run that ended with its effect delivered once keeps every promise', () => {
  const verdict = judge([run()], receiver({ k1: 1 }), FACTS)
  expect(verdict.broken).toEqual([])
  expect(Object.fromEntries(verdict.figures.map(({ figure, value }) => [figure, value]))).toMatchObject({
    'runs completed': 1,
    'keys delivered': 1,
    'keys delivered more than once': 0,
  })
})

test.each<[string, ChaosRun[], Record<string, number>, Partial<typeof FACTS>, string]>([
  ['a run that is not at its end', [run({ status: 'running' })], { k1: 1 }, {}, 'not at an end'],
  ['a run that is gone', [], {}, {}, 'was acknowledged and is gone'],
  ['a run that failed', [run({ status: 'failed', error: { message: 'why' } })], { k1: 1 }, {}, 'run_1 failed: why'],
  ['a delivery that came twice', [run()], { k1: 2 }, {}, 'more than once'],
  ['an effect that is settled and never came', [run()], {}, {}, 'never delivered'],
  ['an effect of which nobody knows', [run({ status: 'failed', effects: [effect({ status: 'unknown' })] })], { k1: 1 }, {}, 'is unknown'],
  ['a run that completed without its effect', [run({ effects: [effect({ status: 'pending' })] })], { k1: 1 }, {}, 'not settled'],
  ['a run that was stuck', [run()], { k1: 1 }, { stuck: 1 }, '1 runs were stuck'],
])('%s breaks a promise', (_, runs, deliveries, facts, message) => {
  expect(broken(runs, deliveries, { ...FACTS, ...facts }).join('\n')).toContain(message)
})

test('a live run is stuck when its time to wake is more than a minute past, or it has none', () => {
  const waking = (seconds: number) => run({ status: 'waiting', wakeAt: new Date(NOW + seconds * 1_000).toISOString() })
  expect(isStuck(waking(10), NOW)).toBe(false)
  expect(isStuck(waking(-59), NOW)).toBe(false)
  expect(isStuck(waking(-61), NOW)).toBe(true)
  expect(isStuck(run({ status: 'running' }), NOW)).toBe(true)
  expect(isStuck(run({ status: 'completed' }), NOW)).toBe(false)
})
