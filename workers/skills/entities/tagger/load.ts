import { featuresOf } from './features'
import { type Lexicon, readLexicon } from './lexicon'
import { labelsOf, readModel, type TaggedSpan, type TaggerModel, tagTokens } from './model'
import { type Token, tokenize } from './tokens'

/** A piece longer than this is cut at the next line break, so that time and memory stay linear. */
const MAX_PIECE_TOKENS = 400

/** Packed files hold their bytes as base64: every bundler and runtime reads JSON alike. */
export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

let lexicon: Promise<Lexicon> | undefined

/** The word classes and names that all taggers share, unpacked when first asked for. */
export function loadLexicon(): Promise<Lexicon> {
  lexicon ??= import('./lexicon.json').then(({ default: { packed } }) => readLexicon(bytesOf(packed)))
  return lexicon
}

export interface Tagger {
  /** Spans of a text, in order, without overlaps; `barred`: what they would be if nothing were of that type. */
  tag(text: string, barred?: string): TaggedSpan[]
  /** `O`, `B-x`, `I-x` for tokens that are split already. */
  label(tokens: readonly string[]): string[]
}

/** A tagger whose weights are unpacked when first asked for. */
export function lazyTagger(weights: () => Promise<{ default: { packed: string } }>): () => Promise<Tagger> {
  let tagger: Promise<Tagger> | undefined
  return () => {
    tagger ??= Promise.all([loadLexicon(), weights()]).then(
      ([
        words,
        {
          default: { packed },
        },
      ]) => createTagger(readModel(bytesOf(packed)), words),
    )
    return tagger
  }
}

export const createTagger = (model: TaggerModel, words: Lexicon): Tagger => ({
  tag: (text, barred) => pieces(tokenize(text)).flatMap((tokens) => tagTokens(model, words, tokens, barred)),
  label: (tokens) => labelsOf(model, featuresOf(tokens, words)),
})

/** Names of people, places, organisations, products and works in informal text. */
export const loadEmergingTagger = lazyTagger(() => import('./emerging.json'))

/** Personal data in letters, forms and chats, English and German. */
export const loadPersonalTagger = lazyTagger(() => import('./personal.json'))

function pieces(tokens: Token[]): Token[][] {
  const cut: Token[][] = []
  let piece: Token[] = []
  for (const token of tokens) {
    piece.push(token)
    if ((token.text === '\n' && piece.length >= MAX_PIECE_TOKENS) || piece.length >= 2 * MAX_PIECE_TOKENS) {
      cut.push(piece)
      piece = []
    }
  }
  if (piece.length > 0) cut.push(piece)
  return cut
}
