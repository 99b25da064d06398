import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { LabelledExample } from '../workers/domain/classifiers'
import type { Encoder } from '../workers/domain/models'
import { readClassifier, writeClassifier } from '../workers/skills/classify/learn/codec'
import { trainClassifier } from '../workers/skills/classify/learn/train'
import { nameTexts } from '../workers/skills/classify/trained'
import type { EvaluationContext, Figure } from './evaluation.ts'
import { anObject, readJsonLines } from './json-lines.ts'

/** One case and what the classifier said of it; null: none of the labels. */
export interface Judged {
  example: LabelledExample
  named: string | null
}

/** Rows of every `.jsonl` and `.jsonl.gz` file of a folder. */
export function readRows(folder: string): Record<string, string>[] {
  const files = readdirSync(folder).filter((file) => /\.jsonl(\.gz)?$/.test(file))
  if (files.length === 0) throw new Error(`There is no .jsonl file in ${folder}.`)
  return files.sort().flatMap((file) => {
    const bytes = readFileSync(join(folder, file))
    const text = new TextDecoder().decode(file.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    return readJsonLines(text, join(folder, file), anObject<Record<string, string>>)
  })
}

/**
 * Trains the product's classifier on the training part and lets it name the test part, written to a file and read back as the product
 * does. When both are the same part, what is judged is what it said of examples while they were held out.
 */
export async function judge(
  context: EvaluationContext,
  exampleOf: (row: Record<string, string>) => LabelledExample,
  { withEncoder }: { withEncoder: boolean },
): Promise<Judged[]> {
  const encoder: Encoder | undefined = withEncoder ? (await context.platform()).encoder : undefined
  const examples = readRows(context.train).map(exampleOf)
  const before = process.cpuUsage()
  const { classifier, heldOut } = await trainClassifier(examples, { ...(encoder && { encoder }) })
  const { user, system } = process.cpuUsage(before)
  const file = writeClassifier(classifier)
  context.say(
    `  ${examples.length} examples: ${((user + system) / 1e6).toFixed(1)} s CPU to train, model ${(file.length / 1e6).toFixed(1)} MB`,
  )
  if (context.sameAsTrain) return examples.map((example, at) => ({ example, named: heldOut[at] ?? null }))
  const cases = readRows(context.test).map(exampleOf)
  const named = await nameTexts(
    readClassifier(file),
    cases.map(({ text }) => text),
    encoder,
  )
  return cases.map((example, at) => ({ example, named: named[at]?.label ?? null }))
}

/** Cases in scope that got their label. */
export function accuracy(judged: readonly Judged[], metric = 'accuracy'): Figure {
  const inScope = judged.filter(({ example }) => example.label !== null)
  return { metric, value: share(inScope, ({ example, named }) => named === example.label), n: inScope.length }
}

/** Mean of the labels' F1, each counting the same. */
export function macroF1(judged: readonly Judged[]): Figure {
  const labels = [...new Set(judged.flatMap(({ example }) => example.label ?? []))]
  const scores = labels.map((label) => {
    const right = judged.filter(({ example, named }) => example.label === label && named === label).length
    const said = judged.filter(({ named }) => named === label).length
    return (2 * right) / (said + judged.filter(({ example }) => example.label === label).length)
  })
  return { metric: 'macro F1', value: scores.reduce((sum, score) => sum + score, 0) / labels.length, n: judged.length }
}

/** Share of the rows that are so; 0 of none. */
export const share = <T>(rows: readonly T[], isSo: (row: T) => boolean): number =>
  rows.length === 0 ? 0 : rows.filter(isSo).length / rows.length
