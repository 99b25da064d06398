import { type Result, unwrap } from '../domain/error'
import type { Encoder } from '../domain/models'

/** What this adapter calls of script steward-models: vectors of 512 numbers one after the other, in the order of the texts. */
export interface EncoderService {
  embed(texts: string[]): Promise<Result<Float32Array>>
}

export const EMBEDDED_MODEL = 'universal-sentence-encoder-lite-int8'
const DIMENSIONS = 512
/** One call stays under a second of CPU time, and 1,000 calls (the limit of one invocation) cover 64,000 texts. */
const TEXTS_PER_CALL = 64

/** Port Encoder over the service binding to steward-models. Works for English; only about the first 95 words of a text count. */
export function createEmbeddedEncoder(service: EncoderService): Encoder {
  return {
    dimensions: DIMENSIONS,
    model: EMBEDDED_MODEL,
    async embed(texts) {
      const vectors: number[][] = []
      for (let start = 0; start < texts.length; start += TEXTS_PER_CALL) {
        const packed = unwrap(await service.embed(texts.slice(start, start + TEXTS_PER_CALL)))
        for (let offset = 0; offset < packed.length; offset += DIMENSIONS)
          vectors.push(Array.from(packed.subarray(offset, offset + DIMENSIONS)))
      }
      return vectors
    },
  }
}
