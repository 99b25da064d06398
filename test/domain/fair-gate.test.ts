import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CONTENTION_MS, createFairGate, type Turn } from '../../workers/domain/fair-gate'

const STALE_MS = 60_000

/** Work that ends when the test says so, by a clock that moves when the test moves it. */
function createWorld(options: { limit?: number; shareWhenContended?: number }) {
  let now = 0
  const sleepers: { until: number; wake: () => void }[] = []
  const sleep = (ms: number) => new Promise<void>((wake) => sleepers.push({ until: now + ms, wake }))
  const gate = createFairGate({ ...options, staleMs: STALE_MS, now: () => now, sleep })
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const settle = async () => {
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve()
  }
  return {
    begun,
    ask: async (tenantId: string, name: string) => {
      void gate(tenantId, () => {
        begun.push(name)
        return new Promise<void>((resolve) => ends.set(name, resolve))
      })
      await settle()
    },
    end: async (name: string) => {
      ends.get(name)?.()
      ends.delete(name)
      await settle()
    },
    /** The request is gone without a word: its work never ends. */
    breakOff: (name: string) => void ends.delete(name),
    running: () => [...ends.keys()],
    advance: async (ms: number) => {
      now += ms
      for (const { wake } of sleepers.filter(({ until }) => until <= now)) wake()
      await settle()
    },
  }
}

test('a tenant that is alone has all there is', async () => {
  const world = createWorld({ shareWhenContended: 1 })
  for (let each = 0; each < 20; each += 1) await world.ask('a', `a${each}`)
  expect(world.begun).toHaveLength(20)
})

test('another tenant is served at once, however much of the first waits', async () => {
  const world = createWorld({ limit: 2 })
  for (let each = 0; each < 10; each += 1) await world.ask('a', `a${each}`)
  await world.ask('b', 'b0')
  await world.end('a0')
  expect(world.begun).toEqual(['a0', 'a1', 'b0'])
  await world.end('b0')
  expect(world.begun.at(-1)).toBe('a2')
})

test('while two are there each has its share, and the rest waits in its own lane', async () => {
  const world = createWorld({ shareWhenContended: 1 })
  await world.ask('b', 'b0')
  await world.end('b0')
  for (let each = 0; each < 5; each += 1) await world.ask('a', `a${each}`)
  expect(world.running()).toEqual(['a0'])
  await world.ask('b', 'b1')
  expect(world.running()).toEqual(['a0', 'b1'])
  await world.end('a0')
  await world.advance(1_000)
  expect(world.running().sort()).toEqual(['a1', 'b1'])
})

test('while two are there a flood leaves the other as much time as it takes', async () => {
  const world = createWorld({ shareWhenContended: 1 })
  await world.ask('b', 'b0')
  await world.end('b0')
  await world.ask('a', 'a0')
  await world.ask('a', 'a1')
  await world.advance(200)
  await world.end('a0')
  expect(world.running()).toEqual([])
  await world.advance(199)
  expect(world.running()).toEqual([])
  await world.advance(1)
  expect(world.running()).toEqual(['a1'])
})

test('work is told that it is crowded only while others are there and more of its own tenant waits', async () => {
  const asked: boolean[] = []
  const gate = createFairGate({ shareWhenContended: 1, staleMs: STALE_MS, now: () => 0, sleep: async () => undefined })
  const look = async ({ isCrowded }: Turn) => {
    await Promise.resolve()
    asked.push(isCrowded())
  }
  await gate('a', look)
  await gate('b', look)
  await Promise.all([gate('a', look), gate('a', look)])
  expect(asked).toEqual([false, false, true, false])
})

test('a tenant with a queue lets what another has under way go first, though not for ever', async () => {
  const world = createWorld({ shareWhenContended: 1 })
  await world.ask('b', 'b0')
  await world.end('b0')
  for (let each = 0; each < 3; each += 1) await world.ask('a', `a${each}`)
  expect(world.running()).toEqual(['a0'])
  await world.ask('b', 'b1')
  await world.end('a0')
  expect(world.running()).toEqual(['b1'])
  await world.end('b1')
  expect(world.running()).toEqual(['a1'])
  await world.ask('b', 'b2')
  await world.ask('a', 'a3')
  await world.end('a1')
  expect(world.running()).toEqual(['b2'])
  await world.advance(100)
  expect(world.running()).toEqual(['b2', 'a2'])
})

test('what follows from work counts as under way after its answer', async () => {
  const gate = createFairGate({ shareWhenContended: 1, staleMs: STALE_MS, now: () => 0, sleep: () => new Promise(() => undefined) })
  let over = (): void => undefined
  const rest = new Promise<void>((resolve) => {
    over = resolve
  })
  const order: string[] = []
  const told = async (name: string) => await gate('a', async () => void order.push(name))
  await told('a0')
  expect(
    await gate('b', async ({ isShared, follow }) => {
      follow(rest)
      return isShared()
    }),
  ).toBe(true)
  const flood = ['a1', 'a2', 'a3'].map(told)
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve()
  expect(order).toEqual(['a0'])
  over()
  await Promise.all(flood)
  expect(order).toEqual(['a0', 'a1', 'a2', 'a3'])
})

test('more than may wait is refused with the time to come back', async () => {
  const gate = createFairGate({ limit: 1, mostWaiting: 1, staleMs: STALE_MS, now: () => 0, sleep: () => new Promise(() => undefined) })
  const never = () => new Promise<void>(() => undefined)
  void gate('a', never)
  void gate('a', never)
  await expect(gate('a', never)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 2_000 })
})

test('the first has everything again once the other was not seen for a while', async () => {
  const world = createWorld({ shareWhenContended: 1 })
  await world.ask('b', 'b0')
  await world.end('b0')
  for (let each = 0; each < 5; each += 1) await world.ask('a', `a${each}`)
  await world.advance(CONTENTION_MS + 1)
  await world.end('a0')
  expect(world.running()).toEqual(['a1', 'a2', 'a3', 'a4'])
})

test('work that was broken off without a word does not hold its place for ever', async () => {
  const world = createWorld({ limit: 1 })
  await world.ask('a', 'a0')
  await world.ask('a', 'a1')
  world.breakOff('a0')
  await world.advance(STALE_MS)
  expect(world.running()).toEqual([])
  await world.advance(STALE_MS)
  expect(world.running()).toEqual(['a1'])
})

test('everything that was asked for is done in the end, never more than the limit at once', async () => {
  const asks = fc.array(fc.record({ tenant: fc.constantFrom('a', 'b', 'c'), endsFirst: fc.boolean(), ms: fc.nat(1_500) }), {
    maxLength: 30,
  })
  await fc.assert(
    fc.asyncProperty(asks, async (list) => {
      const world = createWorld({ limit: 3, shareWhenContended: 1 })
      for (const [index, { tenant, endsFirst, ms }] of list.entries()) {
        await world.ask(tenant, `${tenant}${index}`)
        await world.advance(ms)
        expect(world.running().length).toBeLessThanOrEqual(3)
        const [first] = world.running()
        if (endsFirst && first !== undefined) await world.end(first)
      }
      for (let tries = 0; world.begun.length < list.length && tries < 200; tries += 1) {
        const [first] = world.running()
        if (first !== undefined) await world.end(first)
        await world.advance(1_000)
      }
      expect(world.begun).toHaveLength(list.length)
    }),
    { numRuns: 60 },
  )
})
