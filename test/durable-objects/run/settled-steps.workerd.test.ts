import { evictDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { world } from '../../fakes/run-env'
import { agentStep, dispatchOf, perform, type RunStub, start, status, step } from './kit'

const EVICTED = 'goes on after an eviction'
const GOING_ON = ['goes on in the living object', EVICTED]

/** Which events the log has of each step, in order. */
async function told(stub: RunStub): Promise<string[]> {
  const events = await stub.events({ after: 0, limit: 1_000 })
  if (!events.ok) throw new Error(events.error.message)
  return events.value.flatMap(({ type, stepKey }) => (stepKey === undefined ? [] : [`${stepKey} ${type.replace('step.', '')}`]))
}

const computed = (id: string, value: unknown, more: Record<string, unknown> = {}) => step({ id, kind: 'set', value, ...more })

test.each(GOING_ON)('what was computed before a question is not computed again: %s', async (name) => {
  const { id, stub } = await start(
    [
      computed('a', 1),
      step({ id: 'b', kind: 'if', condition: 'steps.a.output == 1', then: [agentStep('ask')], else: [] }),
      computed('c', '${{ steps.ask.output }}'),
      agentStep('more', { input: { from: '${{ steps.c.output }}' } }),
      computed('d', { c: '${{ steps.c.output }}', more: '${{ steps.more.output }}' }),
      agentStep('third'),
    ],
    {},
    '${{ steps.d.output }}',
  )
  for (const [key, output] of [
    ['ask', 'asked'],
    ['more', 'moored'],
    ['third', '3'],
  ] as const) {
    await dispatchOf(id, key)
    if (name === EVICTED) await evictDurableObject(stub)
    await perform(stub, id, key, output)
  }
  expect((await status(stub, 'completed')).outputs).toEqual({ c: 'asked', more: 'moored' })
  const steps = await told(stub)
  expect(steps.filter((each) => each.endsWith(' completed'))).toEqual([
    'a completed',
    'b completed',
    'ask completed',
    'c completed',
    'more completed',
    'd completed',
    'third completed',
  ])
})

test.each(GOING_ON)('steps that were passed over, stood in for or led elsewhere before a question stay so: %s', async (name) => {
  const broken = 'input.nothing.at.all == 1'
  const { id, stub } = await start(
    [
      agentStep('skipped', { when: 'false' }),
      agentStep('replaced', { when: broken, onError: { kind: 'continue', output: 'instead' } }),
      step({
        id: 'choice',
        kind: 'if',
        condition: broken,
        then: [computed('then', 1)],
        else: [computed('else', 1)],
        onError: { kind: 'continue', output: { kind: 'goto', step: 'never' } },
      }),
      agentStep('led', { when: broken, onError: { kind: 'goto', step: 'ask' } }),
      computed('never', 1),
      agentStep('ask'),
      computed('last', { replaced: '${{ steps.replaced.output }}', ask: '${{ steps.ask.output }}' }),
    ],
    {},
    '${{ steps.last.output }}',
  )
  await dispatchOf(id, 'ask')
  if (name === EVICTED) await evictDurableObject(stub)
  await perform(stub, id, 'ask', 'asked')
  expect((await status(stub, 'completed')).outputs).toEqual({ replaced: 'instead', ask: 'asked' })
  expect(await told(stub)).toEqual([
    'skipped skipped',
    'replaced completed',
    'choice completed',
    'led failed',
    'ask scheduled',
    'ask started',
    'ask completed',
    'last completed',
  ])
  expect(world.dispatches.filter((dispatch) => dispatch.runId === id).map((dispatch) => dispatch.stepKey)).toEqual(['ask'])
})

test.each(GOING_ON)('a resumed run computes what failed anew, and nothing before it: %s', async (name) => {
  const { id, stub } = await start([
    computed('a', 1),
    step({ id: 'check', kind: 'validate', value: '${{ steps.a.output }}', schema: { type: 'string' } }),
    agentStep('ask'),
  ])
  await status(stub, 'failed')
  if (name === EVICTED) await evictDurableObject(stub)
  await stub.resume('ann')
  await status(stub, 'failed')
  expect(await told(stub)).toEqual(['a completed', 'check failed', 'check failed'])
  expect(world.dispatches.some((dispatch) => dispatch.runId === id)).toBe(false)
})

test('a step whose condition cannot be computed does not run because the run is resumed', async () => {
  const { id, stub } = await start([computed('a', 1), agentStep('ask', { when: 'input.nothing.at.all == 1' })])
  await status(stub, 'failed')
  await stub.resume('ann')
  await status(stub, 'failed')
  expect(await told(stub)).toEqual(['a completed', 'ask failed', 'ask failed'])
  expect(world.dispatches.some((dispatch) => dispatch.runId === id)).toBe(false)
})
