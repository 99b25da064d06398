import type { Encoder } from '../../domain/models'
import type { Nearest } from './embedded'
import { BUILT, keyOf } from './generic'
import type { PlanOperation } from './schema'

/** Below this, sentences of the shipped encoder are about different things; the runner-up must be clearly behind. */
const LEAST_SIMILARITY = 0.55
const LEAST_LEAD = 0.05

/** Finds the operation whose summary means nearly the same as some words. Only operations that no rule knows are looked at. */
export function nearestOperation(encoder: Encoder, catalogue: readonly PlanOperation[], signal?: AbortSignal): Nearest | undefined {
  const others = catalogue.filter((operation) => !BUILT.has(keyOf(operation)))
  if (others.length === 0) return undefined
  let summaries: Promise<number[][]> | undefined
  return async (words) => {
    summaries ??= encoder.embed(
      others.map(({ operation, summary }) => `${operation}: ${summary}`),
      signal && { signal },
    )
    const [vectors, [wanted]] = await Promise.all([summaries, encoder.embed([words], signal && { signal })])
    const ranked = others
      .map((operation, index) => ({ key: keyOf(operation), score: cosine(wanted ?? [], vectors[index] ?? []) }))
      .sort((a, b) => b.score - a.score)
    const [best, second] = ranked
    const leads = best !== undefined && best.score >= LEAST_SIMILARITY && best.score - (second?.score ?? 0) >= (second ? LEAST_LEAD : 0)
    return leads ? best.key : undefined
  }
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
  const length = (vector: readonly number[]) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return dot / (length(a) * length(b) || 1)
}
