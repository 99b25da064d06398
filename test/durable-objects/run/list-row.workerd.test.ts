import { afterEach, expect, test, vi } from 'vitest'
import { world } from '../../fakes/run-env'
import { agentStep, dispatchOf, perform, start, status, step, until, view } from './kit'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** What waits for the second between two rows of a run waits for ever. */
function withoutSeconds(): void {
  const { setTimeout: real } = globalThis
  vi.stubGlobal('setTimeout', (run: () => void, delayMs = 0) => (delayMs > 100 && delayMs <= 1_000 ? 0 : real(run, delayMs)))
}

const row = (id: string) => world.projected.get(id)
const approval = step({ id: 'ask', kind: 'approval', title: 'Pay?', details: null, onReject: 'fail' })

test('a run that waits for somebody is in the lists at once', async () => {
  withoutSeconds()
  const { id } = await start([approval])
  await until(() => row(id), 'its row')
  expect(row(id)).toMatchObject({ status: 'waiting', openApprovals: 1 })
})

test('a run that has handed work to an agent is in the lists at once', async () => {
  withoutSeconds()
  const { id } = await start([agentStep('read')])
  await until(() => row(id), 'its row')
  expect(row(id)).toMatchObject({ status: 'running' })
})

test('a run that may be over in a moment is there after a second, or when it is over', async () => {
  const { answer } = world
  const shown: unknown[] = []
  // The other side answers when the run that calls it has its row.
  world.answer = async (order) => {
    shown.push(
      await until(() => [...world.projected.values()].find(({ title }) => title === 'slow')?.status, 'the row of a run that calls'),
    )
    return await answer(order)
  }
  try {
    const call = step({ id: 'call', kind: 'http', method: 'POST', url: 'https://example.com/x', headers: {}, body: {} })
    const { id, stub } = await start([call], {}, null, 'slow')
    await status(stub, 'completed')
    await until(() => (row(id)?.status === 'completed' ? true : undefined), 'its end')
    expect(shown).toEqual(['running'])
  } finally {
    world.answer = answer
  }
})

test('a question that a busy run asks and has answered is in its row while the run is busy', async () => {
  const branches = [
    { id: 'slow', steps: [agentStep('read')] },
    { id: 'asking', steps: [agentStep('think'), approval] },
  ]
  const { id, stub } = await start([step({ id: 'both', kind: 'parallel', branches })])
  await dispatchOf(id, 'both.slow.read')
  await perform(stub, id, 'both.asking.think', {})
  const open = (count: number) => until(() => (row(id)?.openApprovals === count ? row(id) : undefined), `${count} open`)
  expect(await open(1)).toMatchObject({ status: 'running' })
  const [asked] = (await view(stub)).approvals
  await stub.continue({ approvalId: asked?.id ?? '', decision: 'approve', by: 'usr_x' })
  expect(await open(0)).toMatchObject({ status: 'running' })
})

/** The object would stay in memory as long as one does. */
test('a run that is over leaves no timer behind', async () => {
  const { setTimeout: set, clearTimeout: clear } = globalThis
  const standing = new Set<unknown>()
  vi.stubGlobal('setTimeout', (run: () => void, delayMs = 0) => {
    const timer = set(run, delayMs)
    if (delayMs > 100) standing.add(timer)
    return timer
  })
  vi.stubGlobal('clearTimeout', (timer: number) => {
    standing.delete(timer)
    clear(timer)
  })
  const { id, stub } = await start([
    step({ id: 'call', kind: 'http', method: 'POST', url: 'https://example.com/x', headers: {}, body: {} }),
  ])
  await status(stub, 'completed')
  await until(() => (row(id)?.status === 'completed' ? true : undefined), 'its end')
  expect(standing).toEqual(new Set())
})
