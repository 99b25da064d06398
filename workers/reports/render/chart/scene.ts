/**
 * A chart as a list of shapes in points, origin at the top left, y downwards: what PDF and HTML both draw.
 * Colours are roles, so that each rendering brings its own theme.
 */
export type Paint = 'ink' | 'muted' | 'grid' | 'surface' | { series: number }

export type Shape =
  /** SVG path data relative to (x, y). */
  | { kind: 'path'; d: string; x: number; y: number; fill?: Paint; stroke?: Paint; strokeWidth?: number; opacity?: number }
  | { kind: 'line'; x1: number; y1: number; x2: number; y2: number; paint: Paint; width: number }
  | { kind: 'circle'; x: number; y: number; radius: number; fill: Paint; stroke: Paint; strokeWidth: number }
  /** y is the baseline. */
  | { kind: 'text'; x: number; y: number; text: string; size: number; anchor: 'start' | 'middle' | 'end'; paint: Paint; strong?: boolean }

export interface Scene {
  width: number
  height: number
  shapes: Shape[]
}

/** What a chart needs to know of its surroundings. */
export interface ChartFrame {
  width: number
  height: number
  /** Width of a text in points. */
  measure(text: string, size: number, strong?: boolean): number
  formatValue(value: number): string
  /** Short form, for axes. */
  formatTick(value: number): string
  formatShare(value: number): string
  words: { noValues: string; other: string }
}

export const LABEL_SIZE = 7
export const LEGEND_SIZE = 8

/** The text, cut with an ellipsis where it is wider than `width`. */
export function fitText(text: string, size: number, width: number, measure: ChartFrame['measure'], strong = false): string {
  if (measure(text, size, strong) <= width) return text
  const characters = Array.from(text)
  let [low, high] = [0, characters.length]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const fits = measure(`${characters.slice(0, middle).join('').trimEnd()}…`, size, strong) <= width
    if (fits) low = middle
    else high = middle - 1
  }
  return `${characters.slice(0, low).join('').trimEnd()}…`
}

/** A rectangle with its top corners rounded, or its bottom ones for a bar that hangs below zero. */
export function barPath(width: number, height: number, hangs: boolean): string {
  const r = Math.min(3, width / 2, height)
  return hangs
    ? `M0,0 V${height - r} Q0,${height} ${r},${height} H${width - r} Q${width},${height} ${width},${height - r} V0 Z`
    : `M0,${height} V${r} Q0,0 ${r},0 H${width - r} Q${width},0 ${width},${r} V${height} Z`
}

export const rectPath = (width: number, height: number): string => `M0,0 H${width} V${height} H0 Z`

export const emptyScene = ({ width, height, words }: ChartFrame): Scene => ({
  width,
  height,
  shapes: [{ kind: 'text', x: width / 2, y: height / 2, text: words.noValues, size: 9, anchor: 'middle', paint: 'muted' }],
})

/** The text on one line, or on two where one is too short; the second is cut with an ellipsis where even that is not enough. */
export function twoLines(text: string, size: number, width: number, measure: ChartFrame['measure']): string[] {
  if (measure(text, size) <= width) return [text]
  const words = text.split(' ')
  let taken = 0
  while (taken < words.length && measure(words.slice(0, taken + 1).join(' '), size) <= width) taken++
  if (taken === 0) return [fitText(text, size, width, measure)]
  return [words.slice(0, taken).join(' '), fitText(words.slice(taken).join(' '), size, width, measure)]
}
