import { type Line, segmentText } from './lines'

/** Lines on either side of a gutter before it counts as one: side-by-side address blocks are shorter and read across. */
const MIN_COLUMN_LINES = 6
/** Characters of a typical line of prose in a column; labels, values and table cells are shorter. */
const MIN_PROSE_CHARACTERS = 22
/** A line of prose fills most of its column. */
const MIN_FILL = 0.6

/**
 * Puts lines into reading order: across the page, except where two columns of prose stand side by side, which are read one
 * after the other. Each result is a region whose lines follow each other.
 */
export function toRegions(lines: Line[], depth = 0): Line[][] {
  const split = depth < 3 ? findColumns(lines) : undefined
  if (split === undefined) return lines.length === 0 ? [] : [lines]
  const { start, end, gutter } = split
  const inside = lines.slice(start, end)
  return [
    ...toRegions(lines.slice(0, start), depth + 1),
    ...toRegions(
      inside.flatMap((line) => sideOf(line, (x) => x < gutter)),
      depth + 1,
    ),
    ...toRegions(
      inside.flatMap((line) => sideOf(line, (x) => x >= gutter)),
      depth + 1,
    ),
    ...toRegions(lines.slice(end), depth + 1),
  ]
}

function findColumns(lines: Line[]): { start: number; end: number; gutter: number } | undefined {
  for (const gutter of gutterCandidates(lines)) {
    const run = longestRun(lines, gutter)
    if (run && isProse(lines.slice(run.start, run.end), gutter)) return { ...run, gutter }
  }
  return undefined
}

/** Left edges that many lines share, away from the left margin; the most frequent first. */
function gutterCandidates(lines: Line[]): number[] {
  const margin = Math.min(...lines.flatMap(({ segments }) => segments.map(({ x }) => x)))
  const edges = new Map<number, number>()
  for (const { segments } of lines)
    for (const { x } of segments) if (x > margin + 80) edges.set(Math.round(x / 3), (edges.get(Math.round(x / 3)) ?? 0) + 1)
  return [...edges]
    .filter(([, count]) => count >= MIN_COLUMN_LINES / 2)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 6)
    .map(([edge]) => edge * 3 - 3)
}

/** The longest run of lines of which no segment crosses the gutter. */
function longestRun(lines: Line[], gutter: number): { start: number; end: number } | undefined {
  let best: { start: number; end: number } | undefined
  let start = 0
  lines.forEach((line, index) => {
    if (line.segments.some(({ x, right }) => x < gutter && right > gutter)) start = index + 1
    else if (best === undefined || index + 1 - start > best.end - best.start) best = { start, end: index + 1 }
  })
  return best
}

function isProse(lines: Line[], gutter: number): boolean {
  const segments = lines.flatMap((line) => line.segments)
  return [segments.filter(({ x }) => x < gutter), segments.filter(({ x }) => x >= gutter)].every((side) => {
    if (side.length < MIN_COLUMN_LINES) return false
    const width = Math.max(...side.map(({ right }) => right)) - Math.min(...side.map(({ x }) => x))
    const long = side.filter(
      (segment) => segmentText(segment).length >= MIN_PROSE_CHARACTERS && segment.right - segment.x >= width * MIN_FILL,
    )
    return long.length >= side.length * 0.5 && long.length >= MIN_COLUMN_LINES - 1
  })
}

function sideOf(line: Line, isOnSide: (x: number) => boolean): Line[] {
  const segments = line.segments.filter(({ x }) => isOnSide(x))
  if (segments.length === 0) return []
  const fragments = segments.flatMap((segment) => segment.fragments)
  return [
    {
      segments,
      top: Math.min(...fragments.map(({ top }) => top)),
      bottom: Math.max(...fragments.map(({ bottom }) => bottom)),
      size: Math.max(...fragments.map(({ size }) => size)),
    },
  ]
}
