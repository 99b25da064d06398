import { runDurableObjectAlarm } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import { world } from '../../fakes/run-env'
import { agentStep, dispatchOf, type RunStub, start, view } from './kit'

afterEach(() => {
  world.clockOffsetMs = 0
})

/** Claims an attempt as a Worker would that then vanishes, and lets its lease run out. */
async function lose(stub: RunStub, runId: string, attempt: number) {
  const { token } = await dispatchOf(runId, 'read', attempt)
  expect((await stub.claim('read', token, 1_000)).ok).toBe(true)
  for (const ms of [1_100, 100]) {
    world.clockOffsetMs += ms
    await runDurableObjectAlarm(stub)
  }
}

test('a document whose reader is lost twice is not read a third time: the run fails and says why', async () => {
  const { id, stub } = await start([agentStep('read', { agent: 'ingestion' })])
  await lose(stub, id, 1)
  expect((await view(stub)).status).toBe('running')
  await lose(stub, id, 2)
  expect(await view(stub)).toMatchObject({ status: 'failed', error: { reason: 'attempts_lost' } })
})

test('other agents keep the retries of their step', async () => {
  const { id, stub } = await start([agentStep('read')])
  await lose(stub, id, 1)
  await lose(stub, id, 2)
  expect((await view(stub)).status).toBe('running')
})
