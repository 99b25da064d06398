import type { MetricKind, MetricSpec } from './evaluation-metrics'
import { BETTER } from './evaluation-metrics'
import { figureOf, type ScoredCase } from './evaluation-summary'
import { canonicalJson } from './json'

/** One evaluation as it is compared. */
export interface Compared {
  id: string
  metrics: readonly MetricSpec[]
  cases: readonly ScoredCase[]
}

/** One metric of one evaluation beside the first, over the cases that both have with the same content. */
export interface Difference {
  metric: string
  evaluationId: string
  before: number
  after: number
  /** After minus before. */
  difference: number
  /** Between these the difference lies with a probability of 95 %: a paired bootstrap. Zero outside: it is hardly chance. */
  interval: { low: number; high: number }
  verdict: 'better' | 'worse' | 'unclear'
  /** Cases compared, and how each moved. */
  n: number
  improved: number
  worsened: number
}

export interface CaseChange {
  caseId: string
  metric: string
  evaluationId: string
  before: number
  after: number
}

export interface Comparison {
  differences: Difference[]
  improved: CaseChange[]
  worsened: CaseChange[]
  /** What could not be compared, in sentences. */
  notes: string[]
}

/** More tells no more; the counts in `differences` are whole. */
const MAX_CHANGES = 200
const RESAMPLES = 1_000
const LEAST_RESAMPLES = 200
/** Random draws for one interval, so that many cases take no longer than some. */
const MAX_DRAWS = 1_000_000
const CONFIDENCE = 0.95
/** Any number will do, as long as it is always the same: the same comparison gives the same interval. */
const SEED = 20_261_121

/** Every other evaluation beside the first. Metrics are compared where name and settings are equal. */
export function compareEvaluations([first, ...others]: readonly [Compared, ...Compared[]]): Comparison {
  const compared = others.map((other) => compareTwo(first, other))
  return {
    differences: compared.flatMap(({ differences }) => differences),
    improved: largestFirst(compared.flatMap(({ improved }) => improved)),
    worsened: largestFirst(compared.flatMap(({ worsened }) => worsened)),
    notes: compared.flatMap(({ notes }) => notes),
  }
}

const largestFirst = (changes: CaseChange[]): CaseChange[] =>
  changes.sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before)).slice(0, MAX_CHANGES)

function compareTwo(first: Compared, other: Compared): Comparison {
  const known = new Map(other.cases.map((each) => [each.id, each]))
  const pairs = first.cases.flatMap((before) => {
    const after = known.get(before.id)
    return after === undefined || after.hash !== before.hash ? [] : [{ id: before.id, before: before.scores, after: after.scores }]
  })
  const total = Math.max(first.cases.length, other.cases.length)
  const notes =
    pairs.length < total ? [`${other.id}: ${pairs.length} of ${total} cases are the same in both; only these are compared.`] : []
  const result: Comparison = { differences: [], improved: [], worsened: [], notes }
  for (const spec of first.metrics) {
    const same = other.metrics.some((each) => canonicalJson(each) === canonicalJson(spec))
    if (!same) {
      notes.push(`${other.id}: metric '${spec.name}' is missing or set otherwise, so it is not compared.`)
      continue
    }
    const scored = pairs.flatMap(({ id, before, after }) => {
      const [was, is] = [before[spec.name], after[spec.name]]
      return was === null || was === undefined || is === null || is === undefined ? [] : [{ id, was, is }]
    })
    if (scored.length === 0) notes.push(`${other.id}: metric '${spec.name}' applies to no case of both.`)
    else add(result, spec, other.id, scored)
  }
  return result
}

interface Scored {
  id: string
  was: number
  is: number
}

function add(result: Comparison, { name, kind }: MetricSpec, evaluationId: string, scored: readonly Scored[]): void {
  const sign = BETTER[kind] === 'higher' ? 1 : -1
  const changes = (isWanted: (gain: number) => boolean): CaseChange[] =>
    scored
      .filter(({ was, is }) => isWanted(sign * (is - was)))
      .map(({ id, was, is }) => ({ caseId: id, metric: name, evaluationId, before: was, after: is }))
  const [improved, worsened] = [changes((gain) => gain > 0), changes((gain) => gain < 0)]
  const before =
    figureOf(
      kind,
      scored.map(({ was }) => was),
    ) ?? 0
  const after =
    figureOf(
      kind,
      scored.map(({ is }) => is),
    ) ?? 0
  const interval = bootstrapInterval(kind, scored)
  result.differences.push({
    metric: name,
    evaluationId,
    before,
    after,
    difference: after - before,
    interval,
    verdict:
      sign * interval.low > 0 && sign * interval.high > 0
        ? 'better'
        : sign * interval.low < 0 && sign * interval.high < 0
          ? 'worse'
          : 'unclear',
    n: scored.length,
    improved: improved.length,
    worsened: worsened.length,
  })
  result.improved.push(...improved)
  result.worsened.push(...worsened)
}

/** Percentile interval of the difference under resampling of cases with replacement, both sides together (Efron and Tibshirani 1993). */
function bootstrapInterval(kind: MetricKind, scored: readonly Scored[]): { low: number; high: number } {
  const random = seededRandom(SEED)
  const resamples = Math.max(LEAST_RESAMPLES, Math.min(RESAMPLES, Math.floor(MAX_DRAWS / scored.length)))
  const drawn = Array.from({ length: resamples }, () => {
    const was: number[] = []
    const is: number[] = []
    for (let turn = 0; turn < scored.length; turn += 1) {
      const pick = scored[Math.floor(random() * scored.length)]
      if (pick === undefined) continue
      was.push(pick.was)
      is.push(pick.is)
    }
    return (figureOf(kind, is) ?? 0) - (figureOf(kind, was) ?? 0)
  }).sort((a, b) => a - b)
  const at = (share: number) => drawn[Math.min(drawn.length - 1, Math.max(0, Math.round(share * (drawn.length - 1))))] ?? 0
  return { low: at((1 - CONFIDENCE) / 2), high: at((1 + CONFIDENCE) / 2) }
}

/** Mulberry32: small, and the same everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
