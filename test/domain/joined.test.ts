import { expect, test, vi } from 'vitest'
import { createJoined } from '../../workers/domain/joined'

/** Reads that end when the test says so, each with its number. */
function createWorld() {
  let now = 0
  const sleepers: { until: number; wake: () => void }[] = []
  const joined = createJoined<number>({
    staleMs: 1_000,
    now: () => now,
    sleep: (ms) => new Promise((wake) => sleepers.push({ until: now + ms, wake })),
  })
  const ends: ((error?: Error) => void)[] = []
  const read = () =>
    new Promise<number>((resolve, reject) => {
      const number = ends.length
      ends.push((error) => (error === undefined ? resolve(number) : reject(error)))
    })
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  }
  return {
    ends,
    ask: (key = 'list') => joined(key, read),
    end: async (number: number, error?: Error) => {
      ends[number]?.(error)
      await settle()
    },
    advance: async (ms: number) => {
      now += ms
      for (const { wake } of sleepers.filter(({ until }) => until <= now)) wake()
      await settle()
    },
  }
}

test('who comes while a read is under way shares the next, never the one that began before the question', async () => {
  const world = createWorld()
  const first = world.ask()
  const others = [world.ask(), world.ask(), world.ask()]
  expect(world.ends).toHaveLength(1)
  await world.end(0)
  expect(await first).toBe(0)
  expect(world.ends).toHaveLength(2)
  const later = world.ask()
  await world.end(1)
  expect(await Promise.all(others)).toEqual([1, 1, 1])
  await world.end(2)
  expect(await later).toBe(2)
  const alone = world.ask()
  await world.end(3)
  expect(await alone).toBe(3)
})

test('other keys have reads of their own', async () => {
  const world = createWorld()
  const both = [world.ask('a'), world.ask('b')]
  await world.end(0)
  await world.end(1)
  expect(await Promise.all(both)).toEqual([0, 1])
})

test('a read that fails fails for those who share it, and the next is read anew', async () => {
  const world = createWorld()
  const first = world.ask()
  const second = world.ask()
  const refused = vi.fn()
  first.catch(refused)
  await world.end(0, new Error('away'))
  expect(refused).toHaveBeenCalledOnce()
  await world.end(1)
  expect(await second).toBe(1)
})

test('a read that was broken off without a word holds nobody up for long', async () => {
  const world = createWorld()
  void world.ask()
  const waiting = world.ask()
  await world.advance(1_000)
  await world.end(1)
  expect(await waiting).toBe(1)
  await world.advance(1)
  const fresh = world.ask()
  await world.end(2)
  expect(await fresh).toBe(2)
})
