import { unzlibSync } from 'fflate'
import { hashText } from './hash'

/** What lists of names say of a word or phrase, as bits. */
export const KINDS = [
  'first',
  'last',
  'city',
  'town',
  'place',
  'company',
  'work',
  'product',
  'group',
  'person',
  'nationality',
  'job',
  'street',
] as const
export type Kind = (typeof KINDS)[number]

/** What is known of a word, whatever stands around it. */
export interface WordClass {
  /** Cluster of its GloVe vector, `coarse * 16 + fine`; -1: none. */
  cluster: number
  /** Path in a binary tree of the GloVe vectors; empty: none. */
  path: string
  /** Bits of `KINDS`. */
  kinds: number
  /** log2 of its frequency rank in English; 31: not among the known. */
  rarity: number
}

export const UNKNOWN: WordClass = { cluster: -1, path: '', kinds: 0, rarity: 31 }
export const NONE = 0xffff

/** 26 bits: the file is a tenth smaller, and one unknown word in 500 is taken for another. */
export const wordKey = (lowerCase: string): number => hashText(lowerCase) >>> 6

/** Word classes and names by hash. */
export interface Lexicon {
  word(lowerCase: string): WordClass
  /** Bits of `KINDS` of a lower-case phrase of two words and more, 0 when unknown. */
  phrase(lowerCase: string): number
}

/** The compressed columns as `evals/train` writes them: see `Columns` there. */
export function readLexicon(packed: Uint8Array): Lexicon {
  const bytes = unzlibSync(packed)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const number = (): number => {
    at += 4
    return view.getUint32(at - 4, true)
  }
  const [words, phrases, pathBytes] = [number(), number(), number()]
  const column = (count: number, width: 1 | 2 | 4): Uint32Array => {
    const values = new Uint32Array(count)
    // Bytes of one weight stand together, so that the zeros of high bytes compress.
    for (let byte = 0; byte < width; byte += 1)
      for (let index = 0; index < count; index += 1) values[index] = (values[index] ?? 0) + (bytes[at++] ?? 0) * 256 ** byte
    return values
  }
  const places = (hashes: Uint32Array): Map<number, number> => {
    let hash = 0
    const map = new Map<number, number>()
    hashes.forEach((gap, index) => {
      hash += gap
      map.set(hash, index)
    })
    return map
  }
  const wordPlaces = places(column(words, 4))
  const [clusters, paths, kinds, rarities] = [column(words, 2), column(words, 2), column(words, 2), column(words, 1)]
  const phrasePlaces = places(column(phrases, 4))
  const phraseKinds = column(phrases, 2)
  const names = new TextDecoder().decode(bytes.subarray(at, at + pathBytes)).split('\n')
  return {
    word(lowerCase) {
      const index = wordPlaces.get(wordKey(lowerCase))
      if (index === undefined) return UNKNOWN
      const cluster = clusters[index] ?? NONE
      return {
        cluster: cluster === NONE ? -1 : cluster,
        path: names[paths[index] ?? NONE] ?? '',
        kinds: kinds[index] ?? 0,
        rarity: rarities[index] ?? UNKNOWN.rarity,
      }
    },
    phrase(lowerCase) {
      const index = phrasePlaces.get(wordKey(lowerCase))
      return index === undefined ? 0 : (phraseKinds[index] ?? 0)
    },
  }
}
