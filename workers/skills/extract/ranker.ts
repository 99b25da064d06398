/** Weights by feature of a logistic regression; `bias` stands for itself. A feature without a weight counts nothing. */
export type Weights = Readonly<Record<string, number>>

/** Log-odds of a case with these features. */
export const logitOf = (features: string[], weights: Weights): number =>
  features.reduce((sum, feature) => sum + (weights[feature] ?? 0), weights.bias ?? 0)

export const probabilityOf = (logit: number): number => 1 / (1 + Math.exp(-logit))
