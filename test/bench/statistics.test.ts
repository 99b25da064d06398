import { expect, test } from 'vitest'
import { median, medianOfRounds, percentile } from '../../bench/statistics'

test('a percentile is the sample below which that share of the samples lies', () => {
  const samples = [50, 10, 40, 20, 30]
  expect([0, 0.2, 0.21, 0.5, 0.95, 1].map((part) => percentile(samples, part))).toEqual([10, 10, 20, 30, 50, 50])
  expect(samples).toEqual([50, 10, 40, 20, 30])
})

test('the median of an even number of samples is the lower of the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2)
})

test('no samples give no number', () => {
  expect(median([])).toBeNaN()
})

test('figures of rounds become the median of each', () => {
  const round = (a: number, b: number) => [
    { figure: 'a', value: a, unit: 'ms', n: 10 },
    { figure: 'b', value: b, unit: '/s', n: 10 },
  ]
  expect(medianOfRounds([round(3, 100), round(1, 300), round(2, 200)])).toEqual(round(2, 200))
  expect(medianOfRounds([])).toEqual([])
})
