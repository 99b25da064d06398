import { beforeEach, describe, expect, it } from 'vitest'
import type { StoredVector, VectorIndex, VectorPartition } from '../../workers/domain/vectors'

export interface VectorIndexUnderTest {
  /** Holds vectors of four numbers. */
  index: VectorIndex
  /** Makes all writes so far visible. */
  settle(): void | Promise<void>
}

const vector = (chunk: number, document: string, ...values: number[]): StoredVector => ({
  chunk,
  document,
  values: Float32Array.from(values),
})
const question = Float32Array.from([1, 0, 0, 0])

/** What every vector store does alike. */
export function vectorIndexContract(name: string, open: () => VectorIndexUnderTest | Promise<VectorIndexUnderTest>): void {
  describe(`vector index: ${name}`, () => {
    let counter = 0
    let partition: VectorPartition
    let index: VectorIndex
    let settle: VectorIndexUnderTest['settle']
    beforeEach(async () => {
      counter += 1
      partition = { tenantId: `ten_${counter}`, collection: `collection-${counter}`, generation: 1 }
      const opened = await open()
      index = opened.index
      settle = opened.settle
    })
    const nearest = async (query: { limit?: number; documents?: string[] } = {}, at = partition) =>
      (await index.nearest(at, question, { limit: 10, ...query })).map(({ chunk }) => chunk)

    it('gives the nearest first, with products', async () => {
      await index.upsert(partition, [vector(1, 'a', 0.5, 0.5, 0, 0), vector(2, 'a', 1, 0, 0, 0), vector(3, 'b', -1, 0, 0, 0)])
      await settle()
      expect(await nearest()).toEqual([2, 1, 3])
      const [first, second] = await index.nearest(partition, question, { limit: 2 })
      expect(first?.product).toBeCloseTo(1, 2)
      expect(second?.product).toBeCloseTo(0.5, 2)
    })

    it('keeps to the limit and gives nothing from an empty partition', async () => {
      expect(await nearest()).toEqual([])
      await index.upsert(partition, [vector(1, 'a', 1, 0, 0, 0), vector(2, 'a', 0.9, 0, 0, 0)])
      await settle()
      expect(await nearest({ limit: 1 })).toEqual([1])
    })

    it('puts the named documents before all others, and may leave the others out', async () => {
      await index.upsert(partition, [vector(1, 'a', 1, 0, 0, 0), vector(2, 'b', 0.9, 0, 0, 0)])
      await settle()
      const found = await nearest({ documents: ['b'] })
      expect(found).toContain(2)
      expect(await nearest({ documents: ['nobody'] })).not.toContain(7)
    })

    it('tells documents with long ids apart', async () => {
      const long = 'd'.repeat(80)
      await index.upsert(partition, [vector(1, `${long}1`, 1, 0, 0, 0), vector(2, `${long}2`, 0.9, 0, 0, 0)])
      await settle()
      expect(await nearest({ documents: [`${long}2`] })).toEqual([2])
    })

    it('replaces a vector that is written again and forgets a removed one', async () => {
      await index.upsert(partition, [vector(1, 'a', 1, 0, 0, 0), vector(2, 'a', 0.5, 0, 0, 0)])
      await settle()
      await index.upsert(partition, [vector(1, 'a', 0, 1, 0, 0)])
      await settle()
      expect(await nearest()).toEqual([2, 1])
      await index.remove(partition, [2, 99])
      await settle()
      expect(await nearest()).toEqual([1])
    })

    it('keeps tenants, collections and generations apart', async () => {
      await index.upsert(partition, [vector(1, 'a', 1, 0, 0, 0)])
      await settle()
      for (const other of [{ tenantId: 'ten_other' }, { collection: 'other' }, { generation: 2 }])
        expect(await nearest({}, { ...partition, ...other })).toEqual([])
    })

    it('says which chunks can be found', async () => {
      const many = Array.from({ length: 45 }, (_, at) => vector(at, 'a', 1, 0, 0, 0))
      await index.upsert(partition, many)
      await settle()
      const asked = [0, 21, 44, 99]
      expect((await index.visible(partition, asked)).sort((a, b) => a - b)).toEqual([0, 21, 44])
    })

    it('takes more vectors at once than one batch of the store', async () => {
      const many = Array.from({ length: 1_100 }, (_, at) => vector(at, 'a', at === 1_099 ? 1 : 0.1, 0, 0, 0))
      await index.upsert(partition, many)
      await settle()
      expect((await nearest({ limit: 1 }))[0]).toBe(1_099)
    })
  })
}
