import { figuresOf, sameFigure } from '../citations/figures'
import { commonOf } from './lcs'
import { keyOf, type Unit } from './units'

/** What became of units: pairs by index; one side absent for what was added or removed. */
export interface Alignment {
  same: [number, number][]
  moved: [number, number][]
  changed: [number, number][]
  removed: number[]
  added: number[]
}

/** Units that share so many of their words are versions of each other. */
const SAME_UNIT = 0.5
/** A changed unit is looked for this far from where it stood, in units of the gap; further off it is another. */
const MAX_GAP_PAIRS = 40_000

/** Elsewhere than where it stood only what is this much alike is a version of the same. */
const SAME_ELSEWHERE = 0.65

/**
 * Matches the units of two versions: equal ones in order, then equal ones elsewhere, then the most alike within each gap, then the
 * most alike anywhere. Those that differ only in how their figures are written are equal.
 */
export function align(before: readonly Unit[], after: readonly Unit[]): Alignment {
  const same = commonOf(
    before.map(({ key }) => key),
    after.map(({ key }) => key),
  )
  const moved = equalElsewhere(before, after, without(before, same, 0), without(after, same, 1))
  const settled = [...same, ...moved]
  const near = gapsOf(before.length, after.length, same).flatMap((gap) => mostAlike(before, after, openIn(gap, settled), SAME_UNIT))
  const matched = [...settled, ...near]
  const far = mostAlike(
    before,
    after,
    [longer(before, without(before, matched, 0)), longer(after, without(after, matched, 1))],
    SAME_ELSEWHERE,
  )
  const [rewritten, changed] = parted([...near, ...far], ([index, other]) => isWrittenOtherwise(before[index], after[other]))
  const all = [...matched, ...far]
  return {
    same: [...same, ...rewritten].sort((a, b) => a[0] - b[0]),
    moved,
    changed,
    removed: without(before, all, 0),
    added: without(after, all, 1),
  }
}

function parted<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}

const longer = (units: readonly Unit[], open: readonly number[]): number[] =>
  open.filter((index) => (units[index]?.words.size ?? 0) >= LEAST_MOVED_WORDS)

/** The same words around the same values: `EUR 10 000` for `10,000 EUR`, `31.12.2024` for `31 December 2024`. */
function isWrittenOtherwise(one: Unit | undefined, other: Unit | undefined): boolean {
  if (!one || !other) return false
  const [figures, others] = [figuresOf(one.text), figuresOf(other.text)]
  return (
    figures.length > 0 &&
    figures.length === others.length &&
    figures.every((figure, at) => sameFigure(figure, others[at] ?? figure)) &&
    skeletonOf(one.text, figures) === skeletonOf(other.text, others)
  )
}

const skeletonOf = (text: string, figures: readonly { start: number; end: number }[]): string =>
  keyOf(figures.reduceRight((rest, { start, end }) => `${rest.slice(0, start)}#${rest.slice(end)}`, text))

const without = (units: readonly Unit[], pairs: readonly [number, number][], side: 0 | 1): number[] => {
  const taken = new Set(pairs.map((pair) => pair[side]))
  return units.flatMap((_, index) => (taken.has(index) ? [] : [index]))
}

/** A unit of one or two words says nothing of where it was: a page number is not moved. */
const LEAST_MOVED_WORDS = 4
/** Unless it stands nowhere else in either version. */
const LEAST_UNIQUE_WORDS = 2

function equalElsewhere(before: readonly Unit[], after: readonly Unit[], open: number[], otherOpen: number[]): [number, number][] {
  const [once, otherOnce] = [uniqueKeys(before), uniqueKeys(after)]
  const saysEnough = ({ key, words }: Unit) =>
    words.size >= LEAST_MOVED_WORDS || (words.size >= LEAST_UNIQUE_WORDS && once.has(key) && otherOnce.has(key))
  const places = Map.groupBy(
    otherOpen.filter((index) => after[index] !== undefined && saysEnough(after[index])),
    (index) => after[index]?.key,
  )
  return open.flatMap((index): [number, number][] => {
    const other = places.get(before[index]?.key)?.shift()
    return other === undefined ? [] : [[index, other]]
  })
}

/** Keys that stand once. */
function uniqueKeys(units: readonly Unit[]): Set<string> {
  const [seen, unique] = [new Set<string>(), new Set<string>()]
  for (const { key } of units) {
    if (seen.has(key)) unique.delete(key)
    else unique.add(key)
    seen.add(key)
  }
  return unique
}

interface Gap {
  before: [number, number]
  after: [number, number]
}

/** The stretches between what stayed the same. */
function gapsOf(length: number, otherLength: number, same: readonly [number, number][]): Gap[] {
  const ends: [number, number][] = [[-1, -1], ...same, [length, otherLength]]
  return ends.slice(1).flatMap(([end, otherEnd], index) => {
    const [start, otherStart] = ends[index] ?? [-1, -1]
    return end - start > 1 && otherEnd - otherStart > 1
      ? [{ before: [start + 1, end], after: [otherStart + 1, otherEnd] } satisfies Gap]
      : []
  })
}

/** What of a gap is not matched yet, on both sides. */
function openIn(gap: Gap, settled: readonly [number, number][]): [number[], number[]] {
  const rest = (range: [number, number], side: 0 | 1) => {
    const taken = new Set(settled.map((pair) => pair[side]))
    return Array.from({ length: range[1] - range[0] }, (_, index) => range[0] + index).filter((index) => !taken.has(index))
  }
  return [rest(gap.before, 0), rest(gap.after, 1)]
}

function mostAlike(
  before: readonly Unit[],
  after: readonly Unit[],
  [open, otherOpen]: readonly [number[], number[]],
  least: number,
): [number, number][] {
  if (open.length * otherOpen.length > MAX_GAP_PAIRS) return []
  const pairs = open
    .flatMap((index) => otherOpen.map((other) => ({ index, other, alike: likeness(before[index], after[other]) })))
    .filter(({ alike }) => alike >= least)
    .sort((a, b) => b.alike - a.alike || a.index - b.index || a.other - b.other)
  const chosen: [number, number][] = []
  for (const { index, other } of pairs) {
    if (!chosen.some(([a, b]) => a === index || b === other)) chosen.push([index, other])
  }
  return chosen
}

/** Dice's share of common words; 1 for units without words in common order aside. */
function likeness(one: Unit | undefined, other: Unit | undefined): number {
  if (!one || !other || one.words.size + other.words.size === 0) return 0
  let shared = 0
  for (const word of one.words) if (other.words.has(word)) shared += 1
  return (2 * shared) / (one.words.size + other.words.size)
}
