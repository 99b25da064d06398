import { describe, expect, it } from 'vitest'
import { createTopK, packVectors, scanPack } from '../../../durable-objects/knowledge/vectors'

/** Reproducible pseudo-random unit vectors. */
function unitVectors(count: number, dimensions: number): Float32Array {
  let state = 42
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648 - 0.5
  }
  const vectors = new Float32Array(count * dimensions)
  for (let row = 0; row < count; row += 1) {
    const values = Array.from({ length: dimensions }, next)
    const length = Math.hypot(...values)
    vectors.set(
      values.map((value) => value / length),
      row * dimensions,
    )
  }
  return vectors
}

function productsOf(pack: ArrayBuffer, query: Float32Array): number[] {
  const products: number[] = []
  scanPack(pack, query, (row, product) => {
    products[row] = product
  })
  return products
}

describe('a pack of vectors', () => {
  it('gives inner products within 0.01 of the exact ones', () => {
    const vectors = unitVectors(50, 512)
    const query = vectors.slice(0, 512)
    const products = productsOf(packVectors(vectors, 512).buffer, query)
    expect(products).toHaveLength(50)
    for (const [row, product] of products.entries()) {
      const exact = query.reduce((sum, value, index) => sum + value * vectors[row * 512 + index]!, 0)
      expect(Math.abs(product - exact)).toBeLessThan(0.01)
    }
  })

  it('takes a byte a number and four more a vector', () => {
    expect(packVectors(unitVectors(10, 64), 64).byteLength).toBe(10 * 68)
  })

  it('holds vectors of zeros and of odd dimensions', () => {
    expect(productsOf(packVectors(new Float32Array(3), 3).buffer, Float32Array.from([1, 2, 3]))).toEqual([0])
    expect(productsOf(packVectors(Float32Array.from([1, 0, 0, 0, 0, 1]), 3).buffer, Float32Array.from([2, 5, 7]))).toEqual([
      expect.closeTo(2, 5),
      expect.closeTo(7, 5),
    ])
  })

  it('may be empty', () => {
    expect(productsOf(packVectors(new Float32Array(0), 512).buffer, new Float32Array(512))).toEqual([])
  })
})

describe('createTopK', () => {
  it('keeps the best in order, whatever order they come in', () => {
    const scores = [0.3, 0.9, 0.1, 0.7, 0.5]
    for (const order of [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [2, 0, 4, 1, 3],
    ]) {
      const top = createTopK(3)
      for (const id of order) top.offer(id, scores[id]!)
      expect(top.ids()).toEqual([1, 3, 4])
    }
  })

  it('orders equal scores by id', () => {
    const top = createTopK(2)
    for (const id of [3, 1, 2]) top.offer(id, 1)
    expect(top.ids()).toEqual([1, 2])
  })

  it('holds fewer than its limit when fewer are offered', () => {
    expect(createTopK(5).ids()).toEqual([])
  })
})
