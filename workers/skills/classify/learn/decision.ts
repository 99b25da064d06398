/** How scores become probabilities. Chosen by cross-validation; see `tuneDecision`. */
export interface Decision {
  /** Divides machine scores before the softmax. */
  temperature: number
  /** How much the logarithm of the neighbours' votes counts beside the scores; 0: not at all. */
  neighbourWeight: number
  /** How much the similarity of each label's nearest example counts beside the scores; 0: not at all. */
  likenessWeight: number
  /** Power that makes the stated probability as often right as it says. */
  sharpness: number
}

const TEMPERATURES = [0.1, 0.15, 0.2, 0.3, 0.5]
const NEIGHBOUR_WEIGHTS = [0, 0.3, 0.6, 1, 1.5]
const LIKENESS_WEIGHTS = [0, 4, 8, 12]
/** The share of votes that a label without any counts as having. */
const NO_VOTE = 0.01
const SHARPNESSES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2]
/** How much the surprise counts beside the errors: it decides among the equally right, for sharpness makes the probabilities true afterwards. */
const TRUTHFULNESS = 0.03
/** A probability of zero would make one surprise count for ever. */
const LEAST = 1e-5

export const indexOfGreatest = (values: ArrayLike<number>): number => {
  let best = 0
  for (let at = 1; at < values.length; at += 1) if ((values[at] as number) > (values[best] as number)) best = at
  return best
}

/** Positions of the `count` greatest values, greatest first. */
export function greatest(values: ArrayLike<number>, count: number): number[] {
  const order = Array.from({ length: values.length }, (_, index) => index)
  return order.sort((a, b) => (values[b] as number) - (values[a] as number)).slice(0, count)
}

export function softmax(scores: ArrayLike<number>): Float64Array {
  const top = scores[indexOfGreatest(scores)] ?? 0
  const shares = Float64Array.from(scores, (score) => Math.exp(score - top))
  const total = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => share / total)
}

/** What is said of one text, by label: the scores of the machines and, with the encoder, what its nearest examples say. */
export interface Heard {
  scores: ArrayLike<number>
  votes?: ArrayLike<number>
  likeness?: ArrayLike<number>
}

/** Probabilities by label from the scores of the machines and, where the encoder is used, the votes of the neighbours. */
export function probabilitiesOf(
  { temperature, neighbourWeight, likenessWeight, sharpness }: Decision,
  { scores, votes, likeness }: Heard,
): Float64Array {
  const sums = Float64Array.from(scores, (score) => score / temperature)
  if (votes !== undefined && neighbourWeight > 0)
    for (let label = 0; label < sums.length; label += 1)
      sums[label] = (sums[label] as number) + neighbourWeight * Math.log((votes[label] as number) + NO_VOTE)
  if (likeness !== undefined && likenessWeight > 0)
    for (let label = 0; label < sums.length; label += 1)
      sums[label] = (sums[label] as number) + likenessWeight * (likeness[label] as number)
  return softmax(sums.map((sum) => sum * sharpness))
}

/** Held-out rows: what models said which had not seen them, and the right label. */
export interface HeldOut extends Heard {
  label: number
}

/** The decision that is most often right on held-out rows; of equals, the one whose probabilities tell the truth best. */
export function tuneDecision(rows: readonly HeldOut[]): Decision {
  const hasVotes = rows.some(({ votes }) => votes !== undefined)
  const candidates = TEMPERATURES.flatMap((temperature) =>
    (hasVotes ? NEIGHBOUR_WEIGHTS : [0]).flatMap((neighbourWeight) =>
      (hasVotes ? LIKENESS_WEIGHTS : [0]).map((likenessWeight) => ({ temperature, neighbourWeight, likenessWeight, sharpness: 1 })),
    ),
  )
  const best = leastBy(candidates, (decision) => {
    const { errors, surprise } = judge(decision, rows)
    return errors + TRUTHFULNESS * surprise
  })
  return leastBy(
    SHARPNESSES.map((sharpness) => ({ ...best, sharpness })),
    (decision) => judge(decision, rows).surprise,
  )
}

/** Share of wrong answers, and mean negative logarithm of the right label's probability. */
function judge(decision: Decision, rows: readonly HeldOut[]): { errors: number; surprise: number } {
  let [errors, surprise] = [0, 0]
  for (const { label, ...heard } of rows) {
    const probabilities = probabilitiesOf(decision, heard)
    if (indexOfGreatest(probabilities) !== label) errors += 1
    surprise -= Math.log(Math.max(LEAST, probabilities[label] as number))
  }
  return { errors: errors / rows.length, surprise: surprise / rows.length }
}

function leastBy<T>(items: readonly T[], cost: (item: T) => number): T {
  let [best, least] = [items[0] as T, Number.POSITIVE_INFINITY]
  for (const item of items) {
    const value = cost(item)
    if (value < least) [best, least] = [item, value]
  }
  return best
}
