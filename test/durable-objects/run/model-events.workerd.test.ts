import { expect, test } from 'vitest'
import { agentStep, dispatchOf, perform, start, status, step, view } from './kit'

const charge = { kind: 'chat' as const, purpose: 'extract', inputTokens: 900, outputTokens: 0, costMicroUsd: 0, latencyMs: 12 }

test('each try at a model is an event of the run: the one that failed, why, and the one that answered', async () => {
  const { id, stub } = await start([agentStep('read')])
  const dispatch = await dispatchOf(id, 'read')
  await stub.claim('read', dispatch.token, 60_000)
  await stub.report('read', dispatch.token, {
    status: 'completed',
    output: {},
    provider: 'second',
    charges: [
      { ...charge, route: 'one', provider: 'first', model: 'm1', failure: { code: 'unavailable', reason: 'timeout', message: 'Silent.' } },
      { ...charge, route: 'two', provider: 'second', model: 'm2', costMicroUsd: 700, prompt: { name: 'fields', version: 3 } },
    ],
  })
  const run = await status(stub, 'completed')
  expect(run.costMicroUsd).toBe(700)
  const events = await stub.events({ after: 0, limit: 100 })
  expect(
    events.ok && events.value.filter(({ type }) => type === 'model.called').map(({ stepKey, body }) => ({ stepKey, body })),
  ).toMatchObject([
    { stepKey: 'read', body: { route: 'one', provider: 'first', failure: { code: 'unavailable', reason: 'timeout' } } },
    { stepKey: 'read', body: { route: 'two', provider: 'second', prompt: { name: 'fields', version: 3 }, costMicroUsd: 700 } },
  ])
})

test('an output of the embedded way in place of a model says so in the log, at the step and at the run', async () => {
  const { id, stub } = await start([agentStep('read'), agentStep('file')])
  const dispatch = await dispatchOf(id, 'read')
  await stub.claim('read', dispatch.token, 60_000)
  expect((await view(stub)).degraded).toBeUndefined()
  const standIn = {
    ...charge,
    inputTokens: 0,
    latencyMs: 0,
    route: 'embedded',
    provider: 'embedded',
    model: 'embedded',
    degraded: true as const,
  }
  await stub.report('read', dispatch.token, {
    ...{ status: 'completed', output: {}, provider: 'embedded', degraded: true },
    charges: [{ ...charge, route: 'one', provider: 'first', model: 'm1', failure: { code: 'unavailable', message: 'Silent.' } }, standIn],
  })
  await perform(stub, id, 'file', {})
  expect(await status(stub, 'completed')).toMatchObject({ degraded: true })
  const events = await stub.events({ after: 0, limit: 100 })
  const told = events.ok ? events.value.filter(({ stepKey }) => stepKey === 'read') : []
  expect(told.find(({ type }) => type === 'step.completed')?.body).toEqual({ attempt: 1, provider: 'embedded', degraded: true })
  expect(told.filter(({ type }) => type === 'model.called').at(-1)?.body).toMatchObject({ provider: 'embedded', degraded: true })
})

test('a score of injection stands in the log, and a workflow branches on it', async () => {
  const guard = agentStep('guard', { agent: 'analysis', operation: 'injection', input: { documentId: 'doc_1' } })
  const gate = step({
    id: 'gate',
    kind: 'if',
    condition: 'steps.guard.output.score >= 0.5',
    then: [step({ id: 'held', kind: 'set', value: true })],
    else: [agentStep('reply')],
  })
  const { id, stub } = await start([guard, gate], {}, { held: '${{ default(steps.held.output, false) }}' })
  const dispatch = await dispatchOf(id, 'guard')
  await stub.claim('guard', dispatch.token, 60_000)
  await stub.report('guard', dispatch.token, {
    status: 'completed',
    output: { score: 0.93, suspicious: true, findings: [] },
    notes: { injection: { score: 0.93, suspicious: true, findings: 1 } },
  })
  expect((await status(stub, 'completed')).outputs).toEqual({ held: true })
  const events = await stub.events({ after: 0, limit: 100 })
  const ended = events.ok ? events.value.find(({ type, stepKey }) => type === 'step.completed' && stepKey === 'guard') : undefined
  expect(ended?.body).toMatchObject({ notes: { injection: { score: 0.93, suspicious: true } } })
})

test('below the score the other branch is taken', async () => {
  const guard = agentStep('guard', { agent: 'analysis', operation: 'injection', input: { documentId: 'doc_1' } })
  const { id, stub } = await start([guard, agentStep('reply', { when: 'steps.guard.output.score < 0.5' })])
  await perform(stub, id, 'guard', { score: 0.02, suspicious: false, findings: [] })
  await perform(stub, id, 'reply', {})
  await status(stub, 'completed')
})
