import { BETTER, type MetricKind, type MetricSpec } from './evaluation-metrics'

/** What a metric came to over all cases to which it applies. */
export interface MetricSummary {
  name: string
  kind: MetricKind
  better: 'higher' | 'lower'
  /** The mean; of latency the median. Null when it applied to no case. */
  value: number | null
  /** Cases to which it applied. */
  n: number
  /** Of cost (millionths of a dollar) and latency (milliseconds) only. */
  spread?: { mean: number; p50: number; p95: number; total: number }
}

/** Scores of one case, as they are compared between evaluations. */
export interface ScoredCase {
  id: string
  hash: string
  tags: string[]
  failed: boolean
  scores: Record<string, number | null>
}

export interface EvaluationSummary {
  cases: number
  failed: number
  costMicroUsd: number
  metrics: MetricSummary[]
  /** By tag: the same metrics over its cases. */
  tags: Record<string, { cases: number; metrics: Record<string, number | null> }>
}

const MAX_TAGS = 50

/** What all cases come to, and the cases of each of the most frequent tags. */
export function summarise(specs: readonly MetricSpec[], cases: readonly ScoredCase[], costMicroUsd: number): EvaluationSummary {
  const byTag = new Map<string, ScoredCase[]>()
  for (const each of cases) for (const tag of new Set(each.tags)) byTag.set(tag, [...(byTag.get(tag) ?? []), each])
  const frequent = [...byTag].sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || (a < b ? -1 : 1)).slice(0, MAX_TAGS)
  return {
    cases: cases.length,
    failed: cases.filter(({ failed }) => failed).length,
    costMicroUsd,
    metrics: specs.map((spec) => summariseMetric(spec, scoresOf(cases, spec.name))),
    tags: Object.fromEntries(
      frequent.map(([tag, tagged]) => [
        tag,
        {
          cases: tagged.length,
          metrics: Object.fromEntries(specs.map((spec) => [spec.name, figureOf(spec.kind, scoresOf(tagged, spec.name))])),
        },
      ]),
    ),
  }
}

const scoresOf = (cases: readonly ScoredCase[], metric: string): number[] => cases.flatMap(({ scores }) => scores[metric] ?? [])

function summariseMetric({ name, kind }: MetricSpec, scores: readonly number[]): MetricSummary {
  const isSpread = (kind === 'cost' || kind === 'latency') && scores.length > 0
  return {
    name,
    kind,
    better: BETTER[kind],
    value: figureOf(kind, scores),
    n: scores.length,
    ...(isSpread && {
      spread: {
        mean: meanOf(scores),
        p50: percentile(scores, 0.5),
        p95: percentile(scores, 0.95),
        total: scores.reduce((a, b) => a + b, 0),
      },
    }),
  }
}

/** The figure that stands for many scores: the mean, of latency the median; null for none. */
export function figureOf(kind: MetricKind, scores: readonly number[]): number | null {
  if (scores.length === 0) return null
  return kind === 'latency' ? percentile(scores, 0.5) : meanOf(scores)
}

const meanOf = (scores: readonly number[]): number => scores.reduce((sum, score) => sum + score, 0) / scores.length

/** The smallest score that at least the share of all do not exceed (nearest rank). */
export function percentile(scores: readonly number[], share: number): number {
  const sorted = [...scores].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
