// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: learned, and near a constant by chance
import type { AnswerWeights } from './weights'

/** Written by `node evals/train-answer.ts`; see there for what it learns from. */
// biome-ignore format: written by a program
export const LEARNED: Pick<AnswerWeights, 'words' | 'withEncoder' | 'spans'> = {
  words: { order: [0.228, 2.089, 1.23, 3.475, 0.689, 2.256, 0.615, 2.624, 2.269, 2.386, -0.021], answers: [-0.321, 0.488, -0.585, 1.264, 0.773, 0.248, 1.574, 0.093, 0.534, 0.311, -0.319, 0.887, 4.043, -6.112] },
  withEncoder: { order: [-0.207, 1.322, 1.08, 3.325, 0.733, 2.216, 0.508, 2.303, 1.752, 1.498, 0.265, 2.392, 1.013], answers: [0.275, 0.406, -0.291, 1.333, 0.387, 0.198, 0.821, -0.242, 0.413, 0.043, 0.153, 2.725, -0.04, 1.248, 3.928, -7.516] },
  spans: [1.257, 3.588, -3.342, 0.672, 1.099, -1.119, 1.809, 0.659, 0.322, -1.174, -1.526, 1.425, -2.258, -2.222, -0.353, 0.847, 0.744, -0.342, 2.199, 0.135, 1.571, 0.814, 1.788, -0.663, 3.744, 2.14, -0.527, 1.124, 1.494],
}
