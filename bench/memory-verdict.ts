import type { Figure } from './bench.ts'

/**
 * What is compiled as it is used more often, and what the allocator keeps of a later moment with more objects at a time, come to this
 * share: the first fifty may have gone through before the first object was put away.
 */
const TOLERANCE = 0.1

/** Of what is still in use; caches that are bounded fill a little longer. */
const HELD_TOLERANCE = 0.05

/** All of that has been reached in the first half, so a leak shows in the second. */
const LATER_TOLERANCE = 0.05

/** As `judgeMemory`, of a process in which nobody asks for collections. */
export function judgeServed(documents: readonly number[], megabytes: readonly number[]): { figures: Figure[]; broken: string[] } {
  return {
    figures: [...sizesOf('as served', documents, megabytes), ...growths('as served', documents, megabytes)],
    broken: [
      ...brokenBy('the Worker process as served', megabytes, TOLERANCE),
      ...brokenBy('the Worker process as served in the second half', later(megabytes), LATER_TOLERANCE),
    ],
  }
}

/**
 * `documents` went through when the process had `megabytes` and its isolates still used `held` of them; the first of each is what the
 * last may not go beyond.
 */
export function judgeMemory(
  documents: readonly number[],
  megabytes: readonly number[],
  held: readonly number[],
): { figures: Figure[]; broken: string[] } {
  return {
    figures: [
      ...sizesOf('Worker process', documents, megabytes),
      ...growths('the process', documents, megabytes),
      ...sizesOf('held by the isolates', documents, held),
      grown('growth of what is held since the first', held, documents.length),
    ],
    broken: [
      ...brokenBy('the Worker process', megabytes, TOLERANCE),
      ...brokenBy('the Worker process in the second half', later(megabytes), LATER_TOLERANCE),
      ...brokenBy('what the isolates hold', held, HELD_TOLERANCE),
    ],
  }
}

const sizesOf = (name: string, documents: readonly number[], values: readonly number[]): Figure[] =>
  documents.map((count, index) => ({ figure: `${name} after ${count} documents`, value: values[index] ?? Number.NaN, unit: 'MB', n: 1 }))

const grown = (figure: string, values: readonly number[], n: number): Figure => ({
  figure,
  value: (values.at(-1) ?? Number.NaN) / (values[0] ?? Number.NaN),
  unit: 'ratio',
  n,
})

const growths = (name: string, documents: readonly number[], values: readonly number[]): Figure[] => [
  grown(`growth of ${name} since the first`, values, documents.length),
  grown(`growth of ${name} in the second half`, later(values), later(documents).length),
]

/** From the middle one on. */
const later = <Value>(values: readonly Value[]): readonly Value[] => values.slice(Math.floor(values.length / 2))

function brokenBy(name: string, values: readonly number[], tolerance: number): string[] {
  const [first, last] = [values[0] ?? Number.NaN, values.at(-1) ?? Number.NaN]
  return last <= first * (1 + tolerance) ? [] : [`${name} grew from ${Math.round(first)} to ${Math.round(last)} MB`]
}
