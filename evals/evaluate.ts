import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../scripts/launch.ts'
import { configuredModel } from './configured-model.ts'
import type { Evaluation, EvaluationContext, Figure } from './evaluation.ts'
import { openPlatform, type Platform } from './platform.ts'
import { recordResults } from './results.ts'

const SHARED_DATA = join(root, '../shared/data')
const OWN_DATA = join(root, 'evals/data')

interface SetModule {
  evaluation?: Evaluation
  evaluations?: Evaluation[]
}

interface Options {
  data: string
  split: string
  set: string | undefined
  json: boolean
}

/** Runs the evaluations that the arguments name; gives the exit status. */
export async function evaluate(parameters: string[]): Promise<number> {
  const options = readOptions(parameters)
  const all = await loadEvaluations()
  const wanted = all.filter(({ set, skill }) => options.set === undefined || [set, skill].includes(options.set))
  if (wanted.length === 0) throw new Error(`No evaluation is named '${options.set}'.`)
  const isOnRecord = !options.json && options.split === 'dev' && resolve(options.data) === SHARED_DATA
  if (!options.json && !isOnRecord) say(`${options.data} is not what evals/RESULTS.md tells of; the page stays as it is.`)
  const session = openSession()
  let failures = 0
  try {
    for (const evaluation of wanted) {
      const context = contextOf(evaluation, options, session.platform)
      if (!existsSync(context.test)) {
        say(`${evaluation.set}: skipped, there is no ${context.test}`)
        continue
      }
      const figures = await measure(evaluation, context)
      if (figures === undefined) failures += 1
      const counted = countedOf(evaluation, figures ?? [])
      for (const figure of counted) print(evaluation, figure, options.json)
      // Figures of other cases are for whoever asked; the page tells of the whole development parts.
      if (figures !== undefined && isOnRecord) recordResults(evaluation, counted, options.split, all)
    }
  } finally {
    await session.close()
  }
  return failures > 0 ? 1 : 0
}

async function measure(evaluation: Evaluation, context: EvaluationContext): Promise<Figure[] | undefined> {
  const startedAt = performance.now()
  try {
    const figures = await evaluation.run(context)
    say(`${evaluation.set}/${evaluation.skill}: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)
    return figures
  } catch (thrown) {
    // One set that fails must not cost the figures of the others; the exit status tells.
    say(`${evaluation.set}/${evaluation.skill} failed: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`)
    return undefined
  }
}

/** Figures of at least one case: a share of nothing is no 0. */
export function countedOf({ set, skill }: Pick<Evaluation, 'set' | 'skill'>, figures: readonly Figure[], tell = say): Figure[] {
  for (const { metric, n } of figures) if (n === 0) tell(`${set}/${skill}: ${metric} is left out, there was nothing to count`)
  return figures.filter(({ n }) => n > 0)
}

function readOptions(parameters: string[]): Options {
  const { values } = parseArgs({
    args: parameters,
    options: { data: { type: 'string' }, split: { type: 'string' }, set: { type: 'string' }, json: { type: 'boolean', default: false } },
  })
  const data = values.data ?? (existsSync(SHARED_DATA) ? SHARED_DATA : OWN_DATA)
  return { data, split: values.split ?? 'dev', set: values.set, json: values.json }
}

async function loadEvaluations(): Promise<Evaluation[]> {
  const files = readdirSync(join(root, 'evals/sets')).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const loaded: SetModule[] = await Promise.all(files.sort().map((file) => import(/* @vite-ignore */ `./sets/${file}`)))
  return loaded.flatMap((module) => module.evaluations ?? (module.evaluation ? [module.evaluation] : []))
}

function contextOf(evaluation: Evaluation, { data, split }: Options, platform: () => Promise<Platform>): EvaluationContext {
  const folder = join(evaluation.isOwn ? OWN_DATA : data, evaluation.set)
  const train = join(folder, 'dev')
  const test = join(folder, split)
  return { folder, train, test, sameAsTrain: train === test, platform, chatModel: configuredModel(), say }
}

function openSession(): { platform(): Promise<Platform>; close(): Promise<void> } {
  let opened: Promise<Platform> | undefined
  return {
    platform: () => {
      opened ??= openPlatform()
      return opened
    },
    close: async () => void (await (await opened)?.stop()),
  }
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)

function print({ set, skill, references }: Evaluation, { metric, value, n }: Figure, json: boolean): void {
  const rounded = Math.round(value * 10_000) / 10_000
  if (json) {
    console.log(JSON.stringify({ set, skill, metric, value: rounded, n }))
    return
  }
  const aim = references[metric]?.aim
  const verdict = aim === undefined ? '' : rounded >= aim ? `  (aim ${aim}: reached)` : `  (aim ${aim}: missed)`
  console.log(`${set.padEnd(28)} ${skill.padEnd(14)} ${metric.padEnd(26)} ${rounded.toFixed(4)}  n=${n}${verdict}`)
}
