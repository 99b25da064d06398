import { messageOf, within } from '../../domain/deadline'
import type { Encoder } from '../../domain/models'
import { type Evidence, type Setting, wordFeatures } from './evidence'
import { type AnswerWeights, LEARNED_WITH, SCORE_SCALE, type SentenceModel } from './weights'

/** A sentence with how probable it is that it answers. */
export interface RankedEvidence {
  sentence: Evidence
  probability: number
}

/** Only the best sentences by words are compared by meaning: encoding takes about 15 ms a sentence. */
export const ENCODED = 12
/** An encoder that takes longer is done without. */
const ENCODER_DEADLINE_MS = 3_000

/** The likeliest places of the answer, best first; `warning` tells when the encoder was done without. */
export async function rankEvidence(
  setting: Setting,
  { words, withEncoder }: AnswerWeights,
  encoder: Encoder | undefined,
  signal?: AbortSignal,
): Promise<{ ranked: RankedEvidence[]; warning?: string }> {
  const features = setting.evidence.map((_, index) => wordFeatures(setting, index))
  const byWords = order(features, words)
  const top = byWords.slice(0, ENCODED)
  // Another encoder's products have another scale than the weights were learned with.
  if (encoder?.model !== LEARNED_WITH || top.length === 0) return { ranked: probabilities(setting, byWords, features, words) }
  const texts = [setting.question.text, ...top.map(({ index }) => setting.evidence[index]?.text ?? '')]
  try {
    const [asked = [], ...vectors] = await within(encoder.embed(texts, { ...(signal && { signal }) }), ENCODER_DEADLINE_MS)
    const alike = vectors.map((vector) => vector.reduce((sum, value, at) => sum + value * (asked[at] ?? 0), 0))
    const extended: number[][] = features.map(() => [])
    for (const [at, { index }] of top.entries()) {
      const own = alike[at] ?? 0
      extended[index] = [...(features[index] ?? []), own, 1 / (1 + alike.filter((value) => value > own).length)]
    }
    const ordered = order(
      extended,
      withEncoder,
      top.map(({ index }) => index),
    )
    return { ranked: probabilities(setting, ordered, extended, withEncoder) }
  } catch (thrown) {
    if (signal?.aborted) throw thrown
    return {
      ranked: probabilities(setting, byWords, features, words),
      warning: `Sentences were compared by words alone, without the encoder: ${messageOf(thrown)}.`,
    }
  }
}

interface Scored {
  index: number
  score: number
}

function order(features: readonly number[][], { order: weights }: SentenceModel, among = features.map((_, index) => index)): Scored[] {
  return among
    .map((index) => ({ index, score: weights.reduce((sum, weight, at) => sum + weight * (features[index]?.[at] ?? 0), 0) }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
}

function probabilities(
  setting: Setting,
  ordered: readonly Scored[],
  features: readonly number[][],
  { answers }: SentenceModel,
): RankedEvidence[] {
  const highest = ordered[0]?.score ?? 0
  const total = ordered.reduce((sum, { score }) => sum + Math.exp(score - highest), 0)
  return ordered.flatMap(({ index, score }) => {
    const sentence = setting.evidence[index]
    const inputs = [...(features[index] ?? []), score / SCORE_SCALE, Math.exp(score - highest) / total, 1]
    const sum = answers.reduce((all, weight, at) => all + weight * (inputs[at] ?? 0), 0)
    return sentence ? [{ sentence, probability: 1 / (1 + Math.exp(-sum)) }] : []
  })
}
