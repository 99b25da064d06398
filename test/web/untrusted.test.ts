import { expect, test } from 'vitest'
import { originsOf, readUntrustedEffect } from '../../web/src/approvals/untrusted'

const origin = { kind: 'mail', id: 'doc_1', label: 'Change of address.eml' }
const details = {
  reason: 'untrusted_arguments',
  action: 'action.mail',
  arguments: { to: 'x@example.com' },
  inputHash: 'aa',
  untrusted: [
    {
      path: 'to',
      value: 'x@example.com',
      steps: ['read'],
      origins: [origin],
      places: [{ path: 'to', origin: { ...origin, page: 2 }, start: 4, end: 17, quote: 'x@example.com' }],
    },
    { path: 'total', value: 119, steps: ['read'], origins: [origin, { kind: 'web', id: 'https://example.com/a' }], places: [] },
  ],
}

test('an approval of untrusted arguments is read with values, quotes and origins', () => {
  const effect = readUntrustedEffect(details)
  expect(effect?.untrusted).toEqual([
    {
      path: 'to',
      value: 'x@example.com',
      origins: [{ kind: 'mail', id: 'doc_1', name: 'Change of address.eml' }],
      quotes: [{ quote: 'x@example.com', origin: { kind: 'mail', id: 'doc_1', name: 'Change of address.eml' }, page: 2 }],
    },
    expect.objectContaining({ path: 'total', value: '119', quotes: [] }),
  ])
  expect(effect && originsOf(effect).map(({ name }) => name)).toEqual(['Change of address.eml', 'https://example.com/a'])
})

test('the details that a workflow wrote stay what they are', () => {
  expect(readUntrustedEffect({ total: 4711.5, reasons: ['too high'] })).toBeUndefined()
  expect(readUntrustedEffect('untrusted_arguments')).toBeUndefined()
  expect(readUntrustedEffect({ reason: 'untrusted_arguments' })).toBeUndefined()
})
