import { expect, test } from 'vitest'
import { lazily } from '../../workers/domain/lazily'

const counted = () => {
  const made: string[] = []
  const make = (name: string) => () => {
    made.push(name)
    return { name }
  }
  return { made, object: lazily<{ a: { name: string }; b: { name: string } }>({ a: make('a'), b: make('b') }) }
}

test('a member is made when it is first asked for, and once', () => {
  const { made, object } = counted()
  expect(made).toEqual([])
  expect(object.a).toBe(object.a)
  expect(made).toEqual(['a'])
})

test('a spread holds every member, the made ones as they are', () => {
  const { made, object } = counted()
  const { a } = object
  expect({ ...object }).toEqual({ a: { name: 'a' }, b: { name: 'b' } })
  expect({ ...object }.a).toBe(a)
  expect(made).toEqual(['a', 'b'])
})
