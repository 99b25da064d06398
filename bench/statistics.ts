import type { Figure } from './bench.ts'

/** The value below which the share `part` of the samples lies (nearest rank). */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5)

/** Figures of several rounds, each replaced by the median over the rounds. */
export function medianOfRounds(rounds: readonly Figure[][]): Figure[] {
  const [first = []] = rounds
  return first.map((figure, index) => ({ ...figure, value: median(rounds.map((round) => round[index]?.value ?? Number.NaN)) }))
}
