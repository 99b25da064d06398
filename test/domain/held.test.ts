import { expect, test } from 'vitest'
import { createHeld } from '../../workers/domain/held'

function createWorld() {
  let now = 0
  let reads = 0
  const held = createHeld<number>()
  return {
    held,
    get: () => held.get(now, 1_000, async () => ++reads),
    set: (time: number) => {
      now = time
    },
  }
}

test('a value is read once within its age, and again after it', async () => {
  const { get, set } = createWorld()
  expect([await get(), await get()]).toEqual([1, 1])
  set(1_000)
  expect(await get()).toBe(2)
  set(-5_000)
  expect(await get()).toBe(3)
})

test('a reading that never ends keeps nobody else waiting', async () => {
  const { held, get } = createWorld()
  void held.get(0, 1_000, () => new Promise(() => undefined))
  expect(await get()).toBe(1)
  expect(await get()).toBe(1)
})

test('what was read before it was let go is not held', async () => {
  const { held, get } = createWorld()
  let end = (_: number) => {}
  const reading = held.get(0, 1_000, () => new Promise<number>((resolve) => (end = resolve)))
  held.letGo()
  end(7)
  expect(await reading).toBe(7)
  expect(await get()).toBe(1)
})

test('a failure is told to whom it happened and not held', async () => {
  const { held, get } = createWorld()
  await expect(held.get(0, 1_000, () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await get()).toBe(1)
})
