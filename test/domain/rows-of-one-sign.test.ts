import { expect, test } from 'vitest'
import { safeFileName } from '../../workers/domain/documents'
import { parseScimFilter } from '../../workers/domain/scim-filter'

/** So long that whoever looks at every part of the row would not come back before the test is given up. */
const ROW = 200_000

test.each([
  ['spaces', ' '.repeat(ROW)],
  ['spaces between two words', `a${' '.repeat(ROW)}b`],
  ['comparisons without an end', ' eq "x'.repeat(ROW / 6)],
])('a filter of %s is refused at once', (_, filter) => {
  expect(() => parseScimFilter(filter)).toThrow('Filters compare')
})

test.each([
  ['dots', `${'.'.repeat(ROW)}a.txt`, 'unnamed'],
  ['dots and spaces', `x${'. '.repeat(ROW)}y`, 'x'],
  ['slashes', `${'/'.repeat(ROW)}a.txt`, 'a.txt'],
])('a file name of %s is cleaned at once', (_, name, cleaned) => {
  expect(safeFileName(name)).toBe(cleaned)
})

test('spaces around a filter and in its value stay what they are', () => {
  expect(parseScimFilter('  userName   EQ "a  b"  ')).toEqual({ attribute: 'userName', value: 'a  b' })
  expect(parseScimFilter('emails[type eq "work"].value eq "jo@acme.example"')).toEqual({ attribute: 'email', value: 'jo@acme.example' })
})
