import type { Encoder, Ocr } from '../../workers/domain/models'

const DIMENSIONS = 64

/** Unit vectors of hashed words: texts with words in common are near, the same text is equal. */
export function createFakeEncoder(): Encoder {
  return { dimensions: DIMENSIONS, model: 'fake-words', embed: async (texts) => texts.map(vectorOf) }
}

/** Reads nothing: a blank page. */
export const createFakeOcr = (): Ocr => ({ recognise: async () => ({ words: [], confidence: 0 }) })

function vectorOf(text: string): number[] {
  const vector = new Array<number>(DIMENSIONS).fill(0)
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    let hash = 7
    for (const character of word) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003
    vector[hash % DIMENSIONS] = (vector[hash % DIMENSIONS] ?? 0) + 1
  }
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}
