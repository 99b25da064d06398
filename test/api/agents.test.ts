import { expect, test } from 'vitest'
import { call, createAccount, createKit } from './kit'

const status = async (queue: (agent: string) => Promise<{ waiting: number; oldestAt?: string } | undefined>) => {
  const kit = createKit({ queue })
  return await call(kit, await createAccount(kit, 'acme'), 'GET', '/api/v1/agents/status')
}

test('the status of an agent says how much waits for it and since when', async () => {
  const oldestAt = '2026-11-21T08:59:00.000Z'
  const { body } = await status(async (agent) => (agent === 'echo' ? { waiting: 3, oldestAt } : undefined))
  expect(body.items).toMatchObject([{ type: 'echo', status: 'available', queue: { waiting: 3, oldestAt } }])
})

test('an agent whose queue says nothing is shown without it', async () => {
  const { status: code, body } = await status(async () => undefined)
  expect(code).toBe(200)
  expect(body.items[0]).not.toHaveProperty('queue')
})
