import { expect, it } from 'vitest'
import { standingOf } from '../../web/src/approvals/standing'

it.each([
  ['an approval for anybody', {}, undefined, false, 'free'],
  ['one that bars nobody', { barred: [] }, undefined, false, 'free'],
  ['one that bars others', { barred: ['usr_b'] }, 'usr_a', false, 'free'],
  ['one that bars the reader', { barred: ['key_x', 'usr_a'] }, 'usr_a', false, 'barred'],
  ['one that may bar a reader who is not known yet', { barred: ['usr_a'] }, undefined, false, 'unknown'],
  ['one whose reader cannot be found out, which the server then decides', { barred: ['usr_a'] }, undefined, true, 'free'],
] as const)('%s', (_, approval, ownId, isKnown, standing) => {
  expect(standingOf('barred' in approval ? { barred: [...approval.barred] } : {}, ownId, isKnown)).toBe(standing)
})
