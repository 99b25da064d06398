/** A quote longer than this is no quote; it also bounds the pattern made of it. */
const MAX_QUOTE = 2_000
/** Characters that are written in several ways, each with all of them. */
const ALIKE: readonly string[] = ["'’‘‚`´", '"“”„«»', '-‐‑‒–—−']

/**
 * Where the words of a quote stand in a text: letter by letter, whatever white space, quotation marks and dashes are used, and
 * whatever case. A full stop that the quote adds at its end does not count.
 */
export function placeOf(quote: string, text: string): { start: number; end: number } | undefined {
  const words = quote
    .trim()
    .replace(/[.…]+$/u, '')
    .split(/\s+/u)
    .filter(Boolean)
  if (words.length === 0 || quote.length > MAX_QUOTE) return undefined
  const pattern = words.map((word) => Array.from(word, letterPattern).join('')).join('\\s+')
  // A quote may not begin or end inside a word or figure: `19` does not stand in `2019`.
  const match = new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}]|[.,]\\p{N})`, 'iu').exec(text)
  return match ? { start: match.index, end: match.index + match[0].length } : undefined
}

function letterPattern(letter: string): string {
  const alike = ALIKE.find((group) => group.includes(letter))
  return alike === undefined ? letter.replace(/[$()*+.?[\\\]^{|}/-]/u, '\\$&') : `[${alike.replace(/[-]/u, '\\-')}]`
}
