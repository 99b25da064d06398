import type { LabelledExample } from '../../../domain/classifiers'
import { AppError } from '../../../domain/error'
import type { Encoder } from '../../../domain/models'
import { ENCODER_WEIGHT } from './classifier'
import { type Features, squaresOf } from './machine'
import { groupByLabel, type Neighbours, packVectors } from './neighbours'
import { sampleOf } from './sample'
import type { Sample, View } from './terms'
import { createVocabulary, learnVocabulary, rowsOf, type Vocabulary } from './vocabulary'

/** What training may use beside the examples. */
export interface TrainingTools {
  /** Absent: words are all it learns from. */
  encoder?: Encoder
  signal?: AbortSignal
  progress?(message: string, share: number): void
}

/** The examples, ready to learn from. */
export interface School {
  labels: string[]
  samples: readonly Sample[]
  /** Label number by example; −1: out of scope. */
  targets: Int32Array
  vocabulary: Vocabulary
  features: Features
  squares: Float64Array
  /** One machine a label, and one for the out-of-scope examples where there are enough. */
  machines: number
  encoded: Encoded | undefined
}

/** The examples as the encoder sees them. */
export interface Encoded {
  model: string
  /** Unit vectors of all examples. */
  vectors: Float32Array
  /** Those in scope, who vote; `examples[n]` is the example that voter `n` is. */
  neighbours: Neighbours
  examples: Uint32Array
  votersByLabel: Uint32Array[]
}

/** Characters of all examples up to which pieces of words fit memory and time; with more, words say enough. */
const MAX_CHARACTERS_FOR_PIECES = 2_000_000
/** The encoder reads about the first 95 words: of longer texts it would know a beginning only. */
const MAX_MEAN_CHARACTERS_FOR_ENCODER = 400
/** All machines' weights together: a model of the most labels then stays under 10 MB with the vectors of 10,000 examples. */
const MAX_WEIGHT_BYTES = 4_500_000
/** Fewer out-of-scope examples teach nothing of their own. */
const FEWEST_OUTSIDE = 10
const TEXTS_A_CALL = 256
/** Of the work, as people are told. */
const ENCODING_SHARE = 0.3

/** Reads, encodes and weighs the examples. Refuses `invalid` when they are of fewer than two labels. */
export async function openSchool(examples: readonly LabelledExample[], tools: TrainingTools): Promise<School> {
  const labels = [...new Set(examples.flatMap(({ label }) => label ?? []))].sort()
  if (labels.length < 2) throw new AppError('invalid', 'A classifier needs examples of at least two labels; add some of another.')
  const numbers = new Map(labels.map((label, number) => [label, number]))
  const targets = Int32Array.from(examples, ({ label }) => (label === null ? -1 : (numbers.get(label) ?? -1)))
  const outside = targets.filter((target) => target < 0).length
  const machines = labels.length + (outside >= FEWEST_OUTSIDE ? 1 : 0)
  const samples = await Promise.all(examples.map(({ text }) => sampleOf(text)))
  const characters = samples.reduce((sum, { text }) => sum + text.length, 0)
  const isShort = characters / samples.length <= MAX_MEAN_CHARACTERS_FOR_ENCODER
  const encoded = tools.encoder && isShort ? await encode(tools.encoder, samples, targets, tools) : undefined
  const dimensions = encoded?.neighbours.dimensions ?? 0
  const vocabulary = learnVocabulary(samples, viewsOf(samples, characters), mostTerms(machines, dimensions))
  const dense = encoded?.vectors.map((value) => value * ENCODER_WEIGHT) ?? new Float32Array()
  const features = { rows: rowsOf(vocabulary, samples), dense, dimensions }
  return { labels, samples, targets, vocabulary, features, squares: squaresOf(features), machines, encoded }
}

const mostTerms = (machines: number, dimensions: number): number => Math.floor(MAX_WEIGHT_BYTES / machines) - dimensions - 1

function viewsOf(samples: readonly Sample[], characters: number): View[] {
  const hasMarks = samples.some(({ marks }) => marks.length > 0)
  return ['words', ...(characters <= MAX_CHARACTERS_FOR_PIECES ? (['pieces'] as const) : []), ...(hasMarks ? (['marks'] as const) : [])]
}

async function encode(encoder: Encoder, samples: readonly Sample[], targets: Int32Array, tools: TrainingTools): Promise<Encoded> {
  const { dimensions, model } = encoder
  const vectors = new Float32Array(samples.length * dimensions)
  for (let start = 0; start < samples.length; start += TEXTS_A_CALL) {
    tools.signal?.throwIfAborted()
    const texts = samples.slice(start, start + TEXTS_A_CALL).map(({ text }) => text)
    const batch = await encoder.embed(texts, tools.signal && { signal: tools.signal })
    for (const [offset, vector] of batch.entries()) vectors.set(vector, (start + offset) * dimensions)
    tools.progress?.(`Encoded ${start + texts.length} of ${samples.length} examples`, (ENCODING_SHARE * start) / samples.length)
  }
  const examples = Uint32Array.from(targets.keys()).filter((example) => (targets[example] as number) >= 0)
  const packed = new Int8Array(examples.length * dimensions)
  for (const [voter, example] of examples.entries())
    packed.set(packVectors(vectors.subarray(example * dimensions, (example + 1) * dimensions)), voter * dimensions)
  const labels = Uint16Array.from(examples, (example) => targets[example] as number)
  return { model, vectors, neighbours: { dimensions, vectors: packed, labels }, examples, votersByLabel: groupByLabel(labels) }
}

/** The same examples by words alone. */
export function withoutEncoder(school: School): School {
  const features = { ...school.features, dense: new Float32Array(), dimensions: 0 }
  return { ...school, features, squares: squaresOf(features), encoded: undefined }
}

/** Other ways to read the same examples: with patterns of words where they are sentences, and with rare terms counting no more than others. */
export function otherReadings(school: School): School[] {
  const { samples, machines, vocabulary, encoded } = school
  const views: readonly View[] = encoded ? [...vocabulary.views, 'patterns'] : vocabulary.views
  const limit = mostTerms(machines, encoded?.neighbours.dimensions ?? 0)
  const patterned = encoded ? reread(school, learnVocabulary(samples, views, limit)) : undefined
  return [evenly(school), ...(patterned ? [patterned, evenly(patterned)] : [])]
}

const evenly = (school: School): School => {
  const { views, terms } = school.vocabulary
  return reread(school, createVocabulary(views, terms, new Float32Array(terms.length).fill(1)))
}

function reread(school: School, vocabulary: Vocabulary): School {
  const features = { ...school.features, rows: rowsOf(vocabulary, school.samples) }
  return { ...school, vocabulary, features, squares: squaresOf(features) }
}
