import { describe, expect, it } from 'vitest'
import {
  createEstimate,
  createTopK,
  mergeSketches,
  packSketches,
  packVector,
  productWith,
  unpackVector,
} from '../../../durable-objects/knowledge/vectors'

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

const row = (vectors: Float32Array, at: number, dimensions: number) => vectors.slice(at * dimensions, (at + 1) * dimensions)
const exact = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * b[at]!, 0)

describe('a packed vector', () => {
  it('gives inner products within 0.01 of the exact ones', () => {
    const vectors = unitVectors(50, 512)
    const query = row(vectors, 0, 512)
    for (let at = 0; at < 50; at += 1) {
      const vector = row(vectors, at, 512)
      expect(Math.abs(productWith(query, packVector(vector).buffer) - exact(query, vector))).toBeLessThan(0.01)
    }
  })

  it('takes a byte a number and four more, and can be unpacked', () => {
    const vector = unitVectors(1, 64)
    const packed = packVector(vector)
    expect(packed.byteLength).toBe(68)
    for (const [at, value] of unpackVector(packed.buffer).entries()) expect(value).toBeCloseTo(vector[at]!, 2)
  })

  it('may be all zeros', () => {
    expect(productWith(Float32Array.from([1, 2, 3]), packVector(new Float32Array(3)).buffer)).toBe(0)
  })
})

describe('a pack of sketches', () => {
  it('estimates inner products well enough to find the nearest', () => {
    const vectors = unitVectors(400, 512)
    // Near the first vector, each a little less than the one before.
    for (let near = 1; near <= 10; near += 1)
      for (let at = 0; at < 512; at += 1) vectors[near * 512 + at] = vectors[at]! + (near / 10) * vectors[near * 512 + at]!
    const query = row(vectors, 0, 512)
    const products = createEstimate(query)(packSketches(vectors, 512).buffer)
    const best = [...products.keys()].sort((a, b) => products[b]! - products[a]!).slice(0, 20)
    for (let near = 0; near <= 10; near += 1) expect(best).toContain(near)
    expect(products[0]).toBeCloseTo(1, 5)
  })

  it('takes a bit a number and four bytes more a vector', () => {
    expect(packSketches(unitVectors(10, 64), 64).byteLength).toBe(10 * 12)
  })

  it('holds vectors of zeros and of odd dimensions, and may be empty', () => {
    const estimate = createEstimate(Float32Array.from([1, 2, 3]))
    expect(estimate(packSketches(new Float32Array(3), 3).buffer)[0]).toBeCloseTo(0, 10)
    expect(estimate(packSketches(Float32Array.from([1, 2, 3]), 3).buffer)[0]).toBeCloseTo(14, 5)
    expect([...createEstimate(new Float32Array(512))(packSketches(new Float32Array(0), 512).buffer)]).toEqual([])
  })

  it('is merged of rows of other packs', () => {
    const vectors = unitVectors(6, 12)
    const [a, b] = [packSketches(vectors.slice(0, 36), 12), packSketches(vectors.slice(36), 12)]
    const merged = mergeSketches(
      [
        { pack: b.buffer, row: 2 },
        { pack: a.buffer, row: 0 },
      ],
      12,
    )
    expect(merged).toEqual(packSketches(Float32Array.from([...row(vectors, 5, 12), ...row(vectors, 0, 12)]), 12))
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
      expect(top.entries().map(({ id }) => id)).toEqual([1, 3, 4])
    }
  })

  it('orders equal scores by id', () => {
    const top = createTopK(2)
    for (const id of [3, 1, 2]) top.offer(id, 1)
    expect(top.entries().map(({ id }) => id)).toEqual([1, 2])
  })

  it('holds fewer than its limit when fewer are offered', () => {
    expect(createTopK(5).entries()).toEqual([])
  })
})
