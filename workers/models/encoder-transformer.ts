import { type Dense, DIMENSIONS, HEADS, LAYOUT, type Layer, MAX_TOKENS, type Norm } from './encoder-layout'

const PAGE_BYTES = 65_536
const FLOAT_BYTES = 4
/** The kernels handle rows by fours. */
const ROWS_AT_ONCE = 4

/** What scripts/encoder assembles. */
interface Kernels {
  memory: WebAssembly.Memory
  round(values: number, numbers: number, scales: number, rows: number, width: number): void
  normalise(values: number, out: number, gain: number, bias: number, rows: number, width: number): void
  multiply(
    numbers: number,
    rowScales: number,
    rows: number,
    depth: number,
    weights: number,
    columnScales: number,
    bias: number,
    width: number,
    onto: number,
    ontoStride: number,
    out: number,
    floor: number,
  ): void
  attend(
    query: number,
    key: number,
    value: number,
    stride: number,
    width: number,
    scale: number,
    rows: number,
    scores: number,
    out: number,
    outStride: number,
  ): void
}

/**
 * The two layers of the Universal Sentence Encoder, lite (Cer et al. 2018; pre-norm transformer, mean, tanh). Gives a function from
 * 1 to `MAX_TOKENS` piece ids to their unit-length vector, which is valid until the next call.
 */
export function createTransformer(module: WebAssembly.Module, weights: ArrayBuffer): (ids: readonly number[]) => Float32Array {
  const kernels = new WebAssembly.Instance(module).exports as WebAssembly.Exports & Kernels
  kernels.memory.grow(Math.ceil(LAYOUT.bytes / PAGE_BYTES))
  const { buffer } = kernels.memory
  new Uint8Array(buffer).set(new Uint8Array(weights))
  const floats = (at: number, count: number) => new Float32Array(buffer, at, count)
  const { embedding, scratch, layers, widen, output } = LAYOUT
  const timing = timingSignal(floats(LAYOUT.timescales, embedding.width / 2))
  const pieces = new Int8Array(buffer, embedding.weights, embedding.pieces * embedding.width)
  const pieceScales = floats(embedding.scales, embedding.pieces)
  const network = createNetwork(kernels)

  const readInput = (ids: readonly number[]) => {
    const input = floats(scratch.input, MAX_TOKENS * embedding.width)
    for (const [position, id] of ids.entries()) {
      const scale = pieceScales[id] ?? 0
      for (let column = 0; column < embedding.width; column += 1) {
        const at = position * embedding.width + column
        // The graph adds the embedding once more to its sum with the timing signal.
        input[at] = 2 * scale * (pieces[id * embedding.width + column] as number) + (timing[at] as number)
      }
    }
  }
  const mean = (tokens: number) => {
    const state = floats(scratch.state, tokens * DIMENSIONS)
    const sums = floats(scratch.normed, DIMENSIONS).fill(0)
    // Indexes, not entries(): these are 65,000 numbers a text.
    for (let row = 0; row < state.length; row += DIMENSIONS) {
      for (let column = 0; column < DIMENSIONS; column += 1)
        sums[column] = (sums[column] as number) + (state[row + column] as number) / tokens
    }
  }
  return (ids) => {
    const tokens = Math.min(ids.length, MAX_TOKENS)
    readInput(ids.slice(0, MAX_TOKENS))
    network.layer(layers[0], scratch.input, tokens, widen)
    network.layer(layers[1], scratch.state, tokens)
    mean(tokens)
    network.dense(output, scratch.normed, scratch.wide, ROWS_AT_ONCE)
    return unitLength(floats(scratch.wide, DIMENSIONS).map(Math.tanh))
  }
}

/** The steps of a layer over rows in the scratch memory. */
function createNetwork(kernels: Kernels) {
  const { normed, wide, state, numbers, rowScales, scores, zeros } = LAYOUT.scratch
  const dense = (part: Dense, from: number, to: number, rows: number, { onto = zeros, floor = Number.NEGATIVE_INFINITY } = {}) => {
    const { depth, width, weights, scales, bias } = part
    kernels.round(from, numbers, rowScales, rows, depth)
    const stride = onto === zeros ? 0 : width * FLOAT_BYTES
    kernels.multiply(numbers, rowScales, rows, depth, weights, scales, bias, width, onto, stride, to, floor)
  }
  const normalise = ({ gain, bias, width }: Norm, from: number, rows: number) => kernels.normalise(from, normed, gain, bias, rows, width)
  const attention = (width: number, tokens: number) => {
    const head = width / HEADS
    const stride = 3 * width * FLOAT_BYTES
    for (let number = 0; number < HEADS; number += 1) {
      const [query, key, value] = [0, width, 2 * width].map((start) => wide + (start + number * head) * FLOAT_BYTES) as [
        number,
        number,
        number,
      ]
      const out = normed + number * head * FLOAT_BYTES
      kernels.attend(query, key, value, stride, head, 1 / Math.sqrt(head), tokens, scores, out, width * FLOAT_BYTES)
    }
  }
  /** From the rows at `from` to those at `state`. */
  const layer = (part: Layer, from: number, tokens: number, widen?: Dense) => {
    const rows = Math.ceil(tokens / ROWS_AT_ONCE) * ROWS_AT_ONCE
    normalise(part.attentionNorm, from, rows)
    dense(part.queryKeyValue, normed, wide, rows)
    attention(part.width, tokens)
    if (widen !== undefined) dense(widen, from, state, rows)
    dense(part.attentionOutput, normed, state, rows, { onto: state })
    normalise(part.hiddenNorm, state, rows)
    dense(part.expand, normed, wide, rows, { floor: 0 })
    dense(part.contract, wide, state, rows, { onto: state })
  }
  return { dense, layer }
}

/** Sines, then cosines, of each position times each inverse timescale (Vaswani et al. 2017, halves instead of pairs). */
function timingSignal(inverseTimescales: Float32Array): Float32Array {
  const half = inverseTimescales.length
  const signal = new Float32Array(MAX_TOKENS * half * 2)
  for (let position = 0; position < MAX_TOKENS; position += 1) {
    for (const [column, inverse] of inverseTimescales.entries()) {
      signal[position * half * 2 + column] = Math.sin(position * inverse)
      signal[position * half * 2 + half + column] = Math.cos(position * inverse)
    }
  }
  return signal
}

function unitLength(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}
