import type { Weights } from '../workers/skills/extract/ranker'

export interface Sample {
  features: string[]
  isPositive: boolean
}

/** Passes over all samples; the loss no longer falls after fewer. */
const EPOCHS = 60
const RATE = 0.08
/** Weight of the penalty on large weights; chosen among 0.002–0.05 by cross-validation where a learner gives another. */
const RIDGE = 0.006

/** Weights of a logistic regression by stochastic gradient descent in a fixed order: the same samples give the same weights. */
export function fitLogistic(samples: Sample[], ridge = RIDGE): Weights {
  const weights: Record<string, number> = { bias: 0 }
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    const rate = RATE / (1 + epoch / 15)
    for (const { features, isPositive } of samples) {
      const value = features.reduce((sum, feature) => sum + (weights[feature] ?? 0), weights.bias ?? 0)
      const error = 1 / (1 + Math.exp(-value)) - (isPositive ? 1 : 0)
      for (const feature of [...features, 'bias']) {
        const weight = weights[feature] ?? 0
        weights[feature] = weight - rate * (error + (feature === 'bias' ? 0 : ridge * weight))
      }
    }
  }
  return Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, Math.round(weight * 100) / 100]))
}
