/** More cells than this would take too long; the caller then takes the cheaper way. */
const MAX_CELLS = 4_000_000

/**
 * The longest common subsequence of two lists of keys, as pairs of indexes in order. What stands at both ends is matched first, so
 * that long documents with few changes are cheap; where the middle is still too large, keys that are unique in both are the anchors.
 */
export function commonOf(before: readonly string[], after: readonly string[]): [number, number][] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail += 1
  const middle = between(before.slice(head, before.length - tail), after.slice(head, after.length - tail))
  return [
    ...Array.from({ length: head }, (_, index): [number, number] => [index, index]),
    ...middle.map(([a, b]): [number, number] => [a + head, b + head]),
    ...Array.from({ length: tail }, (_, index): [number, number] => [before.length - tail + index, after.length - tail + index]),
  ]
}

function between(before: readonly string[], after: readonly string[]): [number, number][] {
  if (before.length === 0 || after.length === 0) return []
  return before.length * after.length <= MAX_CELLS ? byTable(before, after) : byAnchors(before, after)
}

function byTable(before: readonly string[], after: readonly string[]): [number, number][] {
  const width = after.length + 1
  const lengths = new Uint32Array((before.length + 1) * width)
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0
  for (let row = before.length - 1; row >= 0; row -= 1)
    for (let column = after.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        before[row] === after[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
  const pairs: [number, number][] = []
  for (let row = 0, column = 0; row < before.length && column < after.length; ) {
    if (before[row] === after[column]) pairs.push([row++, column++])
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1
    else column += 1
  }
  return pairs
}

/** Keys that occur once in both, of which the longest rising run is kept. */
function byAnchors(before: readonly string[], after: readonly string[]): [number, number][] {
  const unique = (keys: readonly string[]) => {
    const places = new Map<string, number>()
    for (const [index, key] of keys.entries()) places.set(key, places.has(key) ? -1 : index)
    return places
  }
  const others = unique(after)
  const candidates = [...unique(before)].flatMap(([key, index]): [number, number][] => {
    const other = others.get(key) ?? -1
    return index >= 0 && other >= 0 ? [[index, other]] : []
  })
  return longestRising(candidates.sort((a, b) => a[0] - b[0]))
}

/** Patience sorting: piles end in the smallest second index that a run of their length can have. */
function longestRising(pairs: readonly [number, number][]): [number, number][] {
  const piles: number[] = []
  const previous = pairs.map(() => -1)
  for (const [index, pair] of pairs.entries()) {
    let low = 0
    let high = piles.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[piles[middle] ?? 0]?.[1] ?? 0) < pair[1]) low = middle + 1
      else high = middle
    }
    previous[index] = low > 0 ? (piles[low - 1] ?? -1) : -1
    piles[low] = index
  }
  const run: [number, number][] = []
  for (let index = piles.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const pair = pairs[index]
    if (pair) run.unshift(pair)
  }
  return run
}
