import { parseQuestion } from '../workers/skills/answer/question'
import { ENCODED } from '../workers/skills/answer/rank'
import { candidatesOf } from '../workers/skills/answer/spans'
import { ANSWER_WEIGHTS, type AnswerWeights, SCORE_SCALE, type SentenceModel } from '../workers/skills/answer/weights'

/** A sentence with its features and whether it answers. */
export interface Option {
  /** By words. */
  words: number[]
  /** Product of its vector with the question's. */
  alike: number
  isRight: boolean
  /** It holds the answer, but is not where it was asked for: neither right nor wrong. */
  isDoubtful: boolean
}

/** One question in one collection. */
export interface AnswerCase {
  /** What is held together when cases are split: an article. */
  group: number
  /** Whether the collection holds the answer. */
  isPresent: boolean
  /** How much it counts when learning whether there is an answer. */
  weight: number
  options: Option[]
}

/** A question with the sentence that answers it. */
export interface SpanCase {
  group: number
  question: string
  sentence: string
  answers: string[]
}

/** Learns all weights; the thresholds stay those of the product. */
export function learnAnswer(
  cases: readonly AnswerCase[],
  spans: readonly SpanCase[],
  f1: (said: string, gold: string) => number,
): AnswerWeights {
  const present = cases.filter(({ isPresent, options }) => isPresent && options.some(({ isRight }) => isRight))
  const words = fitOrder(
    present.map(({ options }) => options.map(({ words: features, isRight }) => ({ features, worth: isRight ? 1 : 0 }))),
  )
  const extended = (options: readonly Option[]) => withAlike(options, words)
  const both = fitOrder(
    present.flatMap(({ options }) => {
      const sets = extended(options).map(({ features, option }) => ({ features, worth: option.isRight ? 1 : 0 }))
      return sets.some(({ worth }) => worth > 0) ? [sets] : []
    }),
  )
  return {
    ...ANSWER_WEIGHTS,
    words: model(cases, words, (options) => options.map((option) => ({ option, features: option.words }))),
    withEncoder: model(cases, both, extended),
    spans: fitOrder(
      spans.flatMap(({ question, sentence, answers }) => {
        const candidates = candidatesOf(parseQuestion(question), sentence).map(({ candidate, features }) => {
          const best = Math.max(...answers.map((answer) => f1(candidate.text, answer)))
          return { features, worth: best >= 0.5 ? best * best : 0 }
        })
        return candidates.some(({ worth }) => worth > 0) ? [candidates] : []
      }),
    ),
  }
}

interface Extended {
  option: Option
  features: number[]
}

/** As the product does it: the best by words, with their likeness. */
function withAlike(options: readonly Option[], order: readonly number[]): Extended[] {
  const top = [...options].sort((a, b) => score(order, b.words) - score(order, a.words)).slice(0, ENCODED)
  return top.map((option) => ({
    option,
    features: [...option.words, option.alike, 1 / (1 + top.filter(({ alike }) => alike > option.alike).length)],
  }))
}

function model(cases: readonly AnswerCase[], order: readonly number[], extend: (options: readonly Option[]) => Extended[]): SentenceModel {
  const rows = cases.flatMap(({ options, weight }) => {
    const ranked = extend(options)
      .map((each) => ({ ...each, score: score(order, each.features) }))
      .sort((a, b) => b.score - a.score)
    const best = ranked[0]
    if (best === undefined || best.option.isDoubtful) return []
    const share = 1 / ranked.reduce((sum, each) => sum + Math.exp(each.score - best.score), 0)
    return [{ inputs: [...best.features, best.score / SCORE_SCALE, share, 1], isRight: best.option.isRight, weight }]
  })
  return { order, answers: fitLogistic(rows) }
}

const score = (weights: readonly number[], features: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * (features[index] ?? 0), 0)

const ROUNDS = 300
const RATE = 0.1
/** Penalties on large weights; a third or three times as much changes no cross-validated figure by more than half a percent. */
const ORDER_RIDGE = 0.001
const LOGISTIC_RIDGE = 1

/** Conditional logit by Adam: the probability of the right options among all, as high as it gets. */
function fitOrder(sets: readonly (readonly { features: number[]; worth: number }[])[]): number[] {
  return adam(sets[0]?.[0]?.features.length ?? 0, (weights, gradient) => {
    for (const options of sets) {
      const scores = options.map(({ features }) => score(weights, features))
      const highest = Math.max(...scores)
      const exps = scores.map((value) => Math.exp(value - highest))
      const all = exps.reduce((sum, value) => sum + value, 0)
      const right = exps.reduce((sum, value, index) => sum + value * (options[index]?.worth ?? 0), 0)
      for (const [index, { features, worth }] of options.entries()) {
        const error = ((exps[index] ?? 0) / all - ((exps[index] ?? 0) * worth) / right) / sets.length
        for (const [at, value] of features.entries()) gradient[at] = (gradient[at] ?? 0) + error * value
      }
    }
    for (const [at, weight] of weights.entries()) gradient[at] = (gradient[at] ?? 0) + ORDER_RIDGE * weight
  })
}

function fitLogistic(rows: readonly { inputs: number[]; isRight: boolean; weight: number }[]): number[] {
  const size = rows[0]?.inputs.length ?? 0
  return adam(
    size,
    (weights, gradient) => {
      for (const { inputs, isRight, weight } of rows) {
        const error = (weight * (1 / (1 + Math.exp(-score(weights, inputs))) - (isRight ? 1 : 0))) / rows.length
        for (const [at, value] of inputs.entries()) gradient[at] = (gradient[at] ?? 0) + error * value
      }
      // The constant, which stands last, is free.
      for (let at = 0; at < size - 1; at += 1) gradient[at] = (gradient[at] ?? 0) + (LOGISTIC_RIDGE / rows.length) * (weights[at] ?? 0)
    },
    ROUNDS * 5,
  )
}

function adam(size: number, addGradient: (weights: readonly number[], gradient: number[]) => void, rounds = ROUNDS): number[] {
  const weights = new Array<number>(size).fill(0)
  const [mean, square] = [new Array<number>(size).fill(0), new Array<number>(size).fill(0)]
  for (let round = 1; round <= rounds; round += 1) {
    const gradient = new Array<number>(size).fill(0)
    addGradient(weights, gradient)
    for (const [at, value] of gradient.entries()) {
      const m = 0.9 * (mean[at] ?? 0) + 0.1 * value
      const s = 0.99 * (square[at] ?? 0) + 0.01 * value * value
      mean[at] = m
      square[at] = s
      weights[at] = (weights[at] ?? 0) - (RATE * (m / (1 - 0.9 ** round))) / (Math.sqrt(s / (1 - 0.99 ** round)) + 1e-8)
    }
  }
  return weights.map((weight) => Math.round(weight * 1_000) / 1_000)
}
