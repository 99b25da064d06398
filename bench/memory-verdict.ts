import type { Figure } from './bench.ts'

/** What is compiled as it is used more often, and what the allocator keeps at hand for the next, come to this share. */
const TOLERANCE = 0.1

/** Both have been reached in the first half, so a leak shows in the second. */
const LATER_TOLERANCE = 0.05

/** Of what is still in use; caches that are bounded fill a little longer. */
const HELD_TOLERANCE = 0.05

/**
 * `documents` went through when the process had `megabytes` and its isolates still used `held` of them; the first of each is what the
 * last may not go beyond.
 */
export function judgeMemory(
  documents: readonly number[],
  megabytes: readonly number[],
  held: readonly number[],
): { figures: Figure[]; broken: string[] } {
  const sizes = (name: string, values: readonly number[]): Figure[] =>
    documents.map((count, index) => ({ figure: `${name} after ${count} documents`, value: values[index] ?? Number.NaN, unit: 'MB', n: 1 }))
  const grown = (name: string, values: readonly number[]): Figure => ({
    figure: `growth of ${name} since the first`,
    value: (values.at(-1) ?? Number.NaN) / (values[0] ?? Number.NaN),
    unit: 'ratio',
    n: documents.length,
  })
  return {
    figures: [
      ...sizes('Worker process', megabytes),
      grown('the process', megabytes),
      { ...grown('the process', later(megabytes)), figure: 'growth of the process in the second half', n: later(documents).length },
      ...sizes('held by the isolates', held),
      grown('what is held', held),
    ],
    broken: [
      ...brokenBy('the Worker process', megabytes, TOLERANCE),
      ...brokenBy('the Worker process in the second half', later(megabytes), LATER_TOLERANCE),
      ...brokenBy('what the isolates hold', held, HELD_TOLERANCE),
    ],
  }
}

/** From the middle one on. */
const later = <Value>(values: readonly Value[]): readonly Value[] => values.slice(Math.floor(values.length / 2))

function brokenBy(name: string, values: readonly number[], tolerance: number): string[] {
  const [first, last] = [values[0] ?? Number.NaN, values.at(-1) ?? Number.NaN]
  return last <= first * (1 + tolerance) ? [] : [`${name} grew from ${Math.round(first)} to ${Math.round(last)} MB`]
}
