import type { OcrWord } from '../workers/domain/models'

/** A stretch of text as the set gives it: left, top, right, bottom in pixels. */
export interface Stretch {
  box: [number, number, number, number]
  text: string
}

/** Stretches that share at least this part of their height stand on one line. */
const SAME_LINE = 0.5

/** Photographs differ in size a hundredfold; ingestion refuses the largest, and their words are what is measured here. */
const LONGEST_SIDE = 2_000

function scaled(stretches: Stretch[]): Stretch[] {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(1, ...stretches.flatMap(({ box }) => [box[2], box[3]])))
  return stretches.map(({ box: [left, top, right, bottom], text }) => ({
    box: [left * scale, top * scale, right * scale, bottom * scale],
    text,
  }))
}

/** The stretches as words of an OCR: in lines from the top down, from the left within a line. */
export function wordsOf(original: Stretch[]): OcrWord[] {
  const stretches = scaled(original)
  const rows: { top: number; bottom: number; stretches: Stretch[] }[] = []
  for (const stretch of [...stretches].sort((a, b) => middle(a) - middle(b))) {
    const [, top, , bottom] = stretch.box
    const row = rows.at(-1)
    const common = row ? Math.min(row.bottom, bottom) - Math.max(row.top, top) : 0
    if (row && common >= SAME_LINE * Math.min(row.bottom - row.top, bottom - top)) row.stretches.push(stretch)
    else rows.push({ top, bottom, stretches: [stretch] })
  }
  return rows.flatMap((row, line) =>
    row.stretches
      .sort((a, b) => a.box[0] - b.box[0])
      .map(({ box: [left, top, right, bottom], text }) => ({
        text,
        confidence: 0.9,
        x: left,
        y: top,
        width: right - left,
        height: bottom - top,
        line,
      })),
  )
}

const middle = ({ box: [, top, , bottom] }: Stretch): number => (top + bottom) / 2

/** The head of a PNG of the receipt's size: ingestion reads its size from it, and the words come from the set. */
export function receiptImage(stretches: Stretch[]): Uint8Array {
  const bytes = new Uint8Array(33)
  bytes.set([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82])
  const view = new DataView(bytes.buffer)
  const boxes = scaled(stretches).map(({ box }) => box)
  view.setUint32(16, Math.max(1, ...boxes.map((box) => Math.ceil(box[2]))))
  view.setUint32(20, Math.max(1, ...boxes.map((box) => Math.ceil(box[3]))))
  bytes.set([8, 0, 0, 0, 0], 24)
  return bytes
}
