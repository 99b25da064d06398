import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ABANDONED_MS, RENEW_MS } from '../../workers/domain/idempotency'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

const ORDER = { workflow: 'document-intake', input: { documentId: 'doc_1' } }
const KEY = { 'Idempotency-Key': 'k1' }
let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})
afterEach(() => vi.useRealTimers())

const runs = () => kit.tenant(acme.tenantId).runs
const start = () => call(kit, acme, 'POST', '/api/v1/runs', ORDER, KEY)
/** Lets starts take place but never come to their end, as when the process dies. */
function dieWhileStarting(): () => void {
  const working = runs().start
  runs().start = async (order) => {
    await working(order)
    return await new Promise(() => undefined)
  }
  return () => {
    runs().start = working
  }
}

test('a start whose answer was lost by a failure on our side is found by the repetition, at once', async () => {
  const working = runs().start
  runs().start = async (order) => {
    await working(order)
    throw new Error('the connection broke')
  }
  expect((await start()).status).toBe(500)
  runs().start = working
  const again = await start()
  expect(again.status).toBe(202)
  expect([...runs().all.keys()]).toEqual([again.body.id])
})

test('a start whose process died is found by the repetition as soon as its key is given up', async () => {
  const revive = dieWhileStarting()
  void start()
  await vi.waitFor(() => expect(runs().all.size).toBe(1))
  revive()
  expect((await start()).status).toBe(409)
  kit.clock.advance(ABANDONED_MS + 1)
  const again = await start()
  expect(again.status).toBe(202)
  expect([...runs().all.keys()]).toEqual([again.body.id])
})

test('a request that takes long keeps its key', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const revive = dieWhileStarting()
  void start()
  await vi.waitFor(() => expect(runs().all.size).toBe(1))
  revive()
  for (let time = 0; time < 10; time += 1) {
    kit.clock.advance(RENEW_MS)
    await vi.advanceTimersByTimeAsync(RENEW_MS)
  }
  expect((await start()).status).toBe(409)
})

test('the same key with another request is refused, also when the first one died', async () => {
  dieWhileStarting()
  void start()
  await vi.waitFor(() => expect(runs().all.size).toBe(1))
  kit.clock.advance(ABANDONED_MS + 1)
  const other = { ...ORDER, input: { documentId: 'doc_2' } }
  expect(await call(kit, acme, 'POST', '/api/v1/runs', other, KEY)).toMatchObject({ status: 422, body: { reason: 'key_reused' } })
})
