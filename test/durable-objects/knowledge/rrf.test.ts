import { expect, it } from 'vitest'
import { fuseRankings } from '../../../durable-objects/knowledge/rrf'

it('puts first what several rankings name', () => {
  const fused = fuseRankings(
    [
      [1, 2, 3],
      [4, 3],
    ],
    10,
  )
  expect(fused.map(({ id }) => id)).toEqual([3, 1, 4, 2])
  expect(fused[0]?.score).toBeCloseTo(1 / 63 + 1 / 62, 12)
})

it('orders equal scores by id and keeps to the limit', () => {
  expect(fuseRankings([[9], [4]], 10).map(({ id }) => id)).toEqual([4, 9])
  expect(fuseRankings([[1, 2, 3]], 2).map(({ id }) => id)).toEqual([1, 2])
})
