import { describe, expect, it } from 'vitest'
import { MAX_TOKENS, planBatches } from '../../workers/models/encoder-batches'

describe('planBatches', () => {
  it('takes every text exactly once', () => {
    const lengths = Array.from({ length: 100 }, (_, index) => 1 + ((index * 37) % MAX_TOKENS))
    expect(
      planBatches(lengths)
        .flat()
        .sort((a, b) => a - b),
    ).toEqual(lengths.map((_, index) => index))
  })

  it('puts at most 32 texts and 2,048 padded tokens into a batch', () => {
    const lengths = Array.from({ length: 100 }, (_, index) => 1 + ((index * 37) % MAX_TOKENS))
    for (const batch of planBatches(lengths)) {
      expect(batch.length).toBeLessThanOrEqual(32)
      expect(batch.length * Math.max(...batch.map((index) => lengths[index]!))).toBeLessThanOrEqual(2_048)
    }
  })

  it('gives nothing for nothing', () => {
    expect(planBatches([])).toEqual([])
  })
})
