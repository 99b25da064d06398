import { seededRandom, shuffle } from './random'

/** What keeps examples together: the group that they were given with, and the example that each is a copy of. */
export interface Ties {
  groups: readonly (string | undefined)[]
  copiedFrom?: readonly number[]
}

/**
 * The part (0 to `count` − 1) in which each example is held out. Without groups labels are spread evenly. Examples of one group (the clauses
 * of one contract, the mails of one campaign) stay together, as do copies of one text, because knowing one would be knowing the others.
 * Examples that were given with a group go by that alone: a sentence that stands in every contract must not tie all contracts into one part.
 * A label whose examples are all copies of one text has them parted: a label that is held out as a whole could not be judged at all.
 */
export function dealFolds(labels: readonly number[], ties: Ties, count: number): Uint8Array {
  const folds = new Uint8Array(labels.length)
  const bundles = shuffle(bundlesOf(labels, ties), seededRandom(count))
  const put = (bundle: readonly number[], fold: number) => {
    for (const row of bundle) folds[row] = fold
  }
  if (ties.groups.every((group) => group === undefined)) {
    // Copies are few and small bundles: by label in turn, so that each label is in every part as far as it has texts.
    bundles.sort(([a], [b]) => (labels[a as number] as number) - (labels[b as number] as number))
    for (const [position, bundle] of bundles.entries()) put(bundle, position % count)
    return folds
  }
  const sizes = Array.from({ length: count }, () => 0)
  for (const bundle of bundles.sort((a, b) => b.length - a.length)) {
    const smallest = sizes.indexOf(Math.min(...sizes))
    sizes[smallest] = (sizes[smallest] as number) + bundle.length
    put(bundle, smallest)
  }
  return folds
}

function bundlesOf(labels: readonly number[], { groups, copiedFrom }: Ties): number[][] {
  const parted = copiedFrom && labelsOfOneText(labels, copiedFrom)
  const keyOf = (row: number): string => {
    const original = copiedFrom === undefined || parted?.has(labels[row] as number) ? row : (copiedFrom[row] as number)
    const group = groups[row] ?? groups[original]
    return group === undefined ? `text ${original}` : `group ${group}`
  }
  return [...Map.groupBy(labels.keys(), keyOf).values()]
}

/** Labels whose examples are all copies of one text. */
function labelsOfOneText(labels: readonly number[], copiedFrom: readonly number[]): Set<number> {
  const texts = new Map<number, Set<number>>()
  for (const [row, label] of labels.entries()) texts.set(label, (texts.get(label) ?? new Set()).add(copiedFrom[row] as number))
  return new Set([...texts].flatMap(([label, originals]) => (originals.size === 1 ? [label] : [])))
}
