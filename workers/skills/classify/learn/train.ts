import type { LabelledExample, TrainingReport } from '../../../domain/classifiers'
import type { Classifier, PackedWeights } from './classifier'
import { copiedFrom } from './duplicates'
import { dealFolds } from './folds'
import { type Weights, widthOf } from './machine'
import { reportOn } from './report'
import { openSchool, otherReadings, type School, type TrainingTools, withoutEncoder } from './school'
import { type Deal, giveWay, isSmall, outcomesOf, trainOn, type Validation, validate } from './validation'

/** Parts to hold out in turn, by examples times labels: each costs nearly as much time as the classifier itself. */
const FOLDS = [
  { upTo: 1_000_000, folds: 5 },
  { upTo: Number.POSITIVE_INFINITY, folds: 2 },
] as const
/** Beyond that the examples are so many that the encoder's votes are worth having. */
const MAX_CELLS_TO_COMPARE = 250_000
/** Readings are compared at one cost, and another has to name this share of the examples more. */
const COST_TO_COMPARE = 0.3
const LEAST_LEAD = 0.002
const LEVELS = 127

export interface Trained {
  classifier: Classifier
  report: Omit<TrainingReport, 'modelBytes'>
  /** What each example was named by a model that had not seen it; null: none of the labels. */
  heldOut: (string | null)[]
}

/**
 * Learns labels from examples: one linear machine a label over words, pieces of words and the encoder's vector, joined with the
 * votes of the nearest examples, and made into probabilities by cross-validation. The report tells how examples came out while
 * they were held out. The same examples give the same classifier. Gives way to other work between machines; `signal` ends it.
 * Refuses `invalid` when there are fewer than two labels.
 */
export async function trainClassifier(examples: readonly LabelledExample[], tools: TrainingTools = {}): Promise<Trained> {
  const validation = await chooseSchool(await openSchool(examples, tools), examples, tools)
  const { school, decision, scope, cost, folds } = validation
  const { labels, vocabulary, encoded, machines } = school
  const classifier: Classifier = {
    labels,
    vocabulary,
    weights: await trainAll(school, cost, tools),
    ...(encoded && { encoder: { model: encoded.model, dimensions: encoded.neighbours.dimensions, neighbours: encoded.neighbours } }),
    decision,
    scope,
    hasRejection: machines > labels.length,
  }
  const outcomes = outcomesOf(validation)
  const report = { ...reportOn(labels, outcomes), folds, encoder: encoded?.model ?? null, terms: vocabulary.terms.length }
  return { classifier, report, heldOut: outcomes.map(({ named }) => labels[named] ?? null) }
}

/** Whether the encoder helps depends on the texts (it does with questions, not with clauses of law), so where time allows both ways are tried. */
async function chooseSchool(school: School, examples: readonly LabelledExample[], tools: TrainingTools): Promise<Validation> {
  const cells = examples.length * school.machines
  const folds = FOLDS.find(({ upTo }) => cells <= upTo)?.folds ?? 2
  const ties = { groups: examples.map(({ group }) => group), copiedFrom: copiedFrom(school.samples.map(({ text }) => text)) }
  const deal = { folds: dealFolds([...school.targets], ties, folds), count: folds }
  const read = isSmall(school) ? await chooseReading(school, deal, within(tools, 0.3, 0.4)) : school
  const validation = await validate(read, deal, within(tools, 0.4, 0.7))
  if (school.encoded === undefined || cells > MAX_CELLS_TO_COMPARE) return validation
  const wordsAlone = await validate(withoutEncoder(read), deal, within(tools, 0.7, 0.8))
  return rightIn(wordsAlone) > rightIn(validation) ? wordsAlone : validation
}

/** The reading that names most examples right while they are held out; another than the usual one has to be better by more than chance would have it. */
async function chooseReading(usual: School, deal: Deal, tools: TrainingTools): Promise<School> {
  const readings = [usual, ...otherReadings(usual)]
  let [best, most] = [usual, 0]
  for (const [turn, reading] of readings.entries()) {
    const part = within(tools, turn / readings.length, (turn + 1) / readings.length)
    const lead = reading === usual ? LEAST_LEAD * usual.targets.length : 0
    const right = rightIn(await validate(reading, deal, part, [COST_TO_COMPARE])) + lead
    if (right > most) [best, most] = [reading, right]
  }
  return best
}

/** The tools of one part of the work, whose progress goes from `from` to `to` of the whole. */
const within = (tools: TrainingTools, from: number, to: number): TrainingTools => ({
  ...tools,
  progress: (message, share) => tools.progress?.(message, from + (to - from) * share),
})

const rightIn = (validation: Validation): number => outcomesOf(validation).filter(({ label, named }) => label === named).length

/** The machines of all labels on all examples, cut to 8 bits: what is lost is a hundredth of the distance between two labels. */
async function trainAll(school: School, cost: number, tools: TrainingTools): Promise<PackedWeights> {
  const { machines, features, targets } = school
  const members = Int32Array.from(targets.keys())
  const packed = { machines, values: new Int8Array(widthOf(features) * machines), units: new Float32Array(machines) }
  for (let machine = 0; machine < machines; machine += 1) {
    await giveWay(tools.signal)
    pack(packed, machine, trainOn(school, members, machine, cost))
    tools.progress?.(
      `Learning label ${Math.min(machine + 1, school.labels.length)} of ${school.labels.length}`,
      0.8 + (0.2 * machine) / machines,
    )
  }
  return packed
}

function pack({ machines, values, units }: PackedWeights, machine: number, weights: Weights): void {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
  const unit = largest / LEVELS || 1
  units[machine] = unit
  for (let position = 0; position < weights.length; position += 1)
    values[position * machines + machine] = Math.round((weights[position] as number) / unit)
}
