import weights from './assets/encoder.bin'
import kernels from './assets/encoder.wasm'
import vocabulary from './assets/vocab.json.bin'
import { DIMENSIONS, MAX_TOKENS } from './encoder-layout'
import { createTransformer } from './encoder-transformer'
import { createTokenizer } from './tokenizer'

/** More characters than `MAX_TOKENS` pieces can hold, so that a huge text is not tokenized for nothing. */
const MAX_CHARACTERS = 4_096
/** Texts after which other work of the isolate gets a turn: about 0.2 s. */
const TEXTS_AT_ONCE = 16

interface Encoder {
  tokenize(text: string): number[]
  encode(ids: readonly number[]): Float32Array
}
let loaded: Encoder | undefined

/** Takes about 20 MB, and stays: it is made of our own bytes in a few milliseconds. */
function load(): Encoder {
  loaded ??= {
    // What the asset builder wrote is not checked again.
    tokenize: createTokenizer(JSON.parse(new TextDecoder().decode(vocabulary)) as [string, number][]),
    encode: createTransformer(kernels, weights),
  }
  return loaded
}

/**
 * Vectors of unit length for all texts by the Universal Sentence Encoder (lite, English), one after the other in one array, in
 * order. A text's vector does not depend on its neighbours. Only the first `MAX_TOKENS` pieces of a text count.
 */
export async function embedTexts(texts: readonly string[]): Promise<Float32Array> {
  const { tokenize, encode } = load()
  const vectors = new Float32Array(texts.length * DIMENSIONS)
  for (const [index, text] of texts.entries()) {
    if (index > 0 && index % TEXTS_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, 0))
    vectors.set(encode(tokenize(text.slice(0, MAX_CHARACTERS)).slice(0, MAX_TOKENS)), index * DIMENSIONS)
  }
  return vectors
}
