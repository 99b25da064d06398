import type { ChatModel } from '../workers/domain/models'
import type { Platform } from './platform.ts'

/** One measured number. */
export interface Figure {
  /** Lower case with what it depends on: `accuracy`, `ndcg@10`, `recall@5 (de)`. */
  metric: string
  value: number
  /** How many cases it was measured on. */
  n: number
}

/** What a figure is compared with, by metric. */
export interface Reference {
  /** The value that is aimed at. */
  aim?: number
  /** A published or classical value and where it comes from. */
  published?: string
}

export interface EvaluationContext {
  /** `<data>/<set>`: what all parts share, such as a corpus. */
  folder: string
  /** `<data>/<set>/dev`: the only part that anything may be learned from. */
  train: string
  /** `<data>/<set>/<split>`: the part that is measured. */
  test: string
  /** True when `test` is `train`: what learns must then be cross-validated, never measured on what it has seen. */
  sameAsTrain: boolean
  /** The embedded encoder, OCR and the Knowledge object in workerd, started when first asked for. */
  platform(): Promise<Platform>
  /** The configured model; absent: skills take their embedded way. */
  chatModel?: ChatModel
  /** Says on stderr how far it is. */
  say(line: string): void
}

/** One skill, or retrieval, on one set. A file of `evals/sets` exports one as `evaluation` or several as `evaluations`. */
export interface Evaluation {
  /** The folder of the data. */
  set: string
  /** The cases are written for this project and lie in `evals/data` only, whatever data is asked for. */
  isOwn?: true
  /** The skill, or `retrieval`, `tables`, … */
  skill: string
  /** How it is measured, in a sentence or two: what counts as right, what was learned from. */
  method: string
  references: Record<string, Reference>
  run(context: EvaluationContext): Promise<Figure[]>
}
