import type { Page, Span, TextBox } from '../api/types'

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

/**
 * Where a span is drawn on its page, in points from the top left. A box holds a run of characters: of one that the span
 * covers in part, the part is taken by the share of characters, which is near enough for text of even width.
 */
export function spanRectangles(page: Pick<Page, 'boxes'>, span: Pick<Span, 'start' | 'end'>): Rectangle[] {
  const lines: Rectangle[] = []
  for (const box of page.boxes) {
    const start = Math.max(box.start, span.start)
    const end = Math.min(box.end, span.end)
    if (start >= end) continue
    const part = cut(box, start, end)
    const line = lines.at(-1)
    if (line !== undefined && continues(line, part)) lines[lines.length - 1] = union(line, part)
    else lines.push(part)
  }
  return lines
}

/** True for the next word of the same line, which is marked together with the ones before it. */
const continues = (line: Rectangle, next: Rectangle): boolean =>
  Math.abs(next.y + next.height / 2 - line.y - line.height / 2) < line.height / 2 &&
  Math.abs(next.x - line.x - line.width) < line.height * 1.5

function union(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y }
}

function cut(box: TextBox, start: number, end: number): Rectangle {
  const perCharacter = box.width / (box.end - box.start)
  return { x: box.x + (start - box.start) * perCharacter, y: box.y, width: (end - start) * perCharacter, height: box.height }
}

/** A page's text in pieces, those that a span covers marked. Spans that overlap count as one. */
export function markText(text: string, spans: Pick<Span, 'start' | 'end'>[]): { start: number; text: string; marked: boolean }[] {
  const pieces: { start: number; text: string; marked: boolean }[] = []
  const add = (start: number, end: number, marked: boolean): void => {
    if (start < end) pieces.push({ start, text: text.slice(start, end), marked })
  }
  let at = 0
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const start = Math.max(at, span.start)
    add(at, Math.min(start, text.length), false)
    add(start, Math.min(span.end, text.length), true)
    at = Math.max(at, span.end)
  }
  add(at, text.length, false)
  return pieces
}
