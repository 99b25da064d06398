import { seededRandom, shuffle } from './random'

/** What keeps examples together: the group that they were given with, and the example that each is a copy of. */
export interface Ties {
  groups: readonly (string | undefined)[]
  copiedFrom?: readonly number[]
}

/**
 * The part (0 to `count` − 1) in which each example is held out. Without groups labels are spread evenly. Examples of one group (the clauses
 * of one contract, the mails of one campaign) stay together, as do copies of one text, because knowing one would be knowing the others.
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
  const parent = Array.from(labels.keys())
  const rootOf = (row: number): number => {
    let root = row
    while (parent[root] !== root) root = parent[root] as number
    // Every row on the way is tied to the root at once, so that long chains are walked only once.
    for (let at = row; at !== root; ) {
      const next = parent[at] as number
      parent[at] = root
      at = next
    }
    return root
  }
  const firstOf = new Map<string, number>()
  const parted = copiedFrom && labelsOfOneText(labels, copiedFrom)
  for (const row of labels.keys()) {
    const group = groups[row]
    if (group !== undefined) {
      const first = firstOf.get(group) ?? row
      firstOf.set(group, first)
      parent[rootOf(row)] = rootOf(first)
    }
    if (copiedFrom && !parted?.has(labels[row] as number)) parent[rootOf(row)] = rootOf(copiedFrom[row] as number)
  }
  return [...Map.groupBy(labels.keys(), rootOf).values()]
}

/** Labels whose examples are all copies of one text. */
function labelsOfOneText(labels: readonly number[], copiedFrom: readonly number[]): Set<number> {
  const texts = new Map<number, Set<number>>()
  for (const [row, label] of labels.entries()) texts.set(label, (texts.get(label) ?? new Set()).add(copiedFrom[row] as number))
  return new Set([...texts].flatMap(([label, originals]) => (originals.size === 1 ? [label] : [])))
}
