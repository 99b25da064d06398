import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter'
import { type io, type Tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import topology from './assets/topology.json.bin'
import vocabulary from './assets/vocab.json.bin'
import weights from './assets/w8.bin'
import { startBackend, stopBackend } from './encoder-backend'
import { MAX_TOKENS, planBatches } from './encoder-batches'
import type { LoadableModel } from './model-slot'
import { createTokenizer } from './tokenizer'

/** Length of every vector of the Universal Sentence Encoder, lite. */
export const DIMENSIONS = 512
/** More characters than `MAX_TOKENS` pieces can hold, so that a huge text is not tokenized for nothing. */
const MAX_CHARACTERS = 4_096

/** What the build script wrote: our own bytes, so they are not checked again. */
const readJson = <T>(bytes: ArrayBuffer): T => JSON.parse(new TextDecoder().decode(bytes)) as T

export interface SentenceEncoder {
  graph: GraphModel
  tokenize: (text: string) => number[]
}

/** The Universal Sentence Encoder (lite, English) with 8-bit weights. */
export const sentenceEncoder: LoadableModel<SentenceEncoder> = {
  async load() {
    await startBackend()
    const description = readJson<Pick<io.ModelArtifacts, 'modelTopology' | 'weightSpecs'>>(topology)
    const graph = await loadGraphModel({ load: async () => ({ ...description, weightData: weights }) })
    return { graph, tokenize: createTokenizer(readJson<[string, number][]>(vocabulary)) }
  },
  unload({ graph }) {
    graph.dispose()
    stopBackend()
  },
}

/**
 * Vectors of unit length for all texts, one after the other in one array, in order. A text's vector does not depend on its
 * neighbours. Only the first `MAX_TOKENS` pieces of a text count.
 */
export async function embedTexts({ graph, tokenize }: SentenceEncoder, texts: readonly string[]): Promise<Float32Array> {
  const tokens = texts.map((text) => tokenize(text.slice(0, MAX_CHARACTERS)).slice(0, MAX_TOKENS))
  const vectors = new Float32Array(texts.length * DIMENSIONS)
  for (const batch of planBatches(tokens.map((ids) => ids.length))) {
    const rows = await runBatch(
      graph,
      batch.map((index) => tokens[index] ?? []),
    )
    for (const [row, index] of batch.entries())
      vectors.set(unitLength(rows.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS)), index * DIMENSIONS)
  }
  return vectors
}

/** The graph takes the pieces of all texts as one sparse matrix: `indices` [text, position] and `values` the piece ids. */
async function runBatch(graph: GraphModel, batch: number[][]): Promise<Float32Array> {
  const places = batch.flatMap((ids, text) => ids.map((_, position): [number, number] => [text, position]))
  const indices = tensor2d(places, [places.length, 2], 'int32')
  const values = tensor1d(batch.flat(), 'int32')
  try {
    const output = (await graph.executeAsync({ indices, values })) as Tensor
    try {
      return Float32Array.from(await output.data())
    } finally {
      output.dispose()
    }
  } finally {
    indices.dispose()
    values.dispose()
  }
}

function unitLength(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}
