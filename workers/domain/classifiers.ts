import * as z from 'zod'

/** Letters, digits, `-` and `_`: it stands in paths and in workflows. */
export const ClassifierName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'use lower-case letters, digits, - and _, beginning with a letter, at most 63 characters')

/** What one classifier may learn from: training then stays within a Worker's memory and CPU time. */
export const CLASSIFIER_LIMITS = {
  examples: 20_000,
  labels: 200,
  textCharacters: 20_000,
  totalCharacters: 16_000_000,
  labelCharacters: 100,
} as const

export const LabelledExample = z.object({
  /** A sentence, a letter, or a whole mail in its raw form. */
  text: z.string().trim().min(1).max(CLASSIFIER_LIMITS.textCharacters),
  /** Null: an example of what is none of the labels. */
  label: z.string().trim().min(1).max(CLASSIFIER_LIMITS.labelCharacters).nullable(),
  /** Examples that come from one source (one contract, one campaign): they are held out together, so that the report is honest. */
  group: z.string().max(200).optional(),
})
export type LabelledExample = z.infer<typeof LabelledExample>

/** How held-out examples came out: what may be expected of texts that were never seen. Shares are 0 to 1. */
export const TrainingReport = z.object({
  examples: z.int(),
  /** In how many parts the examples were dealt; each was judged by a model of the others. */
  folds: z.int(),
  /** Examples in scope that got their label. */
  accuracy: z.number(),
  macroF1: z.number(),
  /** Examples in scope that were called none of the labels. */
  refused: z.number(),
  labels: z.array(z.object({ label: z.string(), examples: z.int(), precision: z.number(), recall: z.number(), f1: z.number() })),
  /** Most frequent first; null: none of the labels. */
  confusions: z.array(z.object({ label: z.string().nullable(), namedAs: z.string().nullable(), count: z.int() })),
  outOfScope: z.object({ examples: z.int(), recall: z.number(), precision: z.number() }).optional(),
  /** The encoder it was trained with; null: words alone. */
  encoder: z.string().nullable(),
  terms: z.int(),
  modelBytes: z.int(),
})
export type TrainingReport = z.infer<typeof TrainingReport>

export const CLASSIFIER_STATUSES = ['training', 'ready', 'failed'] as const
export type ClassifierStatus = (typeof CLASSIFIER_STATUSES)[number]

/** One version of a classifier. The same examples give the same version. */
export interface ClassifierVersion {
  name: string
  /** First 16 hex characters of the SHA-256 of the examples. */
  version: string
  status: ClassifierStatus
  examples: number
  labels: number
  /** The run that trains it; its events tell how far it is. */
  runId: string
  /** When it was last ordered: the newest that is ready serves. */
  createdAt: string
  endedAt?: string
  /** Once it is ready. */
  report?: TrainingReport
  /** Once it has failed: a sentence. */
  failure?: string
}

/** Rows of classifiers of one tenant; their examples and models are files. */
export interface Classifiers {
  /** Inserts a version, or replaces the row of the same version. */
  put(version: ClassifierVersion): Promise<void>
  /** The newest version that is ready, or the named one whatever its status. */
  find(name: string, version?: string): Promise<ClassifierVersion | undefined>
  /** Newest first. */
  versions(name: string): Promise<ClassifierVersion[]>
  /** The newest version of each name, by name. */
  list(): Promise<ClassifierVersion[]>
  remove(name: string): Promise<void>
}

/** Object keys of a classifier's files, below the tenant's prefix. */
export const classifierKeys = {
  examples: (name: string, version: string) => `classifiers/${name}/${version}/examples.json`,
  model: (name: string, version: string) => `classifiers/${name}/${version}/model.bin`,
} as const

/** `name` or `name@version`, as a workflow refers to a classifier. */
export const ClassifierReference = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}(@[0-9a-f]{16})?$/, 'write the name of a classifier, or name@version')
export const splitReference = (reference: string): { name: string; version?: string } => {
  const [name = '', version] = reference.split('@')
  return { name, ...(version !== undefined && { version }) }
}

/** The class of a text that is none of the labels. */
export const NONE_OF_THESE = 'none of these'
