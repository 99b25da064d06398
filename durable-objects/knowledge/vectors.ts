/**
 * Packs of vectors for exact inner-product search. A pack of n vectors is n float32 scales, then n × dimensions int8 values:
 * value = scale · int8. A scale per vector keeps the error of a unit vector's inner product below 0.01, at a quarter of the
 * bytes, and bytes are what a scan spends its time on.
 */
const LARGEST_INT8 = 127
const SCALE_BYTES = 4

/** About 520 KB at 512 dimensions: far below SQLite's 2 MB a row, few rows for a large document. */
export const VECTORS_PER_PACK = 1_000

/** Packs vectors that stand one after the other in `vectors`. */
export function packVectors(vectors: Float32Array, dimensions: number): Uint8Array<ArrayBuffer> {
  const count = vectors.length / dimensions
  const pack = new Uint8Array(count * (SCALE_BYTES + dimensions))
  const scales = new Float32Array(pack.buffer, 0, count)
  const values = new Int8Array(pack.buffer, count * SCALE_BYTES)
  for (let row = 0; row < count; row += 1) {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions)
    const scale = vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / LARGEST_INT8 || 1
    scales[row] = scale
    for (let column = 0; column < dimensions; column += 1) values[row * dimensions + column] = Math.round((vector[column] ?? 0) / scale)
  }
  return pack
}

/** Calls back with the inner product of `query` and each vector of a pack, in order. */
export function scanPack(pack: ArrayBuffer, query: Float32Array, each: (row: number, product: number) => void): void {
  const dimensions = query.length
  const count = pack.byteLength / (SCALE_BYTES + dimensions)
  const scales = new Float32Array(pack, 0, count)
  const values = new Int8Array(pack, count * SCALE_BYTES)
  for (let row = 0, at = 0; row < count; row += 1) {
    let sum = 0
    for (let column = 0; column < dimensions; column += 1, at += 1) sum += (query[column] as number) * (values[at] as number)
    each(row, sum * (scales[row] as number))
  }
}

/** Keeps the `limit` best of what is offered; equal scores by ascending id. */
export function createTopK(limit: number): { offer(id: number, score: number): void; ids(): number[] } {
  const best: { id: number; score: number }[] = []
  const isBetter = (a: { id: number; score: number }, b: { id: number; score: number }) =>
    a.score > b.score || (a.score === b.score && a.id < b.id)
  return {
    offer(id, score) {
      const candidate = { id, score }
      const last = best.at(-1)
      if (best.length >= limit && last && !isBetter(candidate, last)) return
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
    ids: () => best.map(({ id }) => id),
  }
}
