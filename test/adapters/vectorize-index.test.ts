import { describe, expect, it } from 'vitest'
import { createVectorizeIndex } from '../../workers/adapters/vectorize-index'
import { vectorIndexContract } from '../contracts/vector-index'
import { createFakeVectorize } from '../fakes/vectorize'

const INDEXED = ['partition', 'document']

vectorIndexContract('Vectorize', () => {
  const binding = createFakeVectorize({ dimensions: 4, indexed: INDEXED })
  return { index: createVectorizeIndex({ binding, dimensions: 4 }), settle: () => binding.settle() }
})

describe('Vectorize', () => {
  const partition = { tenantId: 'ten_a', collection: 'docs', generation: 1 }
  const open = (indexed = INDEXED) => {
    const binding = createFakeVectorize({ dimensions: 4, indexed })
    return { binding, index: createVectorizeIndex({ binding, dimensions: 4 }) }
  }
  const one = { chunk: 1, document: 'doc_a', values: Float32Array.from([1, 0, 0, 0]) }
  const question = Float32Array.from([1, 0, 0, 0])

  it('shows a write only after a while, and says so when asked', async () => {
    const { binding, index } = open()
    await index.upsert(partition, [one])
    expect(await index.visible(partition, [1])).toEqual([])
    expect(await index.nearest(partition, question, { limit: 5 })).toEqual([])
    binding.settle()
    expect(await index.visible(partition, [1])).toEqual([1])
  })

  it('asks for no more than the store gives, and leaves a filter out that is too long for it', async () => {
    const { binding, index } = open()
    await index.upsert(partition, [one])
    binding.settle()
    const documents = Array.from({ length: 100 }, (_, at) => `doc_${at}`.padEnd(40, 'x'))
    expect(await index.nearest(partition, question, { limit: 200, documents })).toHaveLength(1)
  })

  it('sends at most 500 vectors and removes at most 500 ids at once', async () => {
    const { binding, index } = open()
    await index.upsert(
      partition,
      Array.from({ length: 1_001 }, (_, chunk) => ({ ...one, chunk })),
    )
    await index.remove(
      partition,
      Array.from({ length: 1_001 }, (_, chunk) => chunk),
    )
    expect(binding.calls).toMatchObject({ upsert: 3, deleteByIds: 3 })
  })

  it('refuses vectors of other dimensions', async () => {
    const { index } = open()
    const short = Float32Array.from([1, 0])
    await expect(index.upsert(partition, [{ ...one, values: short }])).rejects.toMatchObject({ code: 'invalid' })
    await expect(index.nearest(partition, short, { limit: 1 })).rejects.toMatchObject({ code: 'invalid' })
  })

  it('is unavailable when the store fails', async () => {
    const { binding, index } = open()
    binding.broken = 'fails'
    await expect(index.nearest(partition, question, { limit: 1 })).rejects.toMatchObject({ code: 'unavailable' })
    await expect(index.upsert(partition, [one])).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('finds nothing in an index whose metadata was never indexed', async () => {
    const { binding, index } = open([])
    await index.upsert(partition, [one])
    binding.settle()
    expect(await index.nearest(partition, question, { limit: 5 })).toEqual([])
  })
})
