import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { agents } from '../../workers/agents'
import { catalogueOf } from '../../workers/agents/catalogue'
import type { Problem } from '../../workers/domain/error'
import { AppError } from '../../workers/domain/error'
import type { Step, WorkflowDefinition } from '../../workers/domain/workflows'
import { skills } from '../../workers/skills'
import { parseWorkflow } from '../../workers/workflows/parse'
import type { Evaluation, EvaluationContext, Figure } from '../evaluation.ts'
import { anObject, readJsonLines } from '../json-lines.ts'
import { precisionRecallF1, share } from '../metrics.ts'
import { judgeMeaning, readMeanings } from '../plan-meaning.ts'

/** What a plan must have, written before any plan was looked at. */
export interface GoldGoal {
  id: string
  lang: 'en' | 'de'
  goal: string
  /** `agent.operation`, or `approval`, `wait`, `http`, `forEach`; reading the document itself is not counted. */
  steps: string[]
  conditions: { about: string; is: string }[]
  /** Words that must be named as not done. */
  unsupported: string[]
  trigger: string | null
}

/** Every problem of a workflow's text. */
export async function checkWorkflow(source: string): Promise<Problem[]> {
  try {
    await parseWorkflow(source, { agents })
    return []
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.problems) return [...thrown.problems]
    throw thrown
  }
}

/** How one plan compares with its gold. */
export interface Judged {
  passes: boolean
  steps: { correct: number; given: number; wanted: number }
  conditions: { asked: boolean; exact: boolean; given: string[] }
  beyond: { asked: number; named: number; falselyNamed: boolean }
  triggerRight: boolean | undefined
  missing: string[]
  extra: string[]
}

/** Plans one goal by the product's skill and judges what came out. */
export async function judgePlan(
  gold: GoldGoal,
  chatModel?: EvaluationContext['chatModel'],
): Promise<Judged & { source: string; unsupported: string[]; unread: string[] }> {
  const input = skills.plan.input.parse({ goal: gold.goal, catalogue: catalogueOf(agents) })
  const planned = await skills.plan.run(input, { checkWorkflow, ...(chatModel && { chatModel }) })
  const passes = (await checkWorkflow(planned.source)).length === 0
  const definition = passes ? (await parseWorkflow(planned.source, { agents })).definition : undefined
  const given = new Set(definition ? [...everyStep(definition.steps)].flatMap(nameOf) : [])
  const wanted = new Set(gold.steps)
  const conditions = definition ? conditionsOf(definition) : []
  const named = planned.unsupported.join('\n').toLowerCase()
  return {
    passes,
    steps: { correct: [...wanted].filter((step) => given.has(step)).length, given: given.size, wanted: wanted.size },
    conditions: {
      asked: gold.conditions.length > 0 || conditions.length > 0,
      exact: conditions.length === gold.conditions.length && gold.conditions.every((wish) => conditions.some((text) => fits(text, wish))),
      given: conditions,
    },
    beyond: {
      asked: gold.unsupported.length,
      named: gold.unsupported.filter((word) => named.includes(word.toLowerCase())).length,
      falselyNamed: gold.unsupported.length === 0 && planned.unsupported.length > 0,
    },
    triggerRight: gold.trigger === null ? undefined : planned.trigger.kind === gold.trigger,
    missing: [...wanted].filter((step) => !given.has(step)),
    extra: [...given].filter((step) => !wanted.has(step)),
    source: planned.source,
    unsupported: planned.unsupported,
    unread: planned.unread,
  }
}

function* everyStep(steps: Step[]): Iterable<Step> {
  for (const step of steps) {
    yield step
    if (step.kind === 'if') yield* everyStep([...step.then, ...step.else])
    if (step.kind === 'parallel') for (const branch of step.branches) yield* everyStep(branch.steps)
    if (step.kind === 'forEach') yield* everyStep(step.steps)
  }
}

function nameOf(step: Step): string[] {
  if (step.kind === 'agent') return step.operation === 'parse' ? [] : [`${step.agent}.${step.operation}`]
  if (step.kind === 'wait' || step.kind === 'waitEvent') return ['wait']
  return ['approval', 'http', 'forEach'].includes(step.kind) ? [step.kind] : []
}

/** The conditions of a workflow as text, with constants and computed values in place of their names. */
function conditionsOf({ steps, vars }: WorkflowDefinition): string[] {
  const all = [...everyStep(steps)]
  const sets = new Map(all.flatMap((step) => (step.kind === 'set' ? [[step.id, JSON.stringify(step.value)] as const] : [])))
  return all
    .flatMap((step) => [...(step.kind === 'if' ? [step.condition] : []), ...(step.when === undefined ? [] : [step.when])])
    .map((condition) =>
      String(condition)
        .replace(/steps\.(\w+)\.output(?![.\w])/g, (found, id: string) => `${sets.get(id) ?? found}`)
        .replace(/vars\.(\w+)/g, (found, name: string) => (Object.hasOwn(vars, name) ? String(vars[name]) : found)),
    )
}

