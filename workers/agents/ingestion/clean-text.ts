/** How far back a blank is looked for where a text must be cut. */
export const LONGEST_WORD = 1_000

/**
 * Where a text from `start` can be cut at `end` or before: behind a line or word, and never within a character. `start`: a word begins there
 * that may be whole a part later.
 */
export function cutBefore(text: string, start: number, end: number): number {
  if (end >= text.length) return text.length
  for (const blank of ['\n', ' ']) {
    const found = text.lastIndexOf(blank, end - 1)
    if (found >= start && found >= end - LONGEST_WORD) return found + 1
  }
  if (end - start < LONGEST_WORD) return start
  const isHalf = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  return isHalf ? end - 1 : end
}

/** Text without control characters, with plain line ends and no blanks before them. */
export const cleanText = (text: string): string =>
  text
    .replace(/\r\n?|\u2028|\u2029|\v/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    .replace(/[\u0000-\u0008\u000c\u000e-\u001f\u007f\ufeff\ufffe\uffff]/g, '')
    .replace(/[^\S\n]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\s+$/g, '')

/** Single words and numbers with single spaces between them: nothing to clean, as in most cells of a table. */
const CLEAN = /^(?:[!-~\u00a1-\u00ac\u00ae-\u024f]+(?: (?=[!-~\u00a1-\u00ac\u00ae-\u024f])|$))*$/

/** The text of one table cell or metadata value: one line. */
export const cleanCell = (text: string): string => (CLEAN.test(text) ? text : cleanText(text).replace(/\s+/g, ' ').trim())
