/** So many of the first hits are chosen to complete each other. */
const CHOSEN = 10
/** What a term that a better hit has already found counts less, among the shortest passages. */
const LARGEST_DISCOUNT = 0.4
/** Passages of this many terms on average get half of it. */
const HALF_DISCOUNT_LENGTH = 30
/** Below this nothing would change but the time it takes. */
const LEAST_DISCOUNT = 0.02

export interface Candidate {
  number: number
  contributions: ReadonlyMap<string, number>
  /** What is not about terms. */
  rest: number
}

/**
 * Orders candidates by their score, where the passages are short in such a way that hits complete each other: a sentence holds a part
 * of an answer, and ten that all say the same part leave the others out; a paragraph stands for itself.
 */
export function orderByCoverage(candidates: readonly Candidate[], averageLength: number): { number: number; score: number }[] {
  const discount = (LARGEST_DISCOUNT * HALF_DISCOUNT_LENGTH ** 2) / (HALF_DISCOUNT_LENGTH ** 2 + averageLength ** 2)
  const scores = new Map(candidates.map((candidate) => [candidate, scoreOf(candidate, new Map())]))
  if (discount < LEAST_DISCOUNT) return ranked(scores)
  const seen = new Map<string, number>()
  const chosen: { number: number; score: number }[] = []
  while (chosen.length < CHOSEN && scores.size > 0) {
    const [first] = bestOf(scores)
    if (first === undefined) break
    chosen.push({ number: first.number, score: scores.get(first) ?? 0 })
    scores.delete(first)
    for (const term of first.contributions.keys()) seen.set(term, (seen.get(term) ?? 1) * (1 - discount))
    for (const candidate of scores.keys()) scores.set(candidate, scoreOf(candidate, seen))
  }
  return [...chosen, ...ranked(scores)]
}

function scoreOf({ contributions, rest }: Candidate, seen: ReadonlyMap<string, number>): number {
  let score = rest
  for (const [term, value] of contributions) score += value * (seen.get(term) ?? 1)
  return score
}

const isBefore = (a: [Candidate, number], b: [Candidate, number]): boolean => a[1] > b[1] || (a[1] === b[1] && a[0].number < b[0].number)

function bestOf(scores: ReadonlyMap<Candidate, number>): [Candidate, number] | [] {
  let best: [Candidate, number] | undefined
  for (const entry of scores) if (best === undefined || isBefore(entry, best)) best = entry
  return best ?? []
}

const ranked = (scores: ReadonlyMap<Candidate, number>): { number: number; score: number }[] =>
  [...scores].sort((a, b) => (isBefore(a, b) ? -1 : 1)).map(([{ number }, score]) => ({ number, score }))
