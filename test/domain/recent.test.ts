import { expect, test } from 'vitest'
import { createRecent } from '../../workers/domain/recent'
import { createTestClock } from '../fakes/clock'

const recentOf = (capacity: number) => {
  const clock = createTestClock()
  const recent = createRecent<string>({ ttlMs: 1_000, capacity, now: () => clock.now().getTime() })
  const asked: string[] = []
  const lookUp = (key: string, value: string | null = key) =>
    recent.lookUp(key, async () => {
      asked.push(key)
      return value ?? undefined
    })
  return { clock, recent, asked, lookUp }
}

test('what was found is given again until its time is over', async () => {
  const { clock, asked, lookUp } = recentOf(10)
  await lookUp('a', 'one')
  clock.advance(999)
  expect(await lookUp('a', 'two')).toBe('one')
  clock.advance(1)
  expect(await lookUp('a', 'two')).toBe('two')
  expect(asked).toEqual(['a', 'a'])
})

test('what was not found is looked for again', async () => {
  const { asked, lookUp } = recentOf(10)
  expect(await lookUp('a', null)).toBeUndefined()
  expect(await lookUp('a', 'one')).toBe('one')
  expect(asked).toHaveLength(2)
})

test('no more is remembered than allowed, and the oldest goes first', async () => {
  const { asked, lookUp } = recentOf(2)
  for (const key of ['a', 'b', 'c', 'b', 'c', 'a']) await lookUp(key)
  expect(asked).toEqual(['a', 'b', 'c', 'a'])
})

test('what is meant is forgotten and nothing else', async () => {
  const { asked, recent, lookUp } = recentOf(10)
  for (const key of ['a', 'b']) await lookUp(key)
  recent.forget((value) => value === 'a')
  for (const key of ['a', 'b']) await lookUp(key)
  expect(asked).toEqual(['a', 'b', 'a'])
})

test('what is found while something is forgotten is not remembered', async () => {
  const { asked, recent, lookUp } = recentOf(10)
  const underWay = lookUp('a')
  recent.forget(() => false)
  await underWay
  await lookUp('a')
  expect(asked).toEqual(['a', 'a'])
})
