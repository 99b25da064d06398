/** A word, number, sign or address of a text and its place `[start, end)`. */
export interface Token {
  text: string
  start: number
  end: number
}

const PIECE =
  /https?:\/\/[^\s<>"]+|www\.[^\s<>"]+|[\p{L}\p{N}][\p{L}\p{N}._%+-]*@[\p{L}\p{N}.-]+\.\p{L}{2,}|[@#][\p{L}\p{N}_]+|(?:\p{Lu}\.){2,}|\d+(?:[.,:/-]\d+)*|\p{L}[\p{L}\p{M}\p{N}]*(?:['’&-]\p{L}[\p{L}\p{M}\p{N}]*)*|\.{2,}|!+|\?+|\n|\S/gu
/** Endings that are words of their own: `it's`, `don't`. */
const CLITIC = /(?:n['’]t|['’](?:s|m|d|re|ve|ll))$/iu

/**
 * Splits a text into tokens as treebanks and tweet corpora do: clitics apart; addresses, hyphened words and numbers whole. A line
 * break is a token: names stop there, postal addresses go on.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(PIECE)) {
    const start = match.index
    const end = start + match[0].length
    const clitic = /^\p{L}/u.test(match[0]) ? CLITIC.exec(match[0]) : null
    const cut = clitic && clitic.index > 0 ? start + clitic.index : end
    tokens.push({ text: text.slice(start, cut), start, end: cut })
    if (cut < end) tokens.push({ text: text.slice(cut, end), start: cut, end })
  }
  return tokens
}
