import type { Page, Span, TextBox } from '../../domain/documents'
import { literal } from './pattern'

/** Characters `[start, end)` of a page's text. */
export interface Range {
  page: number
  start: number
  end: number
}

/** A part of a line that stands apart: gaps of two spaces, tabs and bars separate cells. */
export interface Cell extends Range {
  text: string
  /** Points from the left edge, where the page says where its text is drawn. */
  left: number | undefined
  right: number | undefined
}

export interface Line extends Range {
  /** Position among all lines of the document, from 0. */
  index: number
  text: string
  cells: Cell[]
}

/**
 * A line is read as a whole for every label in it, so a longer one is read in pieces: a file of one line would otherwise take time in
 * the square of its length. No line of a form or a table that people read comes near it.
 */
const MAX_LINE_CHARS = 4_000

const GAP = /\s{2,}|\t|\s?[|¦]\s?/g

/** The box that holds character `at`, by binary search; boxes are in order of `start`. */
function boxAt(boxes: TextBox[], at: number): TextBox | undefined {
  let low = 0
  let high = boxes.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const box = boxes[middle]
    if (!box) return undefined
    if (at < box.start) high = middle - 1
    else if (at >= box.end) low = middle + 1
    else return box
  }
  return undefined
}

/** Where a character is drawn, letters of a box taken as equally wide. */
function xAt(boxes: TextBox[], at: number): number | undefined {
  const box = boxAt(boxes, at)
  return box && box.x + (box.width * (at - box.start)) / Math.max(1, box.end - box.start)
}

function makeCell(page: Page, boxes: TextBox[], start: number, end: number): Cell {
  const last = boxAt(boxes, end - 1)
  const right = last && last.x + (last.width * (end - last.start)) / Math.max(1, last.end - last.start)
  return { page: page.number, start, end, text: page.text.slice(start, end), left: xAt(boxes, start), right }
}

function cellsOf(page: Page, boxes: TextBox[], start: number, end: number): Cell[] {
  const text = page.text.slice(start, end)
  const cells: Cell[] = []
  let from = 0
  const add = (to: number) => {
    const raw = text.slice(from, to)
    const lead = raw.length - raw.trimStart().length
    const trimmed = raw.trim()
    if (trimmed !== '') cells.push(makeCell(page, boxes, start + from + lead, start + from + lead + trimmed.length))
  }
  for (const gap of text.matchAll(GAP)) {
    add(gap.index)
    from = gap.index + gap[0].length
  }
  add(text.length)
  return cells
}

/** Where the lines of a text stand; one that is too long to be a line is parted at blanks where it has any. */
function* lineRanges(text: string): Generator<[start: number, end: number]> {
  for (const match of text.matchAll(/[^\n\r\f]+/g)) {
    const end = match.index + match[0].length
    let start = match.index
    while (end - start > MAX_LINE_CHARS) {
      const blank = text.lastIndexOf(' ', start + MAX_LINE_CHARS)
      const next = blank > start + MAX_LINE_CHARS / 2 ? blank : start + MAX_LINE_CHARS
      yield [start, next]
      start = next
    }
    yield [start, end]
  }
}

/** The non-empty lines of all pages with their cells, in reading order. */
export function readLines(pages: Page[]): Line[] {
  const lines: Line[] = []
  for (const page of pages) {
    const boxes = [...page.boxes].sort((a, b) => a.start - b.start)
    for (const [start, end] of lineRanges(page.text)) {
      const cells = cellsOf(page, boxes, start, end)
      if (cells.length > 0) lines.push({ page: page.number, index: lines.length, start, end, text: page.text.slice(start, end), cells })
    }
  }
  return lines
}

/** A span whose quote is exactly the page's text there. */
export function spanOf(pages: Page[], range: Range, documentId?: string): Span {
  const page = pages.find((candidate) => candidate.number === range.page)
  const quote = page?.text.slice(range.start, range.end) ?? ''
  return { ...(documentId && { documentId }), page: range.page, start: range.start, end: range.end, quote }
}

/** Whether two cells of different lines stand in the same column: by drawing where known, else by count from the left. */
export function sameColumn(above: Cell, aboveIndex: number, below: Cell, belowIndex: number): boolean {
  if (above.left === undefined || above.right === undefined || below.left === undefined || below.right === undefined)
    return aboveIndex === belowIndex
  const overlap = Math.min(above.right, below.right) - Math.max(above.left, below.left)
  return overlap > 0.3 * Math.min(above.right - above.left, below.right - below.left)
}

/** First place of a quoted text in the pages, white space taken loosely. */
export function locate(pages: Page[], quote: string): Range | undefined {
  const words = quote.trim().split(/\s+/).filter(Boolean)
  if (words.length === 0 || quote.length > 2_000) return undefined
  const pattern = new RegExp(words.map((word) => literal(word)).join('\\s+'), 'iu')
  for (const page of pages) {
    const match = pattern.exec(page.text)
    if (match) return { page: page.number, start: match.index, end: match.index + match[0].length }
  }
  return undefined
}
