/**
 * How vectors are kept: each as eight bits a number, `scale · int8`, with which inner products are within 0.01 of the exact ones, and a
 * sketch of one bit a number, from which they are estimated: for a vector v, ⟨q, v⟩ ≈ (‖v‖² / ‖v‖₁) · ⟨q, sign v⟩ (Gao and Long,
 * "RaBitQ", SIGMOD 2024, without the rotation). A scan reads sketches, an eighth of the bytes, and only the best are compared in full.
 */
const LARGEST_INT8 = 127
const FLOAT_BYTES = 4
const BITS = 8
const BYTE_VALUES = 256

/** About 33 KB at 512 dimensions, and at most one batch of a separate vector store. */
export const VECTORS_PER_PACK = 480

/** One vector as bytes: a float32 scale, then an int8 for each number. */
export function packVector(vector: Float32Array): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(FLOAT_BYTES + vector.length)
  const scale = vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / LARGEST_INT8 || 1
  new Float32Array(packed.buffer, 0, 1)[0] = scale
  const values = new Int8Array(packed.buffer, FLOAT_BYTES)
  for (let at = 0; at < vector.length; at += 1) values[at] = Math.round((vector[at] ?? 0) / scale)
  return packed
}

export function unpackVector(packed: ArrayBuffer): Float32Array {
  const { scale, values } = openVector(packed)
  return Float32Array.from(values, (value) => value * scale)
}

/** The inner product with a packed vector. */
export function productWith(query: Float32Array, packed: ArrayBuffer): number {
  const { scale, values } = openVector(packed)
  let sum = 0
  for (let at = 0; at < values.length; at += 1) sum += (query[at] as number) * (values[at] as number)
  return sum * scale
}

const openVector = (packed: ArrayBuffer): { scale: number; values: Int8Array } => ({
  scale: new Float32Array(packed, 0, 1)[0] ?? 0,
  values: new Int8Array(packed, FLOAT_BYTES),
})

/** A pack of sketches: n float32 factors, then n rows of bits. `vectors` stand one after the other. */
export function packSketches(vectors: Float32Array, dimensions: number): Uint8Array<ArrayBuffer> {
  const count = vectors.length / dimensions
  const pack = new Uint8Array(count * (FLOAT_BYTES + rowBytes(dimensions)))
  const { factors, bits } = openSketches(pack.buffer, dimensions)
  for (let row = 0; row < count; row += 1) {
    let squares = 0
    let sum = 0
    for (let column = 0; column < dimensions; column += 1) {
      const value = vectors[row * dimensions + column] as number
      squares += value * value
      sum += Math.abs(value)
      const at = row * rowBytes(dimensions) + (column >> 3)
      if (value > 0) bits[at] = (bits[at] as number) | (1 << (column & 7))
    }
    factors[row] = sum === 0 ? 0 : squares / sum
  }
  return pack
}

/** One pack of chosen rows of other packs, bit for bit. */
export function mergeSketches(chosen: readonly { pack: ArrayBuffer; row: number }[], dimensions: number): Uint8Array<ArrayBuffer> {
  const width = rowBytes(dimensions)
  const merged = new Uint8Array(chosen.length * (FLOAT_BYTES + width))
  const into = openSketches(merged.buffer, dimensions)
  for (const [at, { pack, row }] of chosen.entries()) {
    const from = openSketches(pack, dimensions)
    into.factors[at] = from.factors[row] ?? 0
    into.bits.set(from.bits.subarray(row * width, (row + 1) * width), at * width)
  }
  return merged
}

