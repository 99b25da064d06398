/** A text to learn from or to classify. `marks` are facts beside its words, such as `header:list-id` of a mail. */
export interface Sample {
  text: string
  marks: readonly string[]
}

/** The kinds of terms, each weighed and normalised by itself. */
export const VIEWS = ['words', 'pieces', 'patterns', 'marks'] as const
export type View = (typeof VIEWS)[number]

const WORD = /[\p{L}\p{M}]+(?:'\p{L}+)?|\p{N}+|[^\s\p{L}\p{M}\p{N}]/gu
const SHORTEST_PIECE = 2
const LONGEST_PIECE = 5

/** 32 bits (FNV-1a): two of 100,000 terms meet by chance about once, which costs nothing measurable and saves keeping strings. */
const OFFSET = 0x811c9dc5
const PRIME = 0x01000193
const mix = (hash: number, code: number): number => Math.imul(hash ^ code, PRIME)

/** Seeds keep equal letters in different roles apart. */
const SINGLE = mix(OFFSET, 1)
const PAIR = mix(OFFSET, 2)
const PIECE = mix(OFFSET, 3)
const MARK = mix(OFFSET, 4)
const EDGE = mix(OFFSET, 5)
const GAP = mix(OFFSET, 6)
const TRIPLE = mix(OFFSET, 7)

function hashText(seed: number, text: string): number {
  let hash = seed
  for (let at = 0; at < text.length; at += 1) hash = mix(hash, text.charCodeAt(at))
  return hash
}

/** Lower-case words, numbers and single signs. */
export const wordsOf = (text: string): string[] => text.normalize('NFKC').toLowerCase().replace(/[’‘]/g, "'").match(WORD) ?? []

export const wordTerm = (word: string): number => hashText(SINGLE, word) >>> 0
const join = (left: number, right: number): number => mix(mix(mix(PAIR, left), left >>> 16), right) >>> 0
export const pairTerm = (left: string, right: string): number => join(wordTerm(left), wordTerm(right))

/** Words and pairs of neighbours; the ends of the text count as neighbours. */
export function wordTerms(words: readonly string[]): number[] {
  const singles = words.map(wordTerm)
  const pairs: number[] = []
  let previous = EDGE >>> 0
  for (const single of [...singles, EDGE >>> 0]) {
    pairs.push(join(previous, single))
    previous = single
  }
  return [...singles, ...pairs]
}

/** Three words in a row, and pairs with any word between them: how something is asked more than what for. */
export function patternTerms(words: readonly string[]): number[] {
  const edged = [EDGE >>> 0, ...words.map(wordTerm), EDGE >>> 0]
  const terms: number[] = []
  for (let at = 2; at < edged.length; at += 1) {
    const [first = 0, second = 0, third = 0] = edged.slice(at - 2, at + 1)
    terms.push(mix(GAP, join(first, third)) >>> 0, mix(TRIPLE, join(join(first, second), third)) >>> 0)
  }
  return terms
}

/** Pieces of two to five characters of each word with its edges: they see through inflection, compounds and misspelling. */
export function pieceTerms(words: readonly string[]): number[] {
  const terms: number[] = []
  for (const word of words) {
    const edged = ` ${word} `
    for (let start = 0; start < edged.length; start += 1) {
      let hash = PIECE
      const end = Math.min(edged.length, start + LONGEST_PIECE)
      for (let at = start; at < end; at += 1) {
        hash = mix(hash, edged.charCodeAt(at))
        if (at - start + 1 >= SHORTEST_PIECE) terms.push(hash >>> 0)
      }
    }
  }
  return terms
}

/** The terms of a sample in each of the wanted views. */
export function termsOf(sample: Sample, views: readonly View[]): Record<View, number[]> {
  const words = wordsOf(sample.text)
  return {
    words: views.includes('words') ? wordTerms(words) : [],
    pieces: views.includes('pieces') ? pieceTerms(words) : [],
    patterns: views.includes('patterns') ? patternTerms(words) : [],
    marks: views.includes('marks') ? [...new Set(sample.marks)].map((mark) => hashText(MARK, mark) >>> 0) : [],
  }
}
