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

test('classes of fewer than five runs are counted together', () => {
  const counts = [row({}), row({ class: 'divorce', runs: 3 }), row({ class: 'will', runs: 2 }), row({ class: '', runs: 1 })]
  expect(anonymised(counts)).toEqual([row({}), row({ class: 'others', costMicroUsd: 20 }), row({ class: '', runs: 1 })])
})

test('what is too small even together is left out, and a workflow is hidden as a class is', () => {
  expect(anonymised([row({}), row({ class: 'divorce', runs: 4 })])).toEqual([row({})])
  expect(anonymised([row({}), row({ workflow: 'dismissal-of-canaria', runs: 4 })])).toEqual([row({})])
})

test('a class counts over the whole time, not by the day', () => {
  const counts = [row({ runs: 2 }), row({ day: '2026-11-20', runs: 3 })]
  expect(anonymised(counts)).toEqual(counts)
})
