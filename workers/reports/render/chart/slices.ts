import type { ChartBlock } from '../cells'

export interface Slice {
  label: string
  value: number
}

/** As many as there are colours; the smallest beyond that are one slice together. */
const MAX_SLICES = 8

/** Series of a donut are added up per label; what has no share of the whole is left out. */
export function slicesOf(chart: ChartBlock, other: string): Slice[] {
  const all = chart.labels
    .map((label, index) => ({ label, value: chart.series.reduce((sum, series) => sum + Math.max(0, series.values[index] ?? 0), 0) }))
    .filter((slice) => slice.value > 0)
  if (all.length <= MAX_SLICES) return all
  const kept = new Set(all.toSorted((a, b) => b.value - a.value).slice(0, MAX_SLICES - 1))
  const rest = all.filter((slice) => !kept.has(slice)).reduce((sum, slice) => sum + slice.value, 0)
  return [...all.filter((slice) => kept.has(slice)), { label: other, value: rest }]
}
