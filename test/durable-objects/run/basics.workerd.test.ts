import { expect, test } from 'vitest'
import { world } from '../../fakes/run-env'
import { agentStep, dispatchOf, newRun, perform, start, status, step, until, view } from './kit'

test('runs agent steps one after the other and gives the outputs', async () => {
  const { id, stub } = await start(
    [agentStep('one', { input: { text: '${{ input.text }}' } }), agentStep('two', { input: { text: '${{ steps.one.output.text }}' } })],
    { text: 'hello' },
    { said: '${{ steps.two.output.text }}' },
  )
  expect((await perform(stub, id, 'one', { text: 'hello back' })).input).toEqual({ text: 'hello' })
  expect((await perform(stub, id, 'two', { text: 'done' })).input).toEqual({ text: 'hello back' })
  const run = await status(stub, 'completed')
  expect(run.outputs).toEqual({ said: 'done' })
})

test('does pure steps and http steps without any agent', async () => {
  const { stub } = await start(
    [
      step({ id: 'check', kind: 'validate', value: '${{ input }}', schema: { type: 'object', required: ['n'] } }),
      step({ id: 'double', kind: 'set', value: { n: '${{ input.n * 2 }}' } }),
      step({
        id: 'big',
        kind: 'if',
        condition: 'steps.double.output.n > 10',
        then: [
          step({
            id: 'call',
            kind: 'http',
            method: 'POST',
            url: 'https://example.com/x',
            headers: {},
            body: { n: '${{ steps.double.output.n }}' },
          }),
        ],
        else: [],
      }),
      step({ id: 'record', kind: 'set', value: '${{ steps.double.output.n }}' }),
    ],
    { n: 21 },
    { n: '${{ steps.record.output }}', ok: '${{ steps.call.output.body.ok }}' },
  )
  const run = await status(stub, 'completed')
  expect(run.outputs).toEqual({ n: 42, ok: true })
  expect(run.effects).toMatchObject([{ status: 'settled', attempts: 1, kind: 'http', target: 'example.com' }])
  expect(world.projected.size).toBeGreaterThanOrEqual(0)
})

test('branches and items that end in a computed step give what it computed', async () => {
  const { stub } = await start(
    [
      step({
        id: 'both',
        kind: 'parallel',
        branches: [
          { id: 'a', steps: [step({ id: 'a1', kind: 'set', value: 5 })] },
          { id: 'b', steps: [step({ id: 'b1', kind: 'set', value: 6 }), step({ id: 'b2', kind: 'set', value: { k: 9 } })] },
        ],
      }),
      step({
        id: 'each',
        kind: 'forEach',
        items: '${{ input.list }}',
        concurrency: 2,
        steps: [step({ id: 'twice', kind: 'set', value: '${{ item * 2 }}' })],
      }),
    ],
    { list: [1, 2] },
    { both: '${{ steps.both.output }}', each: '${{ steps.each.output }}' },
  )
  const run = await status(stub, 'completed')
  expect(run.outputs).toEqual({ both: { a: 5, b: { k: 9 } }, each: [2, 4] })
})

test('parallel branches go on independently and join', async () => {
  const { id, stub } = await start(
    [
      step({
        id: 'both',
        kind: 'parallel',
        branches: [
          { id: 'a', steps: [agentStep('a1'), agentStep('a2')] },
          { id: 'b', steps: [agentStep('b1')] },
        ],
      }),
      agentStep('after', { input: { a: '${{ steps.a2.output }}', b: '${{ steps.both.output.b }}' } }),
    ],
    {},
    '${{ steps.after.output }}',
  )
  await perform(stub, id, 'both.a.a1', 1)
  await perform(stub, id, 'both.a.a2', 'A')
  await perform(stub, id, 'both.b.b1', 'B')
  expect((await perform(stub, id, 'after', 'end')).input).toEqual({ a: 'A', b: 'B' })
  expect((await status(stub, 'completed')).outputs).toBe('end')
})

test('forEach runs each item in a scope of its own, never more at once than allowed', async () => {
  const { id, stub } = await start(
    [
      step({
        id: 'each',
        kind: 'forEach',
        items: '${{ input.list }}',
        concurrency: 2,
        steps: [agentStep('read', { input: { item: '${{ item }}', index: '${{ index }}' } })],
      }),
    ],
    { list: ['x', 'y', 'z'] },
    '${{ steps.each.output }}',
  )
  await perform(stub, id, 'each[0].read', 'X')
  const steps = await stub.steps()
  expect(steps.ok && steps.value.filter((row) => row.kind === 'agent').length).toBeLessThanOrEqual(3)
  await perform(stub, id, 'each[1].read', 'Y')
  expect((await perform(stub, id, 'each[2].read', 'Z')).input).toEqual({ item: 'z', index: 2 })
  expect((await status(stub, 'completed')).outputs).toEqual(['X', 'Y', 'Z'])
})

