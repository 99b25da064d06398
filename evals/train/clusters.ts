/** A seeded generator of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Spherical k-means of some rows: the cluster of each. */
function kMeans(rows: number[], vectors: Float32Array, dimensions: number, k: number, random: () => number): Uint16Array {
  const centres = new Float32Array(k * dimensions)
  for (let c = 0; c < k; c += 1) {
    const row = rows[Math.floor(random() * rows.length)] ?? 0
    centres.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), c * dimensions)
  }
  const assigned = new Uint16Array(rows.length)
  for (let round = 0; round < 12; round += 1) {
    const sums = new Float32Array(k * dimensions)
    rows.forEach((row, index) => {
      let best = 0
      let bestScore = -Infinity
      for (let c = 0; c < k; c += 1) {
        let score = 0
        for (let d = 0; d < dimensions; d += 1) score += (vectors[row * dimensions + d] ?? 0) * (centres[c * dimensions + d] ?? 0)
        if (score > bestScore) [best, bestScore] = [c, score]
      }
      assigned[index] = best
      for (let d = 0; d < dimensions; d += 1)
        sums[best * dimensions + d] = (sums[best * dimensions + d] ?? 0) + (vectors[row * dimensions + d] ?? 0)
    })
    for (let c = 0; c < k; c += 1) {
      const sum = sums.subarray(c * dimensions, (c + 1) * dimensions)
      const length = Math.hypot(...sum)
      if (length > 0)
        centres.set(
          sum.map((value) => value / length),
          c * dimensions,
        )
    }
  }
  return assigned
}

/** Two-level clusters of unit rows: `coarse * fine + inner`. Deterministic. */
export function clusterWords(count: number, vectors: Float32Array, dimensions: number, coarse: number, fine: number): Uint16Array {
  const random = seeded(7)
  const all = Array.from({ length: count }, (_, row) => row)
  const outer = kMeans(all, vectors, dimensions, coarse, random)
  const codes = new Uint16Array(count)
  for (let c = 0; c < coarse; c += 1) {
    const members = all.filter((row) => outer[row] === c)
    if (members.length === 0) continue
    const inner = kMeans(members, vectors, dimensions, fine, random)
    members.forEach((row, index) => {
      codes[row] = c * fine + (inner[index] ?? 0)
    })
  }
  return codes
}

/** A branch of fewer words is not parted again. */
const FEWEST_PARTED = 12

/** Path of each row in a binary tree: every branch is parted in two by k-means, `depth` times at most. Deterministic. */
export function treePaths(count: number, vectors: Float32Array, dimensions: number, depth: number): string[] {
  const random = seeded(11)
  const paths = Array.from({ length: count }, () => '')
  let branches = [Array.from({ length: count }, (_, row) => row)]
  for (let level = 0; level < depth; level += 1) {
    branches = branches.flatMap((rows) => {
      if (rows.length < FEWEST_PARTED) return []
      const sides = kMeans(rows, vectors, dimensions, 2, random)
      for (const [index, row] of rows.entries()) paths[row] += sides[index] === 1 ? '1' : '0'
      return [0, 1].map((side) => rows.filter((_, index) => sides[index] === side))
    })
  }
  return paths
}
