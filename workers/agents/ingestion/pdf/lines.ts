import type { Fragment } from './geometry'

/** Fragments that follow each other without a wide gap: a cell, a label, a line of prose. */
export interface Segment {
  fragments: Fragment[]
  x: number
  right: number
}

export interface Line {
  segments: Segment[]
  top: number
  bottom: number
  /** Largest font size. */
  size: number
}

/** A gap of this many font sizes parts two segments; the blanks of justified prose stay below it. */
const SEGMENT_GAP = 1.1
/** A gap of this share of the font size is a blank; kerning stays below it. */
const WORD_GAP = 0.18

/** Groups fragments into lines from the top down, each divided into segments from the left. */
export function toLines(fragments: Fragment[]): Line[] {
  const sorted = [...fragments].sort((a, b) => a.bottom - b.bottom || a.x - b.x)
  const rows: { top: number; bottom: number; fragments: Fragment[] }[] = []
  for (const fragment of sorted) {
    // The last rows suffice: fragments come sorted by their lower edge.
    const row = rows
      .slice(-4)
      .reverse()
      .find((candidate) => overlap(candidate, fragment) >= 0.5)
    if (row === undefined) rows.push({ top: fragment.top, bottom: fragment.bottom, fragments: [fragment] })
    else row.fragments.push(fragment)
  }
  return rows.map(({ fragments: row }) => toLine(row)).sort((a, b) => a.bottom - b.bottom)
}

/** The shared height of two rows, as a share of the lower one: superscripts belong to their line. */
function overlap(a: { top: number; bottom: number }, b: { top: number; bottom: number }): number {
  return (Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)) / Math.min(a.bottom - a.top, b.bottom - b.top)
}

function toLine(row: Fragment[]): Line {
  row.sort((a, b) => a.x - b.x)
  const segments: Segment[] = []
  for (const fragment of row) {
    const last = segments.at(-1)
    const size = Math.max(fragment.size, last?.fragments.at(-1)?.size ?? 0)
    if (last === undefined || fragment.x - last.right > size * SEGMENT_GAP)
      segments.push({ fragments: [fragment], x: fragment.x, right: fragment.right })
    else {
      last.fragments.push(fragment)
      last.right = Math.max(last.right, fragment.right)
    }
  }
  return {
    segments,
    top: Math.min(...row.map(({ top }) => top)),
    bottom: Math.max(...row.map(({ bottom }) => bottom)),
    size: Math.max(...row.map(({ size }) => size)),
  }
}

/** The text of a segment with blanks where the drawing leaves room for one. */
export function segmentText(segment: Segment): string {
  let text = ''
  let right = segment.x
  for (const fragment of segment.fragments) {
    if (needsBlank(text, fragment, right)) text += ' '
    text += fragment.text
    right = fragment.right
  }
  return text.trim()
}

export const needsBlank = (before: string, fragment: Fragment, right: number): boolean =>
  before !== '' &&
  !/\s$/.test(before) &&
  !/^\s/.test(fragment.text) &&
  fragment.x - right > fragment.size * (/^[,.;:!?)\]}]/.test(fragment.text) ? WORD_GAP * 2 : WORD_GAP)
