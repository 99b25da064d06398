import { expect, test } from 'vitest'
import { createPolled } from '../../workers/domain/polled'

/** Reads that end when the test says so, each with its number. */
function createWorld() {
  let now = 10_000
  const polled = createPolled<number>({ staleMs: 1_000, capacity: 2, now: () => now })
  const ends: ((error?: Error) => void)[] = []
  const read = () =>
    new Promise<number>((resolve, reject) => {
      const number = ends.length
      ends.push((error) => (error === undefined ? resolve(number) : reject(error)))
    })
  return {
    ends,
    ask: (key = 'list') => polled(key, read),
    /** Asks for what has to be read, and ends the reading. */
    readNow: async (key = 'list') => {
      const asked = polled(key, read)
      ends.at(-1)?.()
      return await asked
    },
    advance: (ms: number) => {
      now += ms
    },
  }
}

test('who asks while nobody reads has what stands now', async () => {
  const world = createWorld()
  expect([await world.readNow(), await world.readNow()]).toEqual([0, 1])
})

test('while one reads anew the others have what stood before, and nobody waits for another', async () => {
  const world = createWorld()
  await world.readNow()
  world.advance(200)
  const reader = world.ask()
  expect(await Promise.all([world.ask(), world.ask()])).toEqual([0, 0])
  world.ends[1]?.()
  expect(await reader).toBe(1)
  void world.ask()
  expect(await world.ask()).toBe(1)
  expect(world.ends).toHaveLength(3)
})

test('nothing is given that is older than the bound, whoever reads', async () => {
  const world = createWorld()
  await world.readNow()
  world.advance(900)
  void world.ask()
  world.advance(100)
  const own = world.ask()
  expect(world.ends).toHaveLength(3)
  world.ends[2]?.()
  expect(await own).toBe(2)
})

test('a reader that was broken off is followed by another', async () => {
  const world = createWorld()
  await world.readNow()
  world.advance(200)
  void world.ask()
  world.advance(1_000)
  expect(await world.readNow()).toBe(2)
})

test('a failure is told to whom it happened, and the next one reads', async () => {
  const world = createWorld()
  await world.readNow()
  world.advance(200)
  const failing = world.ask()
  world.ends[1]?.(new Error('the store is away'))
  await expect(failing).rejects.toThrow('the store is away')
  expect(await world.readNow()).toBe(2)
})

test('a slow reading does not replace what was read after it began', async () => {
  const world = createWorld()
  const slow = world.ask()
  world.advance(10)
  expect(await world.readNow()).toBe(1)
  world.ends[0]?.()
  expect(await slow).toBe(0)
  void world.ask()
  expect(await world.ask()).toBe(1)
})

test('keys have values of their own, and the oldest makes room', async () => {
  const world = createWorld()
  for (const key of ['a', 'b', 'c']) await world.readNow(key)
  for (const key of ['b', 'c']) void world.ask(key)
  expect([await world.ask('b'), await world.ask('c')]).toEqual([1, 2])
  expect(await world.readNow('a')).toBe(5)
})
