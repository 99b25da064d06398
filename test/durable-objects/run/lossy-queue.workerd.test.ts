import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import type { Dispatch } from '../../../workers/domain/runs'
import { world } from '../../fakes/run-env'
import { agentStep, type RunStub, start, step, view } from './kit'

afterEach(() => {
  world.clockOffsetMs = 0
})

/** A repeatable stream of numbers in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** An agent behind a bad queue: every message comes twice, some late, one in ten never. It counts how often each step was really done. */
async function workThrough(id: string, stub: RunStub, random: () => number): Promise<Map<string, number>> {
  const done = new Map<string, number>()
  const late: Dispatch[] = []
  let handled = 0
  const deliver = async ({ stepKey, token }: Dispatch) => {
    if (!(await stub.claim(stepKey, token, 5_000)).ok) return
    if (random() < 0.3) await evictDurableObject(stub)
    done.set(`${stepKey} ${token}`, (done.get(`${stepKey} ${token}`) ?? 0) + 1)
    await stub.report(stepKey, token, { status: 'completed', output: stepKey })
  }
  for (let round = 0; round < 200 && (await view(stub)).status !== 'completed'; round += 1) {
    const mine = world.dispatches.filter((dispatch) => dispatch.runId === id)
    for (const dispatch of mine.slice(handled)) {
      if (random() < 0.1) continue
      if (random() < 0.2) late.push(dispatch)
      else await deliver(dispatch)
      await deliver(dispatch)
    }
    handled = mine.length
    if (random() < 0.5) for (const dispatch of late.splice(0)) await deliver(dispatch)
    world.clockOffsetMs += 10_000
    await runDurableObjectAlarm(stub)
  }
  for (const dispatch of late) await deliver(dispatch)
  return done
}

test.each([1, 7, 42, 1_234, 99_991])('messages delivered twice, late or never do every step once (seed %i)', async (seed) => {
  const { id, stub } = await start(
    [
      agentStep('first'),
      step({
        id: 'both',
        kind: 'parallel',
        branches: [
          { id: 'a', steps: [agentStep('a1'), agentStep('a2')] },
          { id: 'b', steps: [agentStep('b1')] },
        ],
      }),
      step({ id: 'each', kind: 'forEach', items: [1, 2, 3, 4], concurrency: 2, steps: [agentStep('read'), agentStep('write')] }),
      agentStep('last'),
    ],
    {},
    '${{ steps.each.output }}',
  )
  const done = await workThrough(id, stub, randomFrom(seed))
  const run = await view(stub)
  expect(run.status).toBe('completed')
  expect(run.outputs).toEqual([0, 1, 2, 3].map((index) => `each[${index}].write`))
  expect([...done.values()].every((count) => count === 1)).toBe(true)
  expect(new Set([...done.keys()].map((attempt) => attempt.split(' ')[0])).size).toBe(13)
})
