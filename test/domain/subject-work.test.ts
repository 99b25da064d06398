import { expect, test } from 'vitest'
import { subjectKeys } from '../../workers/domain/data-subjects'
import { partNameOf } from '../../workers/domain/subject-work'

/** Of R2, for the whole key. */
const MAX_KEY_BYTES = 1_024

test('the part of an export is named after what was found, in any script and of any length', async () => {
  const refs = [
    'doc_1',
    'a/b c',
    '字'.repeat(100),
    `${'字'.repeat(100)}x`,
    'é'.repeat(400),
    '\ud800',
    `${'a'.repeat(5_000)}1`,
    `${'a'.repeat(5_000)}2`,
  ]
  const names = await Promise.all(refs.map((ref) => partNameOf({ kind: 'record', ref })))
  expect(new Set(names).size).toBe(refs.length)
  expect(names[0]).toBe('record-doc_1')
  expect(names[1]).toBe('record-a%2Fb%20c')
  for (const name of names) {
    const key = `tenants/ten_eu_${'0'.repeat(32)}/${subjectKeys.part(`dsr_${'0'.repeat(32)}`, name)}`
    expect(key).toMatch(/^[\x21-\x7e]+$/)
    expect(key.length).toBeLessThan(MAX_KEY_BYTES)
  }
  expect(await Promise.all(refs.map((ref) => partNameOf({ kind: 'record', ref })))).toEqual(names)
})
