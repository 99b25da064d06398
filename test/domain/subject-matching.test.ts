import { expect, test } from 'vitest'
import { createMatcher, problemOf, redactTexts, type Subject, textsOf } from '../../workers/domain/subject-matching'

const finds = (kind: Subject['kind'], identifier: string, text: string) => createMatcher({ kind, identifier }).finds(text)

test.each([
  ['email', 'Canaria@Example.com', 'From: "C. V." <canaria@example.COM>', true],
  ['email', 'canaria@example.com', 'Write to canaria@example.com.', true],
  ['email', 'canaria@example.com', 'not.canaria@example.com', false],
  ['email', 'canaria@example.com', 'canaria@example.com.au', false],
  ['email', 'a.b@example.com', 'aXb@example.com', false],
  ['phone', '+49 30 5550112', 'Tel. 0049 (0)30/555 0112', true],
  ['phone', '+49 30 5550112', 'Tel. +49-30-5550-112,', true],
  ['phone', '+49 30 5550112', '+49 30 55501122', false],
  ['phone', '+49 30 5550112', 'DE49305550112', false],
  ['name', 'Canaria  Vogelsang', 'Frau CANARIA\nVogelsang, Berlin', true],
  ['name', 'Canaria Vogelsang', 'Canaria Vogelsanger', false],
  ['name', 'Ömer Çelik', 'Herr ömer çelik', true],
] as const)('%s %s in %j: %s', (kind, identifier, text, isFound) => {
  expect(finds(kind, identifier, text)).toBe(isFound)
})

test('redaction reaches every text and name in a value and leaves the rest', () => {
  const matcher = createMatcher({ kind: 'email', identifier: 'c@example.com' })
  const redacted = redactTexts({ a: ['to C@example.com today', 3], 'c@example.com': null, b: 'bc@example.com' }, matcher)
  expect(redacted).toEqual({ a: ['to [erased] today', 3], '[erased]': null, b: 'bc@example.com' })
  expect(matcher.finds(textsOf(redacted))).toBe(false)
})

test('an identifier that would find other people is refused', () => {
  expect(problemOf({ kind: 'name', identifier: 'Anna' })).toBeDefined()
  expect(problemOf({ kind: 'phone', identifier: '110' })).toBeDefined()
  expect(problemOf({ kind: 'email', identifier: 'nobody' })).toBeDefined()
  expect(problemOf({ kind: 'email', identifier: 'some@body.example' })).toBeUndefined()
})
