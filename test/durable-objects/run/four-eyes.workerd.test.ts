import { evictDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { ForkRequest } from '../../../workers/domain/run-control'
import type { RunOrigin } from '../../../workers/domain/run-origins'
import type { Step } from '../../../workers/domain/workflows'
import { agentStep, dispatchOf, newRun, perform, type RunStub, status, step, view, workflow } from './kit'

const FOUR_EYES = step({
  id: 'ok',
  kind: 'approval',
  title: 'Pay?',
  details: {},
  onExpire: 'reject',
  onReject: 'fail',
  preventSelfApproval: true,
})
const EITHER = step({ id: 'ok', kind: 'approval', title: 'Pay?', details: {}, onExpire: 'reject', onReject: 'fail' })
const PAY = agentStep('pay', { input: { amount: '${{ input.amount }}' } })
const NO_RETRY = { retry: { maxAttempts: 1, initialMs: 1, factor: 1, maxMs: 1, jitter: 0, on: [] } }

const from = (kind: RunOrigin['actor']['kind'], id: string, madeBy?: string): RunOrigin => ({
  actor: { kind, id },
  address: '192.0.2.7',
  requestId: 'req_1',
  ...(madeBy !== undefined && { madeBy }),
})

async function startedBy(origin: RunOrigin | undefined, steps: Step[] = [FOUR_EYES, PAY]) {
  const run = newRun()
  const order = { tenantId: 'ten_a', runId: run.id, workflow: workflow(steps), input: { amount: 10 }, trigger: 'api' as const }
  const started = await run.stub.start({ ...order, ...(origin && { origin }) })
  if (!started.ok) throw new Error(started.error.message)
  return run
}

const openApproval = async (stub: RunStub) => (await status(stub, 'waiting')).approvals.find((approval) => approval.status === 'open')

async function decide(stub: RunStub, byIds: string[] | undefined, decision: 'approve' | 'reject' = 'approve') {
  const approvalId = (await openApproval(stub))?.id ?? ''
  return await stub.continue({ approvalId, decision, by: 'somebody', ...(byIds && { byIds }) })
}
const REFUSED = { ok: false, error: { code: 'forbidden', reason: 'self_approval' } }

test.each([
  ['the person', from('user', 'usr_a'), ['usr_a']],
  ['a key that the person made', from('user', 'usr_a'), ['key_x', 'usr_a']],
  ['the key', from('api_key', 'key_a'), ['key_a']],
  ['the person who made the key', from('api_key', 'key_a', 'usr_a'), ['usr_a']],
  ['another key of the person who made the key', from('api_key', 'key_a', 'usr_a'), ['key_b', 'usr_a']],
  ['another key of the service account', { ...from('api_key', 'key_a'), serviceAccountId: 'sva_a' }, ['key_b', 'sva_a']],
  ['somebody who is not named', from('user', 'usr_a'), undefined],
])('%s decides nothing in a run that they started, and somebody else does', async (_, origin, byIds) => {
  const { id, stub } = await startedBy(origin)
  expect(await decide(stub, byIds)).toMatchObject(REFUSED)
  expect(await decide(stub, byIds, 'reject')).toMatchObject(REFUSED)
  await evictDurableObject(stub)
  expect(await decide(stub, byIds)).toMatchObject(REFUSED)
  expect(await decide(stub, ['usr_b'])).toMatchObject({ ok: true })
  await perform(stub, id, 'pay', 'paid')
  expect((await status(stub, 'completed')).approvals).toMatchObject([{ status: 'approved', decidedBy: 'somebody' }])
})

test.each([
  ['a mail', from('mail', 'doc_1')],
  ['the platform', from('system', 'schedule')],
  ['nobody known', undefined],
])('a run that was started by %s bars nobody', async (_, origin) => {
  const { stub } = await startedBy(origin)
  expect(await openApproval(stub)).toMatchObject({ barred: [] })
  expect(await decide(stub, ['usr_a'])).toMatchObject({ ok: true })
})

test('an approval without the demand is decided by whoever started the run', async () => {
  const { stub } = await startedBy(from('user', 'usr_a'), [EITHER, PAY])
  expect(await openApproval(stub)).not.toHaveProperty('barred')
  expect(await decide(stub, ['usr_a'])).toMatchObject({ ok: true })
})

test('the approval says whom it bars while it is open', async () => {
  const { stub } = await startedBy(from('api_key', 'key_a', 'usr_a'))
  expect(await openApproval(stub)).toMatchObject({ barred: ['key_a', 'usr_a'] })
  await decide(stub, ['usr_b'])
  expect((await view(stub)).approvals[0]).not.toHaveProperty('barred')
})

test('time decides what nobody did', async () => {
  const expiring = step({ ...FOUR_EYES, expiresAfterMs: 1 })
  const { stub } = await startedBy(from('user', 'usr_a'), [expiring, PAY])
  expect((await status(stub, 'failed')).approvals).toMatchObject([{ status: 'expired' }])
})

test('whoever resumed the run is barred beside who started it, also by a mail', async () => {
  for (const [origin, starter] of [
    [from('user', 'usr_a'), ['usr_a']],
    [from('mail', 'doc_1'), []],
  ] as const) {
    const { id, stub } = await startedBy(origin, [agentStep('read', NO_RETRY), FOUR_EYES, PAY])
    const { token } = await dispatchOf(id, 'read')
    await stub.claim('read', token, 60_000)
    await stub.report('read', token, { status: 'failed', error: { code: 'invalid', message: 'no' } })
    await status(stub, 'failed')
    expect(await stub.resume('Ann', from('api_key', 'key_b', 'usr_b'))).toMatchObject({ ok: true })
    await evictDurableObject(stub)
    await perform(stub, id, 'read', {}, 2)
    expect(await openApproval(stub)).toMatchObject({ barred: [...starter, 'key_b', 'usr_b'] })
    expect(await decide(stub, ['usr_b'])).toMatchObject(REFUSED)
    expect(await decide(stub, ['usr_c'])).toMatchObject({ ok: true })
    const events = await stub.events({ after: 0, limit: 100 })
    expect(events.ok && events.value.filter(({ type }) => type === 'run.resumed')).toHaveLength(1)
  }
})

/** A run whose payment somebody else approved, and its fork by who started it. */
async function forked(steps: Step[], request: ForkRequest) {
  const { id, stub } = await startedBy(from('user', 'usr_a'), steps)
  await decide(stub, ['usr_b'])
  await perform(stub, id, 'pay', 'paid')
  await status(stub, 'completed')
  return await stub.exportFork({ ...request, origin: from('user', 'usr_a') })
}

test('a fork asks anew for what is for somebody else, though its maker may approve, and bars its maker', async () => {
  const source = await forked([FOUR_EYES, PAY], { fromStep: 'pay', mayApprove: true })
  if (!source.ok) throw new Error(source.error.message)
  const fork = newRun()
  const { workflow: of, input } = source.value
  const order = { tenantId: 'ten_a', runId: fork.id, workflow: of, input, trigger: 'fork' as const, fork: source.value }
  await fork.stub.start({ ...order, origin: from('user', 'usr_a') })
  expect(await decide(fork.stub, ['usr_a'])).toMatchObject(REFUSED)
  expect(await decide(fork.stub, ['usr_b'])).toMatchObject({ ok: true })
})

test('its output is not put in by hand, and an approval that was given without the demand does not stand for one with it', async () => {
  expect(await forked([FOUR_EYES, PAY], { fromStep: 'pay', mayApprove: true, overrides: { ok: { approved: true } } })).toMatchObject(
    REFUSED,
  )
  const demanding = workflow([FOUR_EYES, PAY])
  const source = await forked([EITHER, PAY], { fromStep: 'pay', mayApprove: true, workflow: demanding })
  expect(source.ok && source.value.records).toEqual([])
  const same = await forked([EITHER, PAY], { fromStep: 'pay', mayApprove: true })
  expect(same.ok && same.value.records).toMatchObject([{ stepKey: 'ok' }])
})
