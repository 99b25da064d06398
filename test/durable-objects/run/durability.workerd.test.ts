import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import { eventHash } from '../../../durable-objects/run/event-log'
import { world } from '../../fakes/run-env'
import { agentStep, dispatchOf, newRun, perform, type RunStub, start, status, step, stubOf, until, view } from './kit'

afterEach(() => {
  world.clockOffsetMs = 0
  world.dropDispatches = false
  world.answer = async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' })
})

const once = { maxAttempts: 1, initialMs: 1, factor: 1, maxMs: 1, jitter: 0, on: [] }

/** Ends the object as a dying process would: what was under way is gone. */
async function crash(stub: RunStub) {
  await runInDurableObject(stub, (_object, state) => state.abort('crash')).catch((thrown: unknown) =>
    expect(String(thrown)).toContain('crash'),
  )
}

/** Fires the alarm as if `ms` had passed. */
async function pass(stub: RunStub, ms: number) {
  world.clockOffsetMs += ms
  await runDurableObjectAlarm(stub)
}

test('an eviction at every step boundary changes nothing', async () => {
  const { id, stub } = await start(
    [
      agentStep('a'),
      step({
        id: 'fan',
        kind: 'parallel',
        branches: [
          { id: 'x', steps: [agentStep('x1')] },
          { id: 'y', steps: [agentStep('y1')] },
        ],
      }),
      step({ id: 'each', kind: 'forEach', items: [1, 2], concurrency: 1, steps: [agentStep('e')] }),
      agentStep('z', { input: { from: '${{ steps.a.output }}' } }),
    ],
    {},
    { each: '${{ steps.each.output }}', z: '${{ steps.z.output }}' },
  )
  for (const [key, output] of [
    ['a', 'A'],
    ['fan.x.x1', 'X'],
    ['fan.y.y1', 'Y'],
    ['each[0].e', 'E0'],
    ['each[1].e', 'E1'],
    ['z', 'Z'],
  ] as const) {
    const dispatch = await dispatchOf(id, key)
    await evictDurableObject(stub)
    await stub.claim(key, dispatch.token, 60_000)
    await evictDurableObject(stub)
    await stub.report(key, dispatch.token, { status: 'completed', output })
    await evictDurableObject(stub)
    await pass(stub, 60_001)
  }
  const run = await status(stub, 'completed')
  expect(run.outputs).toEqual({ each: ['E0', 'E1'], z: 'Z' })
  // Sent again, perhaps, but never a second attempt of anything.
  expect(new Set(world.dispatches.filter((dispatch) => dispatch.runId === id).map((dispatch) => dispatch.token)).size).toBe(6)
})

test('a message delivered twice or late is refused and a late report changes nothing', async () => {
  const { id, stub } = await start(
    [agentStep('a', { retry: { ...once, maxAttempts: 2, on: ['unavailable'] } })],
    {},
    '${{ steps.a.output }}',
  )
  const first = await dispatchOf(id, 'a')
  expect((await stub.claim('a', first.token, 1_000)).ok).toBe(true)
  expect(await stub.claim('a', first.token, 1_000)).toMatchObject({ ok: false, error: { code: 'conflict' } })
  await pass(stub, 1_001)
  await pass(stub, 1_001)
  const second = await dispatchOf(id, 'a', 2)
  expect((await stub.claim('a', second.token, 60_000)).ok).toBe(true)
  await stub.report('a', first.token, { status: 'completed', output: 'late' })
  expect((await view(stub)).status).toBe('running')
  await stub.report('a', second.token, { status: 'completed', output: 'right' })
  await stub.report('a', second.token, { status: 'completed', output: 'again' })
  expect((await status(stub, 'completed')).outputs).toBe('right')
})

test('a dispatch that the queue lost is sent again by the alarm', async () => {
  world.dropDispatches = true
  const { id, stub } = await start([agentStep('a')])
  expect(world.dispatches.some((dispatch) => dispatch.runId === id)).toBe(false)
  world.dropDispatches = false
  await evictDurableObject(stub)
  await pass(stub, 30_001)
  await perform(stub, id, 'a', {})
  await status(stub, 'completed')
})

