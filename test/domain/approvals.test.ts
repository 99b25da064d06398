import { expect, test } from 'vitest'
import { argumentText, notAllowed } from '../../workers/domain/approvals'

const args = { to: 'a@example.com', data: { total: 119, lines: [{ amount: 1, name: 'One' }], note: null }, empty: '' }
const left = (path: (string | number)[], allowed?: true | string[]) => notAllowed(args, path, allowed).map(argumentText)

test('without a word of the workflow the whole argument needs a person', () => {
  expect(left(['to'])).toEqual(['to'])
  expect(left(['data'])).toEqual(['data'])
})

test('what is allowed at a path is allowed below it', () => {
  expect(left(['data'], ['data'])).toEqual([])
  expect(left(['data', 'lines', 0, 'name'], ['data.lines'])).toEqual([])
  expect(left(['to'], true)).toEqual([])
})

test('of a value that is allowed in part the rest needs a person', () => {
  expect(left(['data'], ['data.total', 'data.note', 'data.lines[*].amount'])).toEqual(['data.lines[0].name'])
  expect(left(['data'], ['data.lines[1]'])).toEqual(['data'])
})

test('a name that begins like an allowed one is another', () => {
  expect(notAllowed({ data2: 'x' }, ['data2'], ['data'])).toEqual([['data2']])
  expect(notAllowed({ 'a.b': 'x' }, ['a.b'], ['a'])).toEqual([['a.b']])
})

test('what is empty or absent needs nobody', () => {
  expect(left(['empty'])).toEqual([])
  expect(left(['data', 'note'])).toEqual([])
  expect(left(['missing'])).toEqual([])
})
