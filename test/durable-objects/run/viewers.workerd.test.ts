import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import { SOCKET_MS, SOCKET_OVER } from '../../../workers/domain/live-socket'
import { world } from '../../fakes/run-env'
import { agentStep, perform, type RunStub, start, status, until } from './kit'

afterEach(() => {
  world.clockOffsetMs = 0
})

/** A viewer that notes the events it is sent, and how its connection ends. */
async function watch(stub: RunStub, after: number) {
  const response = await stub.fetch(`https://run/events?after=${after}`, { headers: { upgrade: 'websocket' } })
  const socket = response.webSocket
  if (!socket) throw new Error('no socket')
  const viewer = { seen: [] as number[], closed: undefined as number | undefined }
  socket.addEventListener('message', ({ data }) => {
    viewer.seen.push((JSON.parse(String(data)) as { seq: number }).seq)
  })
  socket.addEventListener('close', ({ code }) => {
    viewer.closed = code
    socket.close(code)
  })
  socket.accept()
  return viewer
}

const hibernate = (stub: RunStub) => evictDurableObject(stub, { webSockets: 'hibernate' } as never)
const alarmOf = (stub: RunStub) => runInDurableObject(stub, async (_object, state) => await state.storage.getAlarm())
const closeCode = (viewer: { closed: number | undefined }) => until(() => viewer.closed, 'the end of the connection')

async function ended() {
  const { id, stub } = await start([agentStep('a')])
  await perform(stub, id, 'a', {})
  await status(stub, 'completed')
  // The list row is written and its timer gone: nothing but a viewer wakes the object.
  await until(async () => {
    await runDurableObjectAlarm(stub)
    return (await alarmOf(stub)) === null ? true : undefined
  }, 'no alarm')
  return { id, stub }
}

test('a socket of a live run is closed when its time is over, also after an eviction, and the next one misses nothing', async () => {
  const { id, stub } = await start([agentStep('a'), agentStep('b')])
  const first = await watch(stub, 0)
  await until(() => (first.seen.length > 0 ? true : undefined), 'the first events')
  await hibernate(stub)
  world.clockOffsetMs = SOCKET_MS - 60_000
  await runDurableObjectAlarm(stub)
  await perform(stub, id, 'a', {})
  expect(first.closed).toBeUndefined()
  world.clockOffsetMs = SOCKET_MS + 1
  await hibernate(stub)
  await runDurableObjectAlarm(stub)
  expect(await closeCode(first)).toBe(SOCKET_OVER)
  await perform(stub, id, 'b', {})
  const run = await status(stub, 'completed')
  const second = await watch(stub, first.seen.at(-1) ?? 0)
  await until(() => ((second.seen.at(-1) ?? 0) >= run.lastSeq ? true : undefined), 'the rest')
  expect([...first.seen, ...second.seen]).toEqual(Array.from({ length: run.lastSeq }, (_, index) => index + 1))
})

test('the object of a run that has ended wakes for the end of its viewers, and then no more', async () => {
  const { stub } = await ended()
  const viewer = await watch(stub, 0)
  const at = await alarmOf(stub)
  expect(at).not.toBeNull()
  world.clockOffsetMs = SOCKET_MS / 2
  const late = await watch(stub, 0)
  expect(await alarmOf(stub)).toBe(at)
  await hibernate(stub)
  world.clockOffsetMs = SOCKET_MS + 1
  expect(await runDurableObjectAlarm(stub)).toBe(true)
  expect(await closeCode(viewer)).toBe(SOCKET_OVER)
  // Nothing more comes to the others, and they are told so as soon as the object is awake.
  expect(await closeCode(late)).toBe(1000)
  // It wakes once more, for the one that left before its time.
  await hibernate(stub)
  await runDurableObjectAlarm(stub)
  expect(await alarmOf(stub)).toBeNull()
})

test('a viewer whose time was over does not hold up the run, and is sent nothing more', async () => {
  const { id, stub } = await start([agentStep('a'), agentStep('b')])
  const viewer = await watch(stub, 0)
  await until(() => (viewer.seen.length > 0 ? true : undefined), 'the first events')
  world.clockOffsetMs = SOCKET_MS + 1
  await runDurableObjectAlarm(stub)
  await perform(stub, id, 'a', {})
  await perform(stub, id, 'b', {})
  await status(stub, 'completed')
  expect(await closeCode(viewer)).toBe(SOCKET_OVER)
  expect(viewer.seen.length).toBeLessThan((await status(stub, 'completed')).lastSeq)
})

test('the sockets of a run that is destroyed are closed', async () => {
  const { stub } = await ended()
  const viewer = await watch(stub, 0)
  await stub.purge()
  expect(await closeCode(viewer)).toBe(1000)
})