test('an effect cut off between acting and recording is unknown, is not repeated, and a person settles it', async () => {
  let calls = 0
  world.answer = async () => {
    calls += 1
    return await new Promise(() => undefined)
  }
  const before = await start([
    step({
      id: 'send',
      kind: 'http',
      method: 'POST',
      url: 'https://example.com/',
      headers: {},
      body: {},
      retry: { ...once, maxAttempts: 3, on: ['unavailable'] },
    }),
  ])
  await until(() => (calls === 1 ? true : undefined), 'the request')
  await crash(before.stub)
  const stub = stubOf(before.id)
  await pass(stub, 30_001)
  await pass(stub, 60_001)
  const waiting = await status(stub, 'waiting')
  expect(waiting.effects).toMatchObject([{ status: 'unknown', attempts: 1 }])
  expect(calls).toBe(1)
  await stub.continue({ effectId: waiting.effects[0]!.id, outcome: 'settled', answer: { id: 7 }, by: 'ann' })
  await pass(stub, 1)
  const run = await status(stub, 'completed')
  const steps = await stub.steps()
  expect(steps.ok && steps.value[0]?.output).toEqual({ status: null, body: { id: 7 }, confirmedBy: 'ann' })
  expect(run.effects).toMatchObject([{ status: 'settled', attempts: 1 }])
  expect(calls).toBe(1)
})

test('an effect that the other side refused is tried again under the same key', async () => {
  const keys: (string | undefined)[] = []
  world.answer = async (request) => {
    keys.push(request.headers?.['idempotency-key'])
    return keys.length < 3 ? { status: 503, headers: {}, body: '' } : { status: 200, headers: {}, body: 'fine' }
  }
  const { stub } = await start([
    step({
      id: 'send',
      kind: 'http',
      method: 'POST',
      url: 'https://example.com/',
      headers: {},
      body: {},
      retry: { ...once, maxAttempts: 3, on: ['unavailable'] },
    }),
  ])
  for (let time = 0; time < 3; time += 1) {
    await new Promise((resolve) => setTimeout(resolve, 30))
    await pass(stub, 10)
  }
  const run = await status(stub, 'completed')
  expect(run.effects).toMatchObject([{ status: 'settled', attempts: 3 }])
  expect(new Set(keys).size).toBe(1)
})

test('cancelling stops what is pending and keeps the record', async () => {
  const { id, stub } = await start([agentStep('a'), agentStep('b')])
  await perform(stub, id, 'a', 'kept')
  const pending = await dispatchOf(id, 'b')
  expect((await stub.cancel('ann')).ok).toBe(true)
  expect(await stub.claim('b', pending.token, 1_000)).toMatchObject({ ok: false })
  const steps = await stub.steps()
  expect(steps.ok && steps.value.map((row) => [row.key, row.status, row.output])).toEqual([
    ['a', 'completed', 'kept'],
    ['b', 'cancelled', undefined],
  ])
  expect((await view(stub)).wakeAt).toBeUndefined()
})

test('every live run has a wake time, and the log is one unbroken chain', async () => {
  const { id, stub } = await start([agentStep('a'), step({ id: 'pause', kind: 'wait', durationMs: 3_600_000 })])
  expect((await view(stub)).wakeAt).toBeDefined()
  await perform(stub, id, 'a', {})
  expect(Date.parse((await status(stub, 'waiting')).waits[0]?.wakeAt ?? '')).toBeGreaterThan(Date.now() + 3_000_000)
  await pass(stub, 3_600_001)
  await status(stub, 'completed')
  const log = await stub.events({ after: 0, limit: 1_000 })
  if (!log.ok) throw new Error(log.error.message)
  let previous = ''
  for (const [index, { hash, prevHash, ...entry }] of log.value.entries()) {
    expect(entry.seq).toBe(index + 1)
    expect(prevHash).toBe(previous)
    expect(eventHash(prevHash, entry)).toBe(hash)
    previous = hash
  }
})

test('outputs over 64 KB are kept by reference and read where an expression needs them', async () => {
  const { id, stub } = await start([agentStep('a'), agentStep('b', { input: { n: '${{ size(steps.a.output.text) }}' } })], {}, null)
  await perform(stub, id, 'a', { text: 'x'.repeat(200_000) })
  await evictDurableObject(stub)
  expect((await perform(stub, id, 'b', {})).input).toEqual({ n: 200_000 })
  const steps = await stub.steps()
  expect(steps.ok && steps.value[0]).toMatchObject({ outputRef: expect.stringContaining('runs/') })
})

