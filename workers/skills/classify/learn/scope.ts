import { greatest } from './decision'

/** What tells whether a text belongs to any label at all. */
export const SIGNS = ['confidence', 'margin', 'score', 'nearest', 'rejection'] as const
/** One number a sign: log-odds of the best label, lead of its machine, its machine's score, similarity to the nearest example, score of the machine of the out-of-scope examples. */
export type Signs = Record<(typeof SIGNS)[number], number>

/** A text is in scope when the weighted sum of its signs is positive. */
export interface ScopeRule {
  weights: Signs
  constant: number
}

export interface SignSource {
  probabilities: ArrayLike<number>
  scores: ArrayLike<number>
  nearest?: number
  rejection?: number
}

/** Probability below which log-odds are cut off. */
const EDGE = 1e-4

export function signsOf({ probabilities, scores, nearest = 0, rejection = 0 }: SignSource): Signs {
  const [first = 0] = greatest(probabilities, 1)
  const [best = 0, second = 0] = greatest(scores, 2)
  const top = Math.min(1 - EDGE, Math.max(EDGE, probabilities[first] ?? 0))
  return {
    confidence: Math.log(top / (1 - top)),
    margin: (scores[best] ?? 0) - (scores[second] ?? 0),
    score: scores[best] ?? 0,
    nearest,
    rejection,
  }
}

/** Above 0: in scope. */
export const inScope = ({ weights, constant }: ScopeRule, signs: Signs): number =>
  SIGNS.reduce((sum, sign) => sum + weights[sign] * signs[sign], constant)

const nothing: Signs = { confidence: 0, margin: 0, score: 0, nearest: 0, rejection: 0 }

/** The similarity to the nearest example tells as much as the score of the best label, and spreads half as far. */
const TYPICAL: Signs = { ...nothing, score: 1, nearest: 2 }

/** Nothing is refused. */
export const EVERYTHING: ScopeRule = { weights: nothing, constant: 0 }

/**
 * Without out-of-scope examples nothing is known of what else may come. Then only what is less like any label than nearly all
 * held-out examples were is refused: `lost` is the share of the rightly answered ones that this costs.
 */
export const ruleOfTypical = (right: readonly Signs[], lost: number): ScopeRule =>
  withThreshold({ weights: TYPICAL, constant: 0 }, right, lost)

const ROUNDS = 400
const STEP = 0.5
const SHRINK = 1e-3

/**
 * Learns from held-out examples of both kinds: logistic regression in which both kinds weigh the same, then the threshold that
 * costs at most `lost` of the rightly answered examples in scope.
 */
export function learnRule(right: readonly Signs[], outside: readonly Signs[], lost: number): ScopeRule {
  const scale = scaleOf([...right, ...outside])
  const rows = [
    ...right.map((signs) => ({ signs: scale.apply(signs), target: 1, weight: 1 / right.length })),
    ...outside.map((signs) => ({ signs: scale.apply(signs), target: 0, weight: 1 / outside.length })),
  ]
  let [weights, constant] = [{ ...nothing }, 0]
  for (let round = 0; round < ROUNDS; round += 1) {
    const slope = { ...nothing }
    let drift = 0
    for (const { signs, target, weight } of rows) {
      const error = weight * (1 / (1 + Math.exp(-inScope({ weights, constant }, signs))) - target)
      for (const sign of SIGNS) slope[sign] += error * signs[sign]
      drift += error
    }
    for (const sign of SIGNS) weights[sign] -= STEP * (slope[sign] + SHRINK * weights[sign])
    constant -= STEP * drift
  }
  return withThreshold(scale.undo({ weights, constant }), right, lost)
}

/** Moves the threshold to where `lost` of the rows is refused. */
function withThreshold(rule: ScopeRule, right: readonly Signs[], lost: number): ScopeRule {
  const sums = right.map((signs) => inScope(rule, signs)).sort((a, b) => a - b)
  return { ...rule, constant: rule.constant - (sums[Math.floor(sums.length * lost)] ?? 0) }
}

/** Brings each sign to mean 0 and deviation 1, so that one step length suits all. */
function scaleOf(rows: readonly Signs[]) {
  const means = { ...nothing }
  const deviations = { ...nothing }
  for (const sign of SIGNS) {
    means[sign] = rows.reduce((sum, row) => sum + row[sign], 0) / rows.length
    deviations[sign] = Math.sqrt(rows.reduce((sum, row) => sum + (row[sign] - means[sign]) ** 2, 0) / rows.length) || 1
  }
  return {
    apply: (row: Signs): Signs => mapSigns((sign) => (row[sign] - means[sign]) / deviations[sign]),
    undo: ({ weights, constant }: ScopeRule): ScopeRule => ({
      weights: mapSigns((sign) => weights[sign] / deviations[sign]),
      constant: constant - SIGNS.reduce((sum, sign) => sum + (weights[sign] * means[sign]) / deviations[sign], 0),
    }),
  }
}

const mapSigns = (value: (sign: (typeof SIGNS)[number]) => number): Signs =>
  Object.fromEntries(SIGNS.map((sign) => [sign, value(sign)])) as Signs
