import type { TrainingReport } from '../../../domain/classifiers'

/** What was said of a held-out example, by number of label; −1: out of scope, none of the labels. */
export interface Outcome {
  label: number
  named: number
}

const MAX_CONFUSIONS = 30

/** Accuracy, precision, recall and F1 by label, and what was taken for what. `NaN` never appears: an undefined share is 0. */
export function reportOn(
  labels: readonly string[],
  outcomes: readonly Outcome[],
): Omit<TrainingReport, 'folds' | 'encoder' | 'terms' | 'modelBytes'> {
  const inScope = outcomes.filter(({ label }) => label >= 0)
  const outside = outcomes.filter(({ label }) => label < 0)
  const rows = labels.map((label, number) => rowOf(label, number, outcomes))
  return {
    examples: outcomes.length,
    accuracy: share(inScope.filter(({ label, named }) => label === named).length, inScope.length),
    macroF1: share(
      rows.reduce((sum, row) => sum + row.f1, 0),
      rows.length,
    ),
    labels: rows,
    confusions: confusionsOf(labels, outcomes),
    refused: share(inScope.filter(({ named }) => named < 0).length, inScope.length),
    ...(outside.length > 0 && {
      outOfScope: {
        examples: outside.length,
        recall: share(outside.filter(({ named }) => named < 0).length, outside.length),
        precision: share(outside.filter(({ named }) => named < 0).length, outcomes.filter(({ named }) => named < 0).length),
      },
    }),
  }
}

function rowOf(label: string, number: number, outcomes: readonly Outcome[]): TrainingReport['labels'][number] {
  let [examples, named, right] = [0, 0, 0]
  for (const outcome of outcomes) {
    if (outcome.label === number) examples += 1
    if (outcome.named === number) named += 1
    if (outcome.label === number && outcome.named === number) right += 1
  }
  return { label, examples, precision: share(right, named), recall: share(right, examples), f1: share(2 * right, examples + named) }
}

function confusionsOf(labels: readonly string[], outcomes: readonly Outcome[]): TrainingReport['confusions'] {
  const counts = new Map<string, { label: string | null; namedAs: string | null; count: number }>()
  for (const { label, named } of outcomes) {
    if (label === named) continue
    const key = `${label} ${named}`
    const known = counts.get(key) ?? { label: labels[label] ?? null, namedAs: labels[named] ?? null, count: 0 }
    known.count += 1
    counts.set(key, known)
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).slice(0, MAX_CONFUSIONS)
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000)
