import { stem } from './stemmer'

const BEYOND_ASCII = /[^\s!-~]/
const ASCII_WORD = /[a-z0-9]+/g
/** Runs of what FTS5's unicode61 tokenizer takes for parts of a word. */
const WORD = /[\p{L}\p{N}\p{Co}]+/gu
const MARK = /\p{M}/gu

/** Stems met lately; a collection's passages use few words over and over. */
const MAX_STEMS = 50_000
let stems = new Map<string, string>()

/** A text's terms in order, as the full-text index (`porter unicode61 remove_diacritics 2`) counts them. */
export function termsOf(text: string): string[] {
  // Almost all passages are plain ASCII, and folding accents is what costs time.
  const words = BEYOND_ASCII.test(text) ? foldAccents(text).match(WORD) : text.toLowerCase().match(ASCII_WORD)
  return words === null ? [] : words.map(termOf)
}

/** One folded word's term. */
export function termOf(word: string): string {
  const known = stems.get(word)
  if (known !== undefined) return known
  const term = stem(word)
  if (stems.size >= MAX_STEMS) stems = new Map()
  stems.set(word, term)
  return term
}

/** Lower case without accents. */
export const foldAccents = (text: string): string => text.normalize('NFD').replace(MARK, '').toLowerCase()
