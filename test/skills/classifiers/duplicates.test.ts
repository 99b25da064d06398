import { expect, test } from 'vitest'
import { copiedFrom } from '../../../workers/skills/classify/learn/duplicates'
import { dealFolds } from '../../../workers/skills/classify/learn/folds'

test('copies differ in numbers, courtesy, case and a word or two; others are texts of their own', () => {
  expect(
    copiedFrom([
      'Where is my parcel 4711?',
      'where is my parcel 99 please',
      'Where is my parcel 12 today?',
      'When does my parcel arrive?',
      'I want a refund',
      '',
      '',
    ]),
  ).toEqual([0, 0, 0, 3, 4, 5, 6])
})

test('thousands of copies take time in proportion to their number', () => {
  const texts = Array.from({ length: 20_000 }, (_, n) => `Your parcel number ${n} will arrive on day ${n % 30} between noon and six`)
  expect(new Set(copiedFrom(texts))).toEqual(new Set([0]))
})

test('copies are held out together, and the texts of each label are spread', () => {
  const labels = [0, 0, 0, 0, 1, 1, 1, 1]
  const folds = dealFolds(labels, { groups: labels.map(() => undefined), copiedFrom: [0, 0, 2, 3, 4, 5, 5, 7] }, 2)
  expect(folds[0]).toBe(folds[1])
  expect(folds[5]).toBe(folds[6])
  for (const label of [0, 1]) expect(new Set([...folds].filter((_, row) => labels[row] === label)).size).toBe(2)
})

test('a group goes by itself: a sentence of every contract ties no contracts together; a copy without a group goes with its original', () => {
  const groups = ['a', 'a', 'b', 'b', undefined, undefined]
  const folds = dealFolds([0, 1, 0, 1, 0, 0], { groups, copiedFrom: [0, 1, 0, 1, 0, 5] }, 3)
  expect([folds[0], folds[2]]).toEqual([folds[1], folds[3]])
  expect(folds[0]).not.toBe(folds[2])
  expect(folds[4]).toBe(folds[0])
})
