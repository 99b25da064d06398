import { readFileSync } from 'node:fs'
import type { Step, WorkflowDefinition } from '../workers/domain/workflows'
import { CLASS_FIELDS } from '../workers/skills/extract/schema'
import type { PlanOutput } from '../workers/skills/plan/schema'
import { anObject, readJsonLines } from './json-lines.ts'
import { type Given, walk } from './plan-walk.ts'

/** What the workflow of a goal must mean, written before its plan was looked at. */
export interface GoldMeaning {
  id: string
  lang: 'en' | 'de'
  goal: string
  trigger: string
  cron?: string
  /** Operations that must stand somewhere. */
  steps?: string[]
  /** Fields that must be read: by name, or by the words of the goal. */
  fields?: string[]
  /** Words that must be named as not done or not understood. None: nothing may be named. */
  unread: string[]
  /** Starts by the clock, which is always named as not done. */
  clock?: true
  /** With what is given, the run does exactly these effects in this order; other operations must be among what it does, `not …` must not. */
  cases: { given: Given; does: string[] }[]
}

const EFFECT = /^(?:approval|wait|mail|post|get)(?: |$)/

/** What is wrong with a plan, one line each; empty: it means what it should. */
export function judgeMeaning(gold: GoldMeaning, planned: PlanOutput, definition: WorkflowDefinition): string[] {
  const steps = [...everyStep(definition.steps)]
  const operations = new Set(steps.flatMap((step) => (step.kind === 'agent' ? [`${step.agent}.${step.operation}`] : [])))
  const fields = fieldsOf(steps)
  const wrong: string[] = []
  if (planned.trigger.kind !== gold.trigger) wrong.push(`trigger ${planned.trigger.kind}, not ${gold.trigger}`)
  if (gold.cron !== undefined && planned.trigger.cron !== gold.cron) wrong.push(`cron ${planned.trigger.cron}, not ${gold.cron}`)
  for (const name of gold.steps ?? []) if (!operations.has(name)) wrong.push(`no step ${name}`)
  for (const name of gold.fields ?? []) if (!fields.has(name.toLowerCase())) wrong.push(`field ${name} is not read`)
  wrong.push(...judgeUnread(gold, planned))
  for (const { given, does } of gold.cases) {
    const wanted = does.filter((one) => EFFECT.test(one) || one.startsWith('report'))
    const done = walk(definition, given)
    const effects = done.filter((one) => EFFECT.test(one) || (one.startsWith('report') && wanted.some((wish) => wish.startsWith('report'))))
    if (effects.join('; ') !== wanted.join('; '))
      wrong.push(`${JSON.stringify(given)}: does [${effects.join('; ')}], not [${wanted.join('; ')}]`)
    for (const one of does) {
      if (one.startsWith('not ') && done.includes(one.slice(4))) wrong.push(`${JSON.stringify(given)}: does ${one.slice(4)}`)
      if (/^(?:analysis|quality)\./.test(one) && !done.includes(one)) wrong.push(`${JSON.stringify(given)}: does no ${one}`)
    }
  }
  return wrong
}

function judgeUnread(gold: GoldMeaning, planned: PlanOutput): string[] {
  const named = [...planned.unsupported, ...planned.unread]
  const text = named.join('\n').toLowerCase()
  const lost = gold.unread.filter((words) => !text.includes(words.toLowerCase())).map((words) => `“${words}” is not named`)
  const extra = gold.unread.length > 0 ? [] : named.filter((line) => !(gold.clock && line.includes('by the clock')))
  return [...lost, ...extra.map((line) => `needlessly named: ${line}`)]
}

/** Fields that are read, by name and by label, lower case. */
function fieldsOf(steps: Step[]): Set<string> {
  return new Set(
    steps
      .flatMap((step) => {
        if (step.kind !== 'agent' || step.operation !== 'extract') return []
        const { schema, class: ofClass } = step.input as {
          class?: string
          schema?: { properties: Record<string, { 'x-labels'?: string[] }> }
        }
        if (schema) return Object.entries(schema.properties).flatMap(([name, { 'x-labels': labels }]) => [name, ...(labels ?? [])])
        return CLASS_FIELDS[ofClass ?? ''] ?? Object.values(CLASS_FIELDS).flat()
      })
      .map((name) => name.toLowerCase()),
  )
}

export function* everyStep(steps: Step[]): Iterable<Step> {
  for (const step of steps) {
    yield step
    if (step.kind === 'if') yield* everyStep([...step.then, ...step.else])
    if (step.kind === 'parallel') for (const branch of step.branches) yield* everyStep(branch.steps)
    if (step.kind === 'forEach') yield* everyStep(step.steps)
  }
}

/** The goals of a part, `dev` or `held-out`. */
export const readMeanings = (folder: string): GoldMeaning[] => {
  const file = `${folder}/meaning.jsonl`
  return readJsonLines(readFileSync(file, 'utf8'), file, anObject<GoldMeaning>)
}
