import type { Column } from '../../../domain/reports'

/** What a column's cells ask for, in points without padding. */
export interface ColumnNeed {
  /** Widest single word: narrower than this, words are cut. */
  least: number
  /** Widest cell on one line. */
  most: number
}

/** A word longer than this is cut rather than allowed to push the other columns away. */
const MAX_LEAST = 120
/** A column of prose asks for no more than this before the others have what they need. */
const MAX_MOST = 260
const MIN_WIDTH = 30

/**
 * Widths that fill `total`. Columns with a weight share what the others leave; the others start from their longest word
 * and share the rest.
 */
export function columnWidths(columns: Column[], needs: ColumnNeed[], padding: number, total: number): number[] {
  const least = needs.map((need) => Math.max(MIN_WIDTH, Math.min(need.least, MAX_LEAST) + padding))
  const most = needs.map((need, index) => Math.max(least[index] ?? 0, Math.min(need.most, MAX_MOST) + padding))
  const weights = columns.map((column) => column.weight ?? 0)
  const weighted = sum(weights)
  if (weighted === 0) return share(least, most, total)
  const free = columns.flatMap((_, index) => (weights[index] === 0 ? [index] : []))
  const forWeights = sum(least.filter((_, index) => weights[index] !== 0))
  const freeTotal = Math.min(sum(free.map((index) => most[index] ?? 0)), Math.max(total - forWeights, 0))
  const freeWidths = share(
    free.map((index) => least[index] ?? 0),
    free.map((index) => most[index] ?? 0),
    freeTotal,
  )
  const rest = total - sum(freeWidths)
  return columns.map((_, index) => {
    const place = free.indexOf(index)
    return place >= 0 ? (freeWidths[place] ?? 0) : (rest * (weights[index] ?? 0)) / weighted
  })
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)

function share(least: number[], most: number[], total: number): number[] {
  const [sumLeast, sumMost] = [sum(least), sum(most)]
  if (sumLeast >= total) return least.map((width) => (width / sumLeast) * total)
  if (sumMost <= total) return most.map((width) => width + ((total - sumMost) * width) / sumMost)
  return fillUp(least, most, total - sumLeast)
}

/** Gives every column the same until it has what it asks for: those that lack little are made whole, prose is broken into lines. */
function fillUp(least: number[], most: number[], extra: number): number[] {
  const lacks = least.map((width, index) => ({ index, lack: (most[index] ?? 0) - width })).sort((a, b) => a.lack - b.lack)
  const widths = [...least]
  let left = extra
  for (const [done, { index, lack }] of lacks.entries()) {
    const given = Math.min(lack, left / (lacks.length - done))
    widths[index] = (widths[index] ?? 0) + given
    left -= given
  }
  return widths
}

/** Columns that fit side by side, as runs of indexes. Later runs repeat the first column, which says what a row is about. */
export function columnRuns(count: number, perRun: number): number[][] {
  const all = Array.from({ length: count }, (_, index) => index)
  if (count <= perRun) return [all]
  const runs = [all.slice(0, perRun)]
  for (let at = perRun; at < count; at += perRun - 1) runs.push([0, ...all.slice(at, at + perRun - 1)])
  return runs
}
