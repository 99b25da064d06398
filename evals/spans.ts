/** A typed piece of a text or of a list of tokens, `[start, end)`. */
export interface TypedSpan {
  start: number
  end: number
  type: string
}

/** Counts of found, right and wanted things over many cases. */
export interface Tally {
  right: number
  found: number
  wanted: number
}

export const emptyTally = (): Tally => ({ right: 0, found: 0, wanted: 0 })
export const precisionOf = ({ right, found }: Tally): number => (found === 0 ? 1 : right / found)
export const recallOf = ({ right, wanted }: Tally): number => (wanted === 0 ? 1 : right / wanted)
export const f1Of = ({ right, found, wanted }: Tally): number => (found + wanted === 0 ? 1 : (2 * right) / (found + wanted))

/** Adds one case: a span is right when start, end and type are. */
export function countExact(tally: Tally, found: readonly TypedSpan[], wanted: readonly TypedSpan[]): void {
  const key = ({ start, end, type }: TypedSpan) => `${start}-${end}-${type}`
  const gold = new Set(wanted.map(key))
  tally.found += found.length
  tally.wanted += wanted.length
  tally.right += found.filter((span) => gold.has(key(span))).length
}

/** Share of a span's characters that others cover. */
export function coverage(span: TypedSpan, others: readonly TypedSpan[]): number {
  let covered = 0
  for (let at = span.start; at < span.end; at += 1) if (others.some(({ start, end }) => at >= start && at < end)) covered += 1
  return covered / Math.max(1, span.end - span.start)
}
