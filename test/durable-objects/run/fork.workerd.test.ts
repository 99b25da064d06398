import { expect, test } from 'vitest'
import type { ForkRequest } from '../../../workers/domain/run-control'
import { agentStep, newRun, perform, start, status, step, view } from './kit'

const APPROVAL = step({ id: 'ok', kind: 'approval', title: 'Pay?', details: {}, onExpire: 'reject', onReject: 'fail' })
const PAY = agentStep('pay', { input: { amount: '${{ input.amount }}' } })

/** A run whose payment of 10 was approved and done, forked. */
async function forked(request: ForkRequest) {
  const { id, stub } = await start([APPROVAL, PAY], { amount: 10 })
  const approvalId = (await status(stub, 'waiting')).approvals[0]?.id ?? ''
  await stub.continue({ approvalId, decision: 'approve', by: 'ann' })
  await perform(stub, id, 'pay', 'paid 10')
  await status(stub, 'completed')
  const source = await stub.exportFork(request)
  if (!source.ok) throw new Error(source.error.message)
  const fork = newRun()
  const { workflow, input } = source.value
  await fork.stub.start({ tenantId: 'ten_a', runId: fork.id, workflow, input, trigger: 'fork', fork: source.value })
  return fork
}

test.each([
  ['the same again', {}],
  ['with another input', { input: { amount: 1_000_000 } }],
])('whoever may not approve gets no approval of another run by forking it %s', async (_, more) => {
  const { stub } = await forked({ fromStep: 'pay', ...more })
  expect((await status(stub, 'waiting')).approvals).toMatchObject([{ status: 'open' }])
})

test('whoever may approve goes on with the approval of the run', async () => {
  const { id, stub } = await forked({ fromStep: 'pay', mayApprove: true })
  expect((await perform(stub, id, 'pay', 'paid again')).input).toEqual({ amount: 10 })
  await status(stub, 'completed')
  expect((await view(stub)).approvals).toEqual([])
})
