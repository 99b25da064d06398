/** The greatest measure of any item, 0 when there is none. A loop, because `Math.max(...items)` fails past about a hundred thousand items. */
export function greatest<T>(items: Iterable<T>, measure: (item: T) => number): number {
  let found = 0
  for (const item of items) found = Math.max(found, measure(item))
  return found
}
