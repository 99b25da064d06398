import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import { eventHash } from '../../../durable-objects/run/event-log'
import type { RunEvent } from '../../../workers/domain/runs'
import { world } from '../../fakes/run-env'
import { type RunStub, start, status, step, until } from './kit'

afterEach(() => {
  world.answer = async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' })
})

const relay = step({ id: 'send', kind: 'http', method: 'POST', url: 'https://example.com/', headers: {}, body: {} })

async function eventsAfter(stub: RunStub, after: number, limit: number): Promise<RunEvent[]> {
  const page = await stub.events({ after, limit })
  if (!page.ok) throw new Error(page.error.message)
  return page.value
}

async function wholeLog(stub: RunStub): Promise<RunEvent[]> {
  const all: RunEvent[] = []
  for (;;) {
    const page = await eventsAfter(stub, all.at(-1)?.seq ?? 0, 1_000)
    all.push(...page)
    if (page.length < 1_000) return all
  }
}

/** A run of more than one segment: 1,050 items with five pure steps each. */
const wide = () =>
  start(
    [
      step({
        id: 'each',
        kind: 'forEach',
        items: '${{ input.items }}',
        concurrency: 200,
        steps: ['a', 'b', 'c', 'd', 'e'].map((id) => step({ id, kind: 'set', value: '${{ item }}' })),
      }),
    ],
    { items: Array.from({ length: 1_050 }, (_, index) => index) },
  )

const rowsKept = (stub: RunStub) =>
  runInDurableObject(
    stub,
    (_object, state) => state.storage.sql.exec<{ count: number }>('SELECT COUNT(*) AS count FROM events').one().count,
  )

test('a body over 64 KB goes to the file store by reference and is given whole when asked for', async () => {
  const text = 'x'.repeat(100_000)
  world.answer = async () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: text })
  const { id, stub } = await start([relay])
  await status(stub, 'completed')
  const settled = (await wholeLog(stub)).find((event) => event.type === 'effect.settled')!
  expect(settled.body).toMatchObject({ ref: `runs/${id}/events/${settled.seq}.json`, characters: expect.any(Number) })
  await until(() => world.files.get(`runs/${id}/events/${settled.seq}.json`), 'the body in the file store')
  await evictDurableObject(stub)
  const whole = await stub.event(settled.seq)
  expect(whole).toMatchObject({ ok: true, value: { body: { receipt: { body: text } } } })
  expect(await stub.event(9_999)).toMatchObject({ ok: false, error: { code: 'not_found' } })
})

/** Connects with the last seq a viewer saw and waits for the newest; what is archived comes first, in order. */
async function lateViewer(stub: RunStub, after: number, last: number) {
  const response = await stub.fetch(`https://run/events?after=${after}`, { headers: { upgrade: 'websocket' } })
  const socket = response.webSocket!
  const seen: number[] = []
  socket.addEventListener('message', (message) => void seen.push((JSON.parse(String(message.data)) as RunEvent).seq))
  socket.accept()
  await until(() => (seen.at(-1) === last ? true : undefined), 'the newest event')
  expect(seen).toEqual(Array.from({ length: last - after }, (_, index) => after + 1 + index))
  socket.close()
}

test('a log of more than 5,000 events rolls into segments that read as one, for lists and for viewers who come late', async () => {
  const { id, stub } = await wide()
  await status(stub, 'completed')
  await until(async () => ((await rowsKept(stub)) <= 5_000 ? true : undefined), 'the first segment archived')
  expect([...world.files.keys()]).toContain(`runs/${id}/events/1-5000.ndjson`)
  await evictDurableObject(stub)
  const log = await wholeLog(stub)
  expect(log.map((event) => event.seq)).toEqual(log.map((_, index) => index + 1))
  expect(log.at(-1)?.type).toBe('run.completed')
  for (const [index, { hash, prevHash, ...entry }] of log.entries()) {
    expect(prevHash).toBe(log[index - 1]?.hash ?? '')
    expect(eventHash(prevHash, entry)).toBe(hash)
  }
  await lateViewer(stub, 4_990, log.length)
})
