import type { Figure } from './bench.ts'

/** What the garbage collector leaves lying about differs from one moment to the next by this share. */
const TOLERANCE = 0.1

/** `documents` went through when the process held `megabytes`; the first is what the last may not go beyond. */
export function judgeMemory(documents: readonly number[], megabytes: readonly number[]): { figures: Figure[]; broken: string[] } {
  const [first = Number.NaN] = megabytes
  const last = megabytes.at(-1) ?? Number.NaN
  const figures = documents.map((count, index) => ({
    figure: `Worker process after ${count} documents`,
    value: megabytes[index] ?? Number.NaN,
    unit: 'MB',
    n: 1,
  }))
  const growth = { figure: 'growth since the first', value: last / first, unit: 'ratio', n: documents.length }
  const broken = last > first * (1 + TOLERANCE) ? [`the Worker process grew from ${Math.round(first)} to ${Math.round(last)} MB`] : []
  return { figures: [...figures, growth], broken }
}