test('an approval waits for a person and goes on once', async () => {
  const { id, stub } = await start(
    [
      step({ id: 'ok', kind: 'approval', title: 'Pay {{ input.n }}?', details: {}, onExpire: 'reject', onReject: 'fail' }),
      agentStep('pay'),
    ],
    { n: 5 },
  )
  const waiting = await status(stub, 'waiting')
  expect(waiting.approvals[0]).toMatchObject({ title: 'Pay 5?', status: 'open' })
  const approvalId = waiting.approvals[0]!.id
  for (let time = 0; time < 2; time += 1) expect((await stub.continue({ approvalId, decision: 'approve', by: 'ann' })).ok).toBe(true)
  const contrary = await stub.continue({ approvalId, decision: 'reject', by: 'bob' })
  expect(contrary).toMatchObject({ ok: false, error: { code: 'conflict' } })
  await perform(stub, id, 'pay', {})
  await status(stub, 'completed')
  const log = await stub.events({ after: 0, limit: 1000 })
  expect(log.ok && log.value.filter((event) => event.type === 'approval.decided')).toHaveLength(1)
})

test('an event that comes before its wait is not lost', async () => {
  const { id, stub } = await start(
    [agentStep('first'), step({ id: 'paid', kind: 'waitEvent', event: 'payment', correlation: '${{ input.order }}' })],
    { order: 'o1' },
    '${{ steps.paid.output.payload }}',
  )
  await stub.continue({ event: 'payment', correlation: 'o1', payload: { amount: 3 } })
  await perform(stub, id, 'first', {})
  expect((await status(stub, 'completed')).outputs).toEqual({ amount: 3 })
})

test('asking for a run that never was answers not_found', async () => {
  const { stub } = newRun()
  expect(await stub.get()).toMatchObject({ ok: false, error: { code: 'not_found' } })
})

test('a failed step fails the run, and resume goes on from it in the same run', async () => {
  const { id, stub } = await start([
    agentStep('a'),
    agentStep('b', { retry: { maxAttempts: 1, initialMs: 1, factor: 1, maxMs: 1, jitter: 0, on: [] } }),
  ])
  await perform(stub, id, 'a', {})
  const first = await dispatchOf(id, 'b')
  await stub.claim('b', first.token, 60_000)
  await stub.report('b', first.token, { status: 'failed', error: { code: 'invalid', message: 'no' } })
  expect((await status(stub, 'failed')).error).toMatchObject({ code: 'invalid', stepKey: 'b' })
  expect((await stub.resume('ann')).ok).toBe(true)
  await perform(stub, id, 'b', {}, 2)
  await status(stub, 'completed')
  expect(world.dispatches.filter((d) => d.runId === id && d.stepKey === 'a')).toHaveLength(1)
  expect((await view(stub)).error).toBeUndefined()
})

test('a branch that failed is resumed while its sibling still waits for a person', async () => {
  const once = { maxAttempts: 1, initialMs: 1, factor: 1, maxMs: 1, jitter: 0, on: [] }
  const { id, stub } = await start(
    [
      step({
        id: 'both',
        kind: 'parallel',
        branches: [
          { id: 'work', steps: [agentStep('read', { retry: once })] },
          { id: 'people', steps: [step({ id: 'ok', kind: 'approval', title: 'Go?', details: {}, onExpire: 'reject', onReject: 'fail' })] },
        ],
      }),
    ],
    {},
    '${{ steps.both.output.work }}',
  )
  const asked = await until(async () => (await view(stub)).approvals[0], 'the approval')
  expect(await stub.resume('ann')).toMatchObject({ ok: false, error: { code: 'conflict' } })
  const first = await dispatchOf(id, 'both.work.read')
  await stub.claim('both.work.read', first.token, 60_000)
  await stub.report('both.work.read', first.token, { status: 'failed', error: { code: 'invalid', message: 'no' } })
  expect((await status(stub, 'waiting')).error).toBeUndefined()
  expect((await stub.resume('ann')).ok).toBe(true)
  await perform(stub, id, 'both.work.read', 'read', 2)
  await stub.continue({ approvalId: asked.id, decision: 'approve', by: 'ann' })
  expect((await status(stub, 'completed')).outputs).toEqual('read')
})
