import { LEARNED } from './learned-weights'

/** How sentences are put in order, and how probable it then is that the best one answers. */
export interface SentenceModel {
  /** A weight for each of FEATURES that it knows. */
  order: readonly number[]
  /** Over the same features, then the order's score (see SCORE_SCALE) and its share of the whole, then a constant. */
  answers: readonly number[]
}

/** Everything that was learned. */
export interface AnswerWeights {
  /** By words alone. */
  words: SentenceModel
  /** By words and the likeness that the encoder `LEARNED_WITH` sees. */
  withEncoder: SentenceModel
  /** A weight for each feature of `candidatesOf`. */
  spans: readonly number[]
  /** Least probability of an answer that is given. */
  leastProbability: number
  /** Least share of the probability of all stretches of the sentence for a short answer to be named. */
  leastSpanShare: number
}

/** The encoder whose likeness `withEncoder` was learned with. */
export const LEARNED_WITH = 'universal-sentence-encoder-lite-int8'

/** Scores of the order are about ten times as large as features; what is learned on them takes them scaled. */
export const SCORE_SCALE = 10

/**
 * The thresholds were chosen by cross-validation by article on the dev part of XQuAD: as low as lets 95 % of the questions be refused
 * whose article is not in the collection, so that as many as possible of the others are answered.
 */
export const ANSWER_WEIGHTS: AnswerWeights = { ...LEARNED, leastProbability: 0.3, leastSpanShare: 0.12 }