/** What a condition about something that needs no number must read. */
const FLAGS: Readonly<Record<string, RegExp>> = {
  pii: /findings/,
  suspicious: /suspicious/,
  missing: /missing/,
  passed: /\.passed/,
  abstained: /abstained/,
  wait: /steps\.wait/,
}

function fits(text: string, { about, is }: GoldGoal['conditions'][number]): boolean {
  const flag = FLAGS[about]
  if (flag) return flag.test(text)
  const [operator = '', ...value] = is.split(' ')
  const isThere =
    about === 'score' || about === 'class' || about === 'confidence' || about === 'sentiment'
      ? text.includes(`.${about}`)
      : text.includes(about)
  if (operator === '==') return isThere && text.toLowerCase().includes(`== "${value.join(' ').toLowerCase()}"`)
  return isThere && new RegExp(`(?<![<>=])${operator} ${value.join(' ').replace('.', '\\.')}(?![\\d.])`).test(text)
}

export const readGoals = (folder: string): GoldGoal[] =>
  readdirSync(folder)
    .filter((name) => name === 'goals.jsonl')
    .flatMap((name) => readJsonLines(readFileSync(join(folder, name), 'utf8'), join(folder, name), anObject<GoldGoal>))

async function figures(goals: GoldGoal[], chatModel: EvaluationContext['chatModel'], part: string): Promise<Figure[]> {
  const judged: Judged[] = []
  for (const goal of goals) judged.push(await judgePlan(goal, chatModel))
  const sum = (key: 'correct' | 'given' | 'wanted') => judged.reduce((total, { steps }) => total + steps[key], 0)
  const { f1, precision, recall } = precisionRecallF1({ correct: sum('correct'), given: sum('given'), wanted: sum('wanted') })
  const conditional = judged.filter(({ conditions }) => conditions.asked)
  const triggered = judged.flatMap(({ triggerRight }) => (triggerRight === undefined ? [] : [triggerRight]))
  const asked = judged.reduce((total, { beyond }) => total + beyond.asked, 0)
  const named = judged.reduce((total, { beyond }) => total + beyond.named, 0)
  return [
    { metric: `passes the checks${part}`, value: share(judged.map(({ passes }) => passes)), n: goals.length },
    { metric: `step f1${part}`, value: f1, n: sum('wanted') },
    { metric: `step precision${part}`, value: precision, n: sum('given') },
    { metric: `step recall${part}`, value: recall, n: sum('wanted') },
    { metric: `conditions exact${part}`, value: share(conditional.map(({ conditions }) => conditions.exact)), n: conditional.length },
    { metric: `named as not done${part}`, value: named / Math.max(1, asked), n: asked },
    {
      metric: `nothing falsely not done${part}`,
      value: share(judged.filter(({ beyond }) => beyond.asked === 0).map(({ beyond }) => !beyond.falselyNamed)),
      n: judged.filter(({ beyond }) => beyond.asked === 0).length,
    },
    { metric: `trigger${part}`, value: share(triggered), n: triggered.length },
  ]
}

/** Goals whose runs, gone through with made-up documents, do what was written down for them. */
async function meanings(folder: string, chatModel: EvaluationContext['chatModel'], part: string): Promise<Figure[]> {
  const goals = readMeanings(folder)
  const wrongs: string[][] = []
  for (const gold of goals) {
    const input = skills.plan.input.parse({ goal: gold.goal, catalogue: catalogueOf(agents) })
    const planned = await skills.plan.run(input, { checkWorkflow, ...(chatModel && { chatModel }) })
    const problems = await checkWorkflow(planned.source)
    wrongs.push(
      problems.length > 0
        ? ['it fails the checks']
        : judgeMeaning(gold, planned, (await parseWorkflow(planned.source, { agents })).definition),
    )
  }
  const cases = goals.reduce((total, gold) => total + gold.cases.length, 0)
  const failed = wrongs.flat().filter((line) => line.includes('], not [')).length
  return [
    { metric: `means what it should${part}`, value: share(wrongs.map(({ length }) => length === 0)), n: goals.length },
    { metric: `cases with exactly the right effects${part}`, value: (cases - failed) / Math.max(1, cases), n: cases },
  ]
}

export const evaluation: Evaluation = {
  set: 'plan',
  isOwn: true,
  skill: 'plan',
  method:
    'Own goals, English and German, with the steps, conditions and impossible parts that a plan must have; written by one of us, before the held-out plans were looked at, so they are no independent sample. Steps count once a goal; a goal’s conditions are exact when all of them and no others are there, with field, operator and value. A second set of goals is judged by meaning: its workflows are gone through with made-up documents, conditions by the real evaluator, and must do exactly the written effects, read the written fields, start as written and name what cannot be done and nothing else.',
  references: {},
  async run({ test, folder, sameAsTrain, chatModel }) {
    const own = [...(await figures(readGoals(test), chatModel, '')), ...(await meanings(test, chatModel, ''))]
    const heldOut = join(folder, 'held-out')
    return sameAsTrain && existsSync(heldOut)
      ? [...own, ...(await figures(readGoals(heldOut), chatModel, ' (held out)')), ...(await meanings(heldOut, chatModel, ' (held out)'))]
      : own
  },
}
