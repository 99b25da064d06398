import { expect, test } from 'vitest'
import { signerAt, verifiersAt } from '../../workers/domain/signing-keys'

const at = (minute: number) => Date.UTC(2026, 10, 21, 9, minute)
const key = (minute: number) => ({ name: `made at ${minute}`, createdAt: new Date(at(minute)).toISOString() })
const [first, second] = [key(0), key(100)]

test('the first key signs at once, a later one after the quarter of an hour in which it becomes known', () => {
  expect(signerAt([], at(0))).toBeUndefined()
  expect(signerAt([first], at(0))).toBe(first)
  expect(signerAt([second, first], at(114))).toBe(first)
  expect(signerAt([second, first], at(115))).toBe(second)
})

test('a new key verifies from the start, and the old one until its last token and five minutes are over', () => {
  expect(verifiersAt([second, first], at(100))).toEqual([first, second])
  expect(verifiersAt([second, first], at(115 + 64))).toEqual([first, second])
  expect(verifiersAt([second, first], at(115 + 65))).toEqual([second])
})
