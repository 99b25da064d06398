import { seeded } from './clusters.ts'

/** Tokens of a sentence as feature hashes, with the label index of each. */
export interface Example {
  features: number[][]
  labels: number[]
}

export interface CrfOptions {
  labels: number
  epochs: number
  /** L2 strength, per example. */
  l2: number
  /** Features seen less often are left out. */
  minCount: number
  rate: number
  /** Share of features left out at random of each token each time, so that no single one is relied upon. */
  dropout: number
}

/** A trained linear chain: `weights` of every feature for all labels in a row, `transitions[from * labels + to]`, from `labels`: start. */
export interface Crf {
  labels: number
  weights: Map<number, Float32Array>
  transitions: Float32Array
}

/** Maximum likelihood of label chains with L2, by AdaGrad over sentences in a seeded order. */
export function trainCrf(examples: Example[], options: CrfOptions): Crf {
  const { labels: L } = options
  const ids = intern(examples, options.minCount)
  const rows = examples.map(({ features }) => features.map((hashes) => Int32Array.from(hashes.flatMap((hash) => ids.get(hash) ?? []))))
  const weights = createParameters(ids.size * L, options)
  const transitions = createParameters((L + 1) * L, options)
  const random = seeded(11)
  const order = examples.map((_, index) => index)
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    shuffle(order, random)
    for (const index of order) {
      const row = (rows[index] ?? []).map((features) => features.filter(() => random() >= options.dropout))
      if (row.length > 0) learn(row, examples[index]?.labels ?? [], weights, transitions, L)
    }
  }
  const kept = new Map<number, Float32Array>()
  for (const [hash, id] of ids) kept.set(hash, weights.values.slice(id * L, (id + 1) * L))
  return { labels: L, weights: kept, transitions: transitions.values }
}

/** Gradients smaller than this change nothing that is kept. */
const NEGLIGIBLE = 1e-4

interface Parameters {
  values: Float32Array
  /** One AdaGrad step. */
  step(at: number, gradient: number): void
}

function createParameters(size: number, { l2, rate }: CrfOptions): Parameters {
  const values = new Float32Array(size)
  const squares = new Float32Array(size)
  return {
    values,
    step(at, gradient) {
      const g = gradient + l2 * (values[at] ?? 0)
      squares[at] = (squares[at] ?? 0) + g * g
      values[at] = (values[at] ?? 0) - (rate * g) / (1e-6 + Math.sqrt(squares[at] ?? 0))
    },
  }
}

function shuffle(order: number[], random: () => number): void {
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1))
    const [a, b] = [order[index] ?? 0, order[other] ?? 0]
    order[index] = b
    order[other] = a
  }
}

/** One step towards the gold labels of a sentence: expected counts minus those seen. */
function learn(row: Int32Array[], gold: number[], weights: Parameters, transitions: Parameters, L: number): void {
  const { marginals, pairs } = expectations(row, weights.values, transitions.values, L)
  row.forEach((features, t) => {
    for (let label = 0; label < L; label += 1) {
      const gradient = (marginals[t * L + label] ?? 0) - (label === gold[t] ? 1 : 0)
      if (Math.abs(gradient) < NEGLIGIBLE) continue
      for (const feature of features) weights.step(feature * L + label, gradient)
    }
    const at = (t === 0 ? L : (gold[t - 1] ?? L)) * L + (gold[t] ?? 0)
    pairs[at] = (pairs[at] ?? 0) - 1
  })
  pairs.forEach((gradient, at) => {
    if (gradient !== 0) transitions.step(at, gradient)
  })
}

function intern(examples: Example[], minCount: number): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { features } of examples)
    for (const hashes of features) for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1)
  const ids = new Map<number, number>()
  for (const [hash, count] of counts) if (count >= minCount) ids.set(hash, ids.size)
  return ids
}

/** Label marginals of each token and expected counts of label pairs, by forward and backward passes in scaled probabilities. */
function expectations(
  row: Int32Array[],
  weights: Float32Array,
  transitions: Float32Array,
  L: number,
): { marginals: Float64Array; pairs: Float64Array } {
  const T = row.length
  const emitted = emissionsOf(row, weights, L)
  const moves = Float64Array.from(transitions, (weight) => Math.exp(weight))
  const forward = forwardPass(emitted, moves, T, L)
  const backward = backwardPass(emitted, moves, T, L)
  const marginals = forward.map((value, at) => value * (backward[at] ?? 0))
  for (let t = 0; t < T; t += 1) normalise(marginals, t, L)
  const pairs = new Float64Array((L + 1) * L)
  for (let label = 0; label < L; label += 1) pairs[L * L + label] = marginals[label] ?? 0
  const pair = new Float64Array(L * L)
  for (let t = 1; t < T; t += 1) {
    let sum = 0
    for (let from = 0; from < L; from += 1)
      for (let to = 0; to < L; to += 1) {
        const before = (forward[(t - 1) * L + from] ?? 0) * (moves[from * L + to] ?? 0)
        const value = before * (emitted[t * L + to] ?? 0) * (backward[t * L + to] ?? 0)
        pair[from * L + to] = value
        sum += value
      }
    for (let at = 0; at < L * L; at += 1) pairs[at] = (pairs[at] ?? 0) + (pair[at] ?? 0) / (sum || 1)
  }
  return { marginals, pairs }
}

function emissionsOf(row: Int32Array[], weights: Float32Array, L: number): Float64Array {
  const emitted = new Float64Array(row.length * L)
  row.forEach((features, t) => {
    for (const feature of features)
      for (let label = 0; label < L; label += 1)
        emitted[t * L + label] = (emitted[t * L + label] ?? 0) + (weights[feature * L + label] ?? 0)
    let top = -Infinity
    for (let label = 0; label < L; label += 1) top = Math.max(top, emitted[t * L + label] ?? 0)
    for (let label = 0; label < L; label += 1) emitted[t * L + label] = Math.exp((emitted[t * L + label] ?? 0) - top)
  })
  return emitted
}

function normalise(values: Float64Array, t: number, L: number): void {
  let sum = 0
  for (let label = 0; label < L; label += 1) sum += values[t * L + label] ?? 0
  for (let label = 0; label < L; label += 1) values[t * L + label] = (values[t * L + label] ?? 0) / (sum || 1)
}

function forwardPass(emitted: Float64Array, moves: Float64Array, T: number, L: number): Float64Array {
  const forward = new Float64Array(T * L)
  for (let t = 0; t < T; t += 1) {
    for (let to = 0; to < L; to += 1) {
      let sum = 0
      if (t === 0) sum = moves[L * L + to] ?? 0
      else for (let from = 0; from < L; from += 1) sum += (forward[(t - 1) * L + from] ?? 0) * (moves[from * L + to] ?? 0)
      forward[t * L + to] = sum * (emitted[t * L + to] ?? 0)
    }
    normalise(forward, t, L)
  }
  return forward
}

function backwardPass(emitted: Float64Array, moves: Float64Array, T: number, L: number): Float64Array {
  const backward = new Float64Array(T * L).fill(1 / L)
  for (let t = T - 2; t >= 0; t -= 1) {
    for (let from = 0; from < L; from += 1) {
      let sum = 0
      for (let to = 0; to < L; to += 1)
        sum += (moves[from * L + to] ?? 0) * (emitted[(t + 1) * L + to] ?? 0) * (backward[(t + 1) * L + to] ?? 0)
      backward[t * L + from] = sum
    }
    normalise(backward, t, L)
  }
  return backward
}
