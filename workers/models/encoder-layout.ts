/** Where everything of the sentence encoder lies in its memory, in bytes: the asset builder writes it, the encoder reads it. */

/** Length of every vector of the Universal Sentence Encoder, lite. */
export const DIMENSIONS = 512
/** The model reads a text no further. About 95 English words. */
export const MAX_TOKENS = 128
export const HEADS = 4
const VOCABULARY = 8_002
const EMBEDDING_WIDTH = 256
const HIDDEN_WIDTH = 1_536
const ALIGNMENT = 16

/** out = in × weights · scale of the column + bias. `weights` holds signed bytes in panels of eight columns, inputs in pairs. */
export interface Dense {
  depth: number
  width: number
  weights: number
  scales: number
  bias: number
}
export interface Norm {
  width: number
  gain: number
  bias: number
}
export interface Layer {
  width: number
  attentionNorm: Norm
  queryKeyValue: Dense
  attentionOutput: Dense
  hiddenNorm: Norm
  expand: Dense
  contract: Dense
}

export const LAYOUT = layOut()

function layOut() {
  let end = 0
  const take = (bytes: number): number => {
    const at = end
    end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
    return at
  }
  const floats = (count: number) => take(4 * count)
  const dense = (depth: number, width: number): Dense => {
    return { depth, width, weights: take(depth * width), scales: floats(width), bias: floats(width) }
  }
  const norm = (width: number): Norm => ({ width, gain: floats(width), bias: floats(width) })
  const layer = (width: number): Layer => ({
    width,
    attentionNorm: norm(width),
    queryKeyValue: dense(width, 3 * width),
    attentionOutput: dense(width, DIMENSIONS),
    hiddenNorm: norm(DIMENSIONS),
    expand: dense(DIMENSIONS, HIDDEN_WIDTH),
    contract: dense(HIDDEN_WIDTH, DIMENSIONS),
  })
  /** One signed byte a number, with a scale for each piece of the vocabulary. */
  const embedding = { pieces: VOCABULARY, width: EMBEDDING_WIDTH, weights: take(VOCABULARY * EMBEDDING_WIDTH), scales: floats(VOCABULARY) }
  const timescales = floats(EMBEDDING_WIDTH / 2)
  const layers: [Layer, Layer] = [layer(EMBEDDING_WIDTH), layer(DIMENSIONS)]
  /** Carries the first layer's narrower input past its attention. */
  const widen = dense(EMBEDDING_WIDTH, DIMENSIONS)
  const output = dense(DIMENSIONS, DIMENSIONS)
  const weightBytes = end
  const scratch = {
    input: floats(MAX_TOKENS * EMBEDDING_WIDTH),
    state: floats(MAX_TOKENS * DIMENSIONS),
    normed: floats(MAX_TOKENS * DIMENSIONS),
    wide: floats(MAX_TOKENS * HIDDEN_WIDTH),
    numbers: take(2 * MAX_TOKENS * HIDDEN_WIDTH),
    rowScales: floats(MAX_TOKENS),
    scores: floats(MAX_TOKENS + 3),
    zeros: floats(HIDDEN_WIDTH),
  }
  return { embedding, timescales, layers, widen, output, weightBytes, scratch, bytes: end }
}
