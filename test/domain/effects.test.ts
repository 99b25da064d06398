import { describe, expect, it } from 'vitest'
import { answerKind, effectKey, retryAfterMs } from '../../workers/domain/effects'

describe('effectKey', () => {
  it('is the same for equal arguments in any order, and differs by run, step and arguments', async () => {
    const key = await effectKey('run_1', 'notify', { a: 1, b: [2] })
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(await effectKey('run_1', 'notify', { b: [2], a: 1 })).toBe(key)
    for (const other of [
      effectKey('run_2', 'notify', { a: 1, b: [2] }),
      effectKey('run_1', 'notify2', { a: 1, b: [2] }),
      effectKey('run_1', 'notify', { a: 1, b: [3] }),
    ])
      expect(await other).not.toBe(key)
  })
})

describe('answerKind', () => {
  it.each([
    [200, 'done'],
    [204, 'done'],
    [302, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [408, 'later'],
    [410, 'refused'],
    [429, 'limited'],
    [500, 'later'],
    [503, 'later'],
  ] as const)('%i is %s', (status, kind) => {
    expect(answerKind(status)).toBe(kind)
  })
})

describe('retryAfterMs', () => {
  const now = new Date('2026-11-21T05:00:00Z')
  it('reads seconds and dates, bounded to a day', () => {
    expect(retryAfterMs('120', now)).toBe(120_000)
    expect(retryAfterMs('Sat, 21 Nov 2026 05:00:30 GMT', now)).toBe(30_000)
    expect(retryAfterMs('999999', now)).toBe(86_400_000)
    expect(retryAfterMs('Sat, 21 Nov 2020 05:00:30 GMT', now)).toBe(0)
  })
  it('ignores what it cannot read', () => {
    expect(retryAfterMs('soon', now)).toBeUndefined()
    expect(retryAfterMs(undefined, now)).toBeUndefined()
  })
})
