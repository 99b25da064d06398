import { expect, test } from 'vitest'
import { anonymised, type DayCount } from '../../workers/domain/analytics'

const row = (more: Partial<DayCount>): DayCount => ({
  day: '2026-11-21',
  workflow: 'intake',
  class: 'invoice',
  status: 'completed',
  runs: 5,
  costMicroUsd: 10,
  ...more,
})

test('classes with fewer than five runs of a row are counted together', () => {
  const counts = [row({}), row({ class: 'divorce', runs: 3 }), row({ class: 'will', runs: 2 }), row({ class: '', runs: 1 })]
  expect(anonymised(counts)).toEqual([row({}), row({ class: 'others', runs: 6, costMicroUsd: 30 })])
})

test('rows that are too small as others of their workflow are counted together with those of other workflows', () => {
  const counts = [row({}), row({ workflow: 'dismissals', runs: 3 }), row({ workflow: 'loans', class: 'will', runs: 2 })]
  expect(anonymised(counts)).toEqual([row({}), row({ workflow: 'others', class: 'others', costMicroUsd: 20 })])
})

test('what is too small even together is left out with its cost', () => {
  expect(anonymised([row({}), row({ class: 'divorce', runs: 4 })])).toEqual([row({})])
  expect(anonymised([row({}), row({ workflow: 'dismissal-of-canaria', runs: 4 })])).toEqual([row({})])
})

test('no row stands for fewer than five runs, however many its class and workflow have on other days or with another status', () => {
  const counts = [
    row({ runs: 40 }),
    row({ day: '2026-11-20', runs: 4 }),
    row({ status: 'failed', runs: 1 }),
    row({ status: 'failed', class: 'will', runs: 3 }),
  ]
  expect(anonymised(counts)).toEqual([row({ runs: 40 })])
})

test('a row is the same whatever else was asked for', () => {
  const day = [row({ class: 'divorce', runs: 3 }), row({ class: 'will', runs: 4 })]
  const other = [row({ day: '2026-11-20', class: 'divorce', runs: 90 })]
  expect(anonymised([...day, ...other]).filter(({ day: at }) => at === '2026-11-21')).toEqual(anonymised(day))
})