test('a fork serves what comes before the change from the record', async () => {
  const { id, stub } = await start(
    [agentStep('a'), agentStep('b', { input: { a: '${{ steps.a.output }}' } }), agentStep('c', { input: { b: '${{ steps.b.output }}' } })],
    {},
    '${{ steps.c.output }}',
  )
  await perform(stub, id, 'a', 'A')
  await perform(stub, id, 'b', 'B')
  await perform(stub, id, 'c', 'C')
  await status(stub, 'completed')
  const source = await stub.exportFork({ fromStep: 'c', overrides: { b: 'B2' } })
  if (!source.ok) throw new Error(source.error.message)
  const fork = newRun()
  await fork.stub.start({
    tenantId: 'ten_a',
    runId: fork.id,
    workflow: source.value.workflow,
    input: source.value.input,
    trigger: 'fork',
    fork: source.value,
  })
  expect((await perform(fork.stub, fork.id, 'c', 'C2')).input).toEqual({ b: 'B2' })
  expect((await status(fork.stub, 'completed')).outputs).toBe('C2')
  expect(world.dispatches.filter((dispatch) => dispatch.runId === fork.id)).toHaveLength(1)
})

test('a WebSocket viewer resumes after the last seq it saw', async () => {
  const { id, stub } = await start([agentStep('a')])
  const response = await stub.fetch('https://run/events?after=1', { headers: { upgrade: 'websocket' } })
  const socket = response.webSocket
  if (!socket) throw new Error('no socket')
  const seen: number[] = []
  socket.accept()
  socket.addEventListener('message', (message) => {
    seen.push((JSON.parse(String(message.data)) as { seq: number }).seq)
  })
  await evictDurableObject(stub, { webSockets: 'hibernate' } as never)
  await perform(stub, id, 'a', {})
  await until(() => (seen.length >= 4 ? true : undefined), 'events')
  expect(seen).toEqual(seen.map((_, index) => index + 2))
})

test('the alarm slot stands at the earliest timer', async () => {
  const { id, stub } = await start([agentStep('a')])
  await dispatchOf(id, 'a')
  const alarm = await runInDurableObject(stub, async (_object, state) => await state.storage.getAlarm())
  expect(alarm).not.toBeNull()
})

test('a viewer who has left does not hold up the run', async () => {
  const { id, stub } = await start([agentStep('a'), agentStep('b')])
  const response = await stub.fetch('https://run/events?after=0', { headers: { upgrade: 'websocket' } })
  response.webSocket?.accept()
  await runInDurableObject(stub, (_object, state) => {
    for (const socket of state.getWebSockets()) socket.close(1000, 'gone')
  })
  await perform(stub, id, 'a', {})
  await perform(stub, id, 'b', {})
  await status(stub, 'completed')
})

/** Rows of LangGraph's checkpoints that the run has stored. */
const storedCheckpoints = (stub: RunStub) =>
  runInDurableObject(stub, (_object, state) => {
    const { sql } = state.storage
    if (sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'checkpoints'").toArray().length === 0) return 0
    return sql.exec('SELECT id FROM checkpoints').toArray().length
  })

test('a first question that was kept nowhere is asked again from the records, and goes the way that was taken', async () => {
  const { id, stub } = await start(
    [
      agentStep('skipped', { when: 'input.amount < 0' }),
      step({ id: 'seen', kind: 'set', value: { amount: '${{ input.amount }}' } }),
      step({
        id: 'gate',
        kind: 'if',
        condition: 'steps.seen.output.amount > 5',
        then: [agentStep('large')],
        else: [agentStep('small')],
      }),
      agentStep('last'),
    ],
    { amount: 9 },
    '${{ steps.last.output }}',
  )
  const first = await dispatchOf(id, 'large')
  await evictDurableObject(stub)
  expect(await storedCheckpoints(stub)).toBe(0)
  await stub.claim('large', first.token, 60_000)
  await stub.report('large', first.token, { status: 'completed', output: 'L' })
  const second = await dispatchOf(id, 'last')
  expect(await storedCheckpoints(stub)).toBe(1)
  await evictDurableObject(stub)
  await stub.claim('last', second.token, 60_000)
  await stub.report('last', second.token, { status: 'completed', output: 'end' })
  expect((await status(stub, 'completed')).outputs).toBe('end')
  const events = await stub.events({ after: 0, limit: 100 })
  const completed = (events.ok ? events.value : []).filter(({ type }) => type === 'step.completed' || type === 'step.skipped')
  expect(completed.map(({ type, stepKey }) => `${type} ${stepKey ?? ''}`)).toEqual([
    'step.skipped skipped',
    'step.completed seen',
    'step.completed gate',
    'step.completed large',
    'step.completed last',
  ])
})
