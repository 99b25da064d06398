import type { Purpose } from './models'

/** From the least to the most that is likely. */
export interface Range {
  low: number
  high: number
}

/** One question that an operation asks a model. */
export interface AskedModel {
  purpose: Purpose
  /** Tokens that it writes. */
  output: Range
  /** Tokens that it reads besides instructions; absent: the text of the document. */
  input?: Range
  /** Only some inputs come to it. */
  optional?: true
}

const ENTITIES: AskedModel = { purpose: 'extract', output: { low: 100, high: 2_000 } }
const CLASSIFY: AskedModel = { purpose: 'classify', output: { low: 20, high: 200 } }
const EXTRACT: AskedModel = { purpose: 'extract', output: { low: 200, high: 3_000 } }
const SUMMARISE: AskedModel = { purpose: 'summarise', output: { low: 80, high: 800 } }
const TAGS: AskedModel = { purpose: 'summarise', output: { low: 20, high: 200 } }

/** What each operation of an agent asks of models, by agent and operation. Those that are neither here nor in `FREE_OPERATIONS` do not exist. */
export const ASKING_OPERATIONS: Readonly<Record<string, readonly AskedModel[]>> = {
  'analysis.classify': [CLASSIFY],
  'analysis.extract': [EXTRACT],
  'analysis.summarise': [SUMMARISE],
  'analysis.entities': [ENTITIES],
  'analysis.tags': [TAGS],
  'analysis.analyse': [CLASSIFY, EXTRACT, SUMMARISE, ENTITIES, TAGS],
  /** Of each mail; the length is thought to be that of all of them. */
  'analysis.digest': [CLASSIFY, { purpose: 'summarise', output: { low: 200, high: 4_000 } }, { ...TAGS, output: { low: 20, high: 2_000 } }],
  /** It reads passages, however long the document is. */
  'analysis.answer': [{ purpose: 'answer', output: { low: 80, high: 1_000 }, input: { low: 200, high: 12_000 } }],
  'analysis.compare': [{ purpose: 'summarise', output: { low: 100, high: 2_000 } }],
  'analysis.relations': [{ purpose: 'default', output: { low: 50, high: 2_000 } }],
  'analysis.sentiment': [{ purpose: 'default', output: { low: 20, high: 800 } }],
  /** With `askModel` only. */
  'analysis.pii': [{ purpose: 'default', output: { low: 50, high: 3_000 }, optional: true }],
  'analysis.injection': [{ purpose: 'default', output: { low: 20, high: 800 } }],
  /** Where letters alone do not tell; a sample is enough. */
  'analysis.language': [{ purpose: 'default', output: { low: 10, high: 50 }, input: { low: 5, high: 1_000 }, optional: true }],
  /** It reads facts, not the document. */
  'analysis.draft': [{ purpose: 'draft', output: { low: 80, high: 2_000 }, input: { low: 20, high: 8_000 } }],
  /** It may write as much as it reads. */
  'analysis.rewrite': [{ purpose: 'draft', output: { low: 20, high: 16_000 } }],
  'analysis.index': [{ purpose: 'embed', output: { low: 0, high: 0 } }],
  /** The examples, 20,000 at most. */
  'analysis.train_classifier': [{ purpose: 'embed', output: { low: 0, high: 0 }, input: { low: 0, high: 2_000_000 }, optional: true }],
  /** Of each case of the dataset, by the skill that it is of. */
  'quality.evaluate_cases': [{ purpose: 'default', output: { low: 0, high: 4_000 }, optional: true }],
}

/** Operations that never ask a model. */
export const FREE_OPERATIONS: readonly string[] = [
  'ingestion.parse',
  'quality.check',
  'quality.plan_evaluation',
  'quality.summarise_evaluation',
  'report.write',
  'action.webhook',
  'action.mail',
]
