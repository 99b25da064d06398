import { expect, it } from 'vitest'
import { fuseRankings } from '../../../durable-objects/knowledge/rrf'

it('puts first what several rankings name', () => {
  const fused = fuseRankings(
    [
      { ids: [1, 2, 3], weight: 1 },
      { ids: [4, 3], weight: 1 },
    ],
    10,
  )
  expect(fused.map(({ id }) => id)).toEqual([3, 1, 4, 2])
  expect(fused[0]?.score).toBeCloseTo(1 / 63 + 1 / 62, 12)
})

it('lets a weight decide between rankings', () => {
  expect(
    fuseRankings(
      [
        { ids: [1], weight: 0.1 },
        { ids: [2], weight: 1 },
      ],
      10,
    ).map(({ id }) => id),
  ).toEqual([2, 1])
})

it('orders equal scores by id and keeps to the limit', () => {
  expect(
    fuseRankings(
      [
        { ids: [9], weight: 1 },
        { ids: [4], weight: 1 },
      ],
      10,
    ).map(({ id }) => id),
  ).toEqual([4, 9])
  expect(fuseRankings([{ ids: [1, 2, 3], weight: 1 }], 2)).toHaveLength(2)
})

it('gives nothing for nothing', () => {
  expect(fuseRankings([], 5)).toEqual([])
})