/** Makes a query ready once for all packs; gives the estimated inner products with each vector of a pack, in order. */
export function createEstimate(query: Float32Array): (pack: ArrayBuffer) => Float32Array {
  const width = rowBytes(query.length)
  const sums = sumsOfBytes(query, width)
  return (pack) => {
    const { factors, bits } = openSketches(pack, query.length)
    const products = new Float32Array(factors.length)
    for (let row = 0, at = 0; row < products.length; row += 1) {
      // Four sums side by side: one after the other, each addition would wait for the last.
      let first = 0
      let second = 0
      let third = 0
      let fourth = 0
      for (let table = 0; table < sums.length; table += 4 * BYTE_VALUES, at += 4) {
        first += sums[table + (bits[at] as number)] as number
        second += sums[table + BYTE_VALUES + (bits[at + 1] as number)] as number
        third += sums[table + 2 * BYTE_VALUES + (bits[at + 2] as number)] as number
        fourth += sums[table + 3 * BYTE_VALUES + (bits[at + 3] as number)] as number
      }
      products[row] = (first + second + third + fourth) * (factors[row] as number)
    }
    return products
  }
}

/** For each byte of a row, a table of what its eight signs add to the product, by the byte's value. */
function sumsOfBytes(query: Float32Array, width: number): Float32Array {
  const sums = new Float32Array(width * BYTE_VALUES)
  for (let column = 0; column < width; column += 1) {
    const table = column * BYTE_VALUES
    for (let bit = 0; bit < BITS; bit += 1) sums[table] = (sums[table] as number) - (query[column * BITS + bit] ?? 0)
    for (let value = 1; value < BYTE_VALUES; value += 1) {
      // One bit more than a value that is known already.
      const lowest = value & -value
      sums[table + value] = (sums[table + (value ^ lowest)] as number) + 2 * (query[column * BITS + Math.log2(lowest)] ?? 0)
    }
  }
  return sums
}

/** A whole number of steps of four bytes; the bits past the end count nothing. */
const rowBytes = (dimensions: number): number => Math.ceil(dimensions / (4 * BITS)) * 4

function openSketches(pack: ArrayBuffer, dimensions: number): { factors: Float32Array; bits: Uint8Array } {
  const count = pack.byteLength / (FLOAT_BYTES + rowBytes(dimensions))
  return { factors: new Float32Array(pack, 0, count), bits: new Uint8Array(pack, count * FLOAT_BYTES) }
}

const BINS = 4_096

/**
 * A bound that at least `limit` of the scores reach, or all finite ones when there are fewer, and few more do: by a histogram, which
 * is much cheaper than order among very many.
 */
export function leastOfBest(parts: readonly Float32Array[], limit: number): number {
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (const scores of parts) {
    for (const score of scores) {
      if (score === Number.NEGATIVE_INFINITY) continue
      if (score < lowest) lowest = score
      if (score > highest) highest = score
    }
  }
  const width = (highest - lowest) / BINS
  if (!(width > 0)) return lowest
  const counts = new Uint32Array(BINS + 1)
  const binOf = (score: number): number => Math.floor((score - lowest) / width)
  for (const scores of parts) for (const score of scores) if (score >= lowest) counts[binOf(score)] = (counts[binOf(score)] ?? 0) + 1
  let found = 0
  for (let bin = BINS; bin >= 0; bin -= 1) {
    found += counts[bin] ?? 0
    // A hair below the edge: the division above may have rounded a score into the bin.
    if (found >= limit) return lowest + bin * width - width / 1_000
  }
  return lowest
}

/** Keeps the `limit` best of what is offered; equal scores by ascending id. */
export function createTopK(limit: number): { offer(id: number, score: number): void; entries(): { id: number; score: number }[] } {
  const best: { id: number; score: number }[] = []
  const isBetter = (a: { id: number; score: number }, b: { id: number; score: number }) =>
    a.score > b.score || (a.score === b.score && a.id < b.id)
  return {
    offer(id, score) {
      const last = best.at(-1)
      if (best.length >= limit && last && !isBetter({ id, score }, last)) return
      const candidate = { id, score }
      let low = 0
      let high = best.length
      while (low < high) {
        const middle = (low + high) >> 1
        const other = best[middle]
        if (other && isBetter(other, candidate)) low = middle + 1
        else high = middle
      }
      best.splice(low, 0, candidate)
      if (best.length > limit) best.pop()
    },
    entries: () => best,
  }
}
