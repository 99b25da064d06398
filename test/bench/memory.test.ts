import { expect, test } from 'vitest'
import { judgeMemory, judgeServed } from '../../bench/memory-verdict'
import { residentMegabytes } from '../../bench/process-memory'

const LISTING = `    1  2048 systemd
  420 51200 node
  420 204800 workerd
  421 999999 workerd
  420  1024 /opt/bin/workerd
`

test('the memory of a process group is that of its workerd alone', () => {
  expect(residentMegabytes(LISTING, 420)).toBe(201)
})

test('a group without a workerd is an error, not a slim process', () => {
  expect(() => residentMegabytes(LISTING, 7)).toThrow('no workerd')
})

test('memory may differ a little from the first measurement, and not more', () => {
  expect(judgeMemory([50, 500], [500, 549], [100, 104]).broken).toEqual([])
  expect(judgeMemory([50, 500], [500, 551], [100, 100]).broken).toEqual(['the Worker process grew from 500 to 551 MB'])
  expect(judgeMemory([50, 500], [500, 500], [100, 106]).broken).toEqual(['what the isolates hold grew from 100 to 106 MB'])
})

test('a slow leak is seen in the second half, where nothing warms up any more', () => {
  const held = [100, 100, 100, 100, 100]
  expect(judgeMemory([50, 163, 275, 388, 500], [500, 530, 540, 540, 545], held).broken).toEqual([])
  expect(judgeMemory([50, 163, 275, 388, 500], [490, 500, 510, 520, 538], held).broken).toEqual([
    'the Worker process in the second half grew from 510 to 538 MB',
  ])
})

test('the same holds for a process as served', () => {
  expect(judgeServed([50, 163, 275, 388, 500], [500, 530, 540, 545, 549]).broken).toEqual([])
  expect(judgeServed([50, 163, 275, 388, 500], [500, 530, 540, 545, 551]).broken).toEqual([
    'the Worker process as served grew from 500 to 551 MB',
  ])
  expect(judgeServed([50, 163, 275, 388, 500], [500, 505, 510, 530, 540]).broken).toEqual([
    'the Worker process as served in the second half grew from 510 to 540 MB',
  ])
  expect(judgeServed([50, 500], []).broken).toHaveLength(2)
})

test('what could not be measured is not taken for steady', () => {
  expect(judgeMemory([50, 500], [500, 500], []).broken).toEqual(['what the isolates hold grew from NaN to NaN MB'])
})

test('every measurement is a figure, with the growth after it', () => {
  const { figures } = judgeMemory([50, 275, 500], [500, 700, 450], [90, 95, 90])
  expect(figures.map(({ value }) => value)).toEqual([500, 700, 450, 0.9, 450 / 700, 90, 95, 90, 1])
})
