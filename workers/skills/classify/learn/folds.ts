import { seededRandom, shuffle } from './random'

/**
 * The part (0 to `count` − 1) in which each example is held out. Labels are spread evenly, and examples of one group (the clauses
 * of one contract, the mails of one campaign) stay together, because knowing one would be knowing the others.
 */
export function dealFolds(labels: readonly number[], groups: readonly (string | undefined)[], count: number): Uint8Array {
  const folds = new Uint8Array(labels.length)
  const random = seededRandom(count)
  const bundles = shuffle([...bundlesOf(labels, groups)], random)
  if (bundles.every((bundle) => bundle.length === 1)) {
    bundles.sort(([a], [b]) => (labels[a as number] as number) - (labels[b as number] as number))
    for (const [position, [row]] of bundles.entries()) folds[row as number] = position % count
    return folds
  }
  const sizes = Array.from({ length: count }, () => 0)
  for (const bundle of bundles.sort((a, b) => b.length - a.length)) {
    const smallest = sizes.indexOf(Math.min(...sizes))
    sizes[smallest] = (sizes[smallest] as number) + bundle.length
    for (const row of bundle) folds[row] = smallest
  }
  return folds
}

function bundlesOf(labels: readonly number[], groups: readonly (string | undefined)[]): Iterable<number[]> {
  const bundles = new Map<string, number[]>()
  for (const row of labels.keys()) {
    const key = groups[row] === undefined ? `row ${row}` : `group ${groups[row]}`
    const bundle = bundles.get(key)
    if (bundle) bundle.push(row)
    else bundles.set(key, [row])
  }
  return bundles.values()
}
