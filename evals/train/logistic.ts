import { seeded } from './clusters.ts'

export interface Labelled {
  features: number[]
  positive: boolean
  /** How much it counts; 1 by default. */
  weight?: number
}

/** Logistic regression over hashed features with L2, by AdaGrad in a seeded order. Rare features are left out. */
export function trainLogistic(
  examples: Labelled[],
  options: { epochs: number; l2: number; minCount: number; rate: number },
): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { features } of examples) for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1)
  const weights = new Map<number, number>()
  const squares = new Map<number, number>()
  const kept = examples.map((example) => ({
    ...example,
    features: example.features.filter((feature) => (counts.get(feature) ?? 0) >= options.minCount),
  }))
  const random = seeded(31)
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    for (let index = kept.length - 1; index > 0; index -= 1) {
      const other = Math.floor(random() * (index + 1))
      const [a, b] = [kept[index], kept[other]]
      if (a && b) [kept[index], kept[other]] = [b, a]
    }
    for (const { features, positive, weight = 1 } of kept) {
      const error = (probability(weights, features) - (positive ? 1 : 0)) * weight
      for (const feature of features) {
        const value = weights.get(feature) ?? 0
        const gradient = error + options.l2 * value
        const square = (squares.get(feature) ?? 0) + gradient * gradient
        squares.set(feature, square)
        weights.set(feature, value - (options.rate * gradient) / (1e-6 + Math.sqrt(square)))
      }
    }
  }
  return weights
}

export function probability(weights: Map<number, number>, features: number[]): number {
  let sum = 0
  for (const feature of features) sum += weights.get(feature) ?? 0
  return 1 / (1 + Math.exp(-sum))
}
