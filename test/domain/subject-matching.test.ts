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
  ['name', 'Anna-Maria Meyer-Lüdke', 'Frau Anna-Maria Meyer-Lüdke.', true],
  ['name', 'Anna-Maria Meyer-Lüdke', 'Frau AnnaXMaria MeyerXLüdke.', false],
  ['email', 'jean-luc@mail-hub.example', 'to <Jean-Luc@mail-hub.example>', true],
] as const)('%s %s in %j: %s', (kind, identifier, text, isFound) => {
  expect(finds(kind, identifier, text)).toBe(isFound)
})

test('every sign that a keyboard has may stand in an identifier, and means itself', () => {
  const signs = Array.from({ length: 0x7f - 0x21 }, (_, at) => String.fromCharCode(0x21 + at)).filter((sign) => sign !== '@')
  for (const sign of signs) {
    const email = `a${sign}b@c${sign}d.example`
    expect(finds('email', email, `to ${email} today`), sign).toBe(true)
    expect(finds('name', `Al${sign}ex Be${sign}rg`, `Dear Al${sign}ex Be${sign}rg`), sign).toBe(true)
    if (!/[a-zA-Z0-9]/.test(sign)) expect(finds('name', `Al${sign}ex Be${sign}rg`, 'Dear Alex Berg'), sign).toBe(false)
  }
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
