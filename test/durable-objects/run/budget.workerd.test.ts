import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import { isShortOfMoney } from '../../../durable-objects/run/budget'
import type { Refusal } from '../../../workers/domain/error'
import { world } from '../../fakes/run-env'
import { agentStep, dispatchOf, perform, type RunStub, start, status, view } from './kit'

afterEach(() => {
  world.clockOffsetMs = 0
})

const REFUSED: Refusal = { code: 'over_budget', message: '$1.00 of $1.00 are spent for this run; …', reason: 'run_ceiling' }

/** A run of two steps whose second was refused money. */
async function runOutOfMoney(error = REFUSED) {
  const run = await start([agentStep('a'), agentStep('b')])
  await perform(run.stub, run.id, 'a', { kept: true })
  const { token } = await dispatchOf(run.id, 'b')
  await run.stub.claim('b', token, 60_000)
  await run.stub.report('b', token, { status: 'failed', error })
  await evictDurableObject(run.stub)
  return { ...run, token }
}

const topUp = (stub: RunStub) => stub.continue({ budget: 'continue', by: 'ann' })

test('a step that was refused money waits, and the run keeps what it has', async () => {
  const { stub } = await runOutOfMoney()
  const run = await status(stub, 'waiting')
  expect(run.error).toBeUndefined()
  expect(run.wakeAt).toBeDefined()
  const steps = await stub.steps()
  expect(steps).toMatchObject({
    value: [
      { key: 'a', status: 'completed', output: { kept: true } },
      { key: 'b', status: 'waiting', error: { reason: 'run_ceiling' } },
    ],
  })
  expect(run.waits).toMatchObject([{ stepKey: 'b', kind: 'budget' }])
})

test('it goes on with the next attempt when somebody says so, and what the old attempt reports changes nothing', async () => {
  const { id, stub, token } = await runOutOfMoney()
  expect(await topUp(stub)).toMatchObject({ ok: true })
  expect(await topUp(stub)).toMatchObject({ ok: false, error: { code: 'conflict' } })
  await evictDurableObject(stub)
  await runDurableObjectAlarm(stub)
  await stub.report('b', token, { status: 'completed', output: 'late' })
  await perform(stub, id, 'b', 'paid', 2)
  expect((await status(stub, 'completed')).status).toBe('completed')
  expect(world.dispatches.filter((dispatch) => dispatch.runId === id && dispatch.stepKey === 'a')).toHaveLength(1)
})

test('its timer lets it try again by itself', async () => {
  const { id, stub } = await runOutOfMoney({ ...REFUSED, retryAfterMs: 600_000 })
  world.clockOffsetMs += 300_000
  await runDurableObjectAlarm(stub)
  expect((await view(stub)).status).toBe('waiting')
  world.clockOffsetMs += 301_000
  await runDurableObjectAlarm(stub)
  await runDurableObjectAlarm(stub)
  await perform(stub, id, 'b', 'paid', 2)
  await status(stub, 'completed')
})

test('the log says for what it waited and who let it go on', async () => {
  const { stub } = await runOutOfMoney()
  await topUp(stub)
  const events = await stub.events({ after: 0, limit: 100 })
  const types = events.ok ? events.value.filter((event) => event.type.startsWith('wait.')).map(({ type, body }) => [type, body]) : []
  expect(types).toMatchObject([
    ['wait.started', { kind: 'budget', ceiling: 'run_ceiling' }],
    ['wait.ended', { kind: 'budget', by: 'ann' }],
  ])
  expect((await view(stub)).id).toBeDefined()
})

test('only what money can mend is waited for', () => {
  expect(isShortOfMoney(REFUSED)).toBe(true)
  expect(isShortOfMoney({ code: 'over_budget', message: '', reason: 'plan_storageBytes' })).toBe(false)
  expect(isShortOfMoney({ code: 'rate_limited', message: '', reason: 'plan_runsPerDay' })).toBe(false)
})
