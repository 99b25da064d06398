/** A text as a pattern that matches exactly it. */
export const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A pattern for a word or phrase that is not part of a longer word, white space taken loosely. */
export const wholeWord = (text: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])${literal(text).replace(/\s+/g, '\\s+')}(?![\\p{L}\\p{N}])`, 'iu')
