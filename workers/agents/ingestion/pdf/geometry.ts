import type { Box } from '../../../domain/documents'

/** A six-number PDF matrix: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = readonly number[]

/**
 * A stretch of text as drawn, in layout space: turned so that its lines run to the right and follow each other downwards.
 * `top` and `bottom` are the extent of the font around the baseline, in points.
 */
export interface Fragment {
  text: string
  x: number
  right: number
  top: number
  bottom: number
  size: number
}

/** The fragments of one direction of text on a page. `angle` is 0, 90, 180 or 270 degrees, clockwise. */
export interface Direction {
  angle: number
  fragments: Fragment[]
}

interface TextItem {
  str: string
  width: number
  transform: number[]
}

/** Sorts the drawn text of a page by direction, the one with most text first. */
export function readDirections(items: TextItem[], viewport: Matrix): Direction[] {
  const byAngle = new Map<number, Fragment[]>()
  const seen = new Set<string>()
  for (const drawn of items) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    const item = { ...drawn, str: drawn.str.replace(/[\u0000-\u001f\u007f\ufeff\ufffe\uffff]/g, '') }
    if (item.str.trim() === '') continue
    const matrix = multiply(viewport, item.transform)
    const angle = (Math.round(Math.atan2(matrix[1] ?? 0, matrix[0] ?? 1) / (Math.PI / 2)) * 90 + 360) % 360
    const fragment = toFragment(item, matrix, angle)
    // Bold is sometimes faked by drawing the same text twice, a hair apart.
    const key = `${item.str}|${Math.round(fragment.x)}|${Math.round(fragment.bottom)}`
    if (seen.has(key)) continue
    seen.add(key)
    const fragments = byAngle.get(angle)
    if (fragments) fragments.push(fragment)
    else byAngle.set(angle, [fragment])
  }
  const weight = (fragments: Fragment[]) => fragments.reduce((sum, fragment) => sum + fragment.text.length, 0)
  return [...byAngle].map(([angle, fragments]) => ({ angle, fragments })).sort((a, b) => weight(b.fragments) - weight(a.fragments))
}

function toFragment(item: TextItem, matrix: Matrix, angle: number): Fragment {
  const size = Math.max(1, Math.hypot(matrix[2] ?? 0, matrix[3] ?? 0))
  const { x, y } = turn(matrix[4] ?? 0, matrix[5] ?? 0, -angle)
  return { text: item.str, x, right: x + Math.abs(item.width), top: y - size * 0.8, bottom: y + size * 0.2, size }
}

function multiply(a: Matrix, b: Matrix): Matrix {
  const [a0 = 1, a1 = 0, a2 = 0, a3 = 1, a4 = 0, a5 = 0] = a
  const [b0 = 1, b1 = 0, b2 = 0, b3 = 1, b4 = 0, b5 = 0] = b
  return [a0 * b0 + a2 * b1, a1 * b0 + a3 * b1, a0 * b2 + a2 * b3, a1 * b2 + a3 * b3, a0 * b4 + a2 * b5 + a4, a1 * b4 + a3 * b5 + a5]
}

/** Turns a point clockwise around the page's corner by a multiple of 90 degrees. */
function turn(x: number, y: number, degrees: number): { x: number; y: number } {
  const quarter = ((degrees / 90) % 4) + (degrees < 0 ? 4 : 0)
  const turned = [
    [x, y],
    [-y, x],
    [-x, -y],
    [y, -x],
  ][quarter % 4]
  return { x: turned?.[0] ?? x, y: turned?.[1] ?? y }
}

/** The page rectangle of a stretch in layout space. */
export function toBox(x: number, right: number, top: number, bottom: number, angle: number): Box {
  const a = turn(x, top, angle)
  const b = turn(right, bottom, angle)
  const round = (value: number) => Math.round(value * 10) / 10
  return {
    x: round(Math.min(a.x, b.x)),
    y: round(Math.min(a.y, b.y)),
    width: round(Math.abs(a.x - b.x)),
    height: round(Math.abs(a.y - b.y)),
  }
}
