/** Encoder vectors of the examples, 8 bits a number, example after example; `labels` says of which label each is. */
export interface Neighbours {
  dimensions: number
  vectors: Int8Array
  labels: Uint16Array
}

const LEVELS = 127
/** Neighbours that vote, and how fast a vote fades with distance: a similarity 0.08 lower counts 1/e. */
const VOTERS = 15
const FADING = 12

/** Cuts unit vectors to 8 bits: the inner product of two changes by less than 0.01. */
export function packVectors(vectors: Float32Array): Int8Array {
  const packed = new Int8Array(vectors.length)
  for (let at = 0; at < vectors.length; at += 1)
    packed[at] = Math.max(-LEVELS, Math.min(LEVELS, Math.round((vectors[at] as number) * LEVELS)))
  return packed
}

/** Numbers of the examples of each label. */
export function groupByLabel(labels: Uint16Array): Uint32Array[] {
  const lists: number[][] = []
  for (const [example, label] of labels.entries()) {
    while (lists.length <= label) lists.push([])
    lists[label]?.push(example)
  }
  return lists.map((list) => Uint32Array.from(list))
}

export interface Vote {
  /** Share of the votes by label; sums to 1, or to 0 when there is nobody. */
  shares: Float64Array
  /** Similarity of the nearest example, −1 to 1. */
  nearest: number
  /** Similarity of the nearest example of each label; 0 where the label has no candidate. */
  likeness: Float32Array
}

/**
 * Lets the most similar examples among `candidates` (numbers of examples) vote for their labels. `isLeftOut` keeps examples from
 * voting, for validation.
 */
export function voteOf(
  { dimensions, vectors, labels }: Neighbours,
  query: Float32Array,
  candidates: Iterable<Uint32Array>,
  labelCount: number,
  isLeftOut?: (example: number) => boolean,
): Vote {
  const best: { similarity: number; example: number }[] = []
  const likeness = new Float32Array(labelCount)
  for (const group of candidates)
    for (const example of group) {
      if (isLeftOut?.(example)) continue
      let sum = 0
      const from = example * dimensions
      for (let at = 0; at < dimensions; at += 1) sum += (vectors[from + at] as number) * (query[at] as number)
      const similarity = sum / LEVELS
      const label = labels[example] as number
      if (similarity > (likeness[label] as number)) likeness[label] = similarity
      keep(best, { similarity, example })
    }
  const shares = new Float64Array(labelCount)
  const nearest = best[0]?.similarity ?? -1
  let total = 0
  for (const { similarity, example } of best) {
    const weight = Math.exp((similarity - nearest) * FADING)
    const label = labels[example] as number
    shares[label] = (shares[label] as number) + weight
    total += weight
  }
  if (total > 0) for (let label = 0; label < labelCount; label += 1) shares[label] = (shares[label] as number) / total
  return { shares, nearest, likeness }
}

/** Keeps the best `VOTERS`, best first. */
function keep(best: { similarity: number; example: number }[], found: { similarity: number; example: number }): void {
  if (best.length === VOTERS && found.similarity <= (best[VOTERS - 1]?.similarity ?? -1)) return
  let at = best.length
  while (at > 0 && (best[at - 1]?.similarity ?? 1) < found.similarity) at -= 1
  best.splice(at, 0, found)
  if (best.length > VOTERS) best.pop()
}
