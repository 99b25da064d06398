import type { Page } from '../../domain/documents'
import type { Range } from './lines'

/** A document's pages as one text, line breaks as spaces, so that sentences can be read across lines; offsets lead back to pages. */
export interface WholeText {
  text: string
  /** The same with its line breaks. */
  lines: string
  /** The place on its page; what runs over the end of a page is cut there. */
  rangeAt(start: number, end: number): Range
}

/** Joins pages for reading. Every character keeps its place, so ranges stay exact. */
export function wholeText(pages: Page[]): WholeText {
  const starts: number[] = []
  let length = 0
  for (const page of pages) {
    starts.push(length)
    length += page.text.length + 1
  }
  const lines = pages
    .map((page) => page.text)
    .join('\f')
    .replace(/[\r\f]/g, '\n')
  return {
    text: lines.replace(/[\n\t\u00a0]/g, ' '),
    lines,
    rangeAt(start, end) {
      const index = Math.max(
        0,
        starts.findLastIndex((candidate) => candidate <= start),
      )
      const base = starts[index] ?? 0
      const page = pages[index]
      return { page: page?.number ?? 1, start: start - base, end: Math.min(end - base, page?.text.length ?? 0) }
    },
  }
}
