import type { Problem } from '../../domain/error'
import type { Step } from '../../domain/workflows'
import { hasTemplate } from '../expressions'
import { checkSchema } from '../json-schema'
import type { Normalised } from './normalise'
import type { Source } from './source'
import { suggest } from './suggest'

/** Steps written in one file. Runs may have far more, by forEach. */
const MAX_STEPS = 500
const BRANCH_ID = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

/** Checks of the steps as a tree: unique ids, targets of goto, empty sequences, schemas and addresses that are written out. */
export function checkStructure({ steps, places }: Normalised, source: Source): Problem[] {
  const problems: Problem[] = []
  const say = (step: Step, message: string, key?: string) => problems.push(source.problem(places.get(step) ?? [], message, key))
  const all = [...everyStep(steps)]
  if (all.length > MAX_STEPS)
    problems.push(source.problem(['steps'], `a workflow may have ${MAX_STEPS} steps; use forEach for what repeats`))
  checkIds(all, places, source, say)
  for (const sequence of sequencesOf(steps)) checkTargets(sequence, say)
  for (const step of all) for (const check of OWN_CHECKS) check(step, say)
  return problems
}

type Say = (step: Step, message: string, key?: string) => void

/** Every step, containers before what they hold. */
export function* everyStep(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step
    for (const inner of innerSequences(step)) yield* everyStep(inner)
  }
}

function innerSequences(step: Step): Step[][] {
  if (step.kind === 'if') return [step.then, step.else]
  if (step.kind === 'parallel') return step.branches.map((branch) => branch.steps)
  return step.kind === 'forEach' ? [step.steps] : []
}

const sequencesOf = (steps: Step[]): Step[][] => [steps, ...steps.flatMap((step) => innerSequences(step).flatMap(sequencesOf))]

function checkIds(all: Step[], places: Normalised['places'], source: Source, say: Say): void {
  const first = new Map<string, Step>()
  for (const step of all) {
    const earlier = first.get(step.id)
    if (earlier)
      say(
        step,
        `the id '${step.id}' is used twice, first on line ${source.problem(places.get(earlier) ?? [], '').line}; choose another`,
        'id',
      )
    else first.set(step.id, step)
  }
}

function checkTargets(sequence: Step[], say: Say): void {
  const ids = sequence.map((step) => step.id)
  sequence.forEach((step, at) => {
    if (step.onError.kind !== 'goto') return
    const target = ids.indexOf(step.onError.step)
    if (target === -1)
      say(
        step,
        `goto '${step.onError.step}' leads nowhere; name a later step of the same list: ${suggest(step.onError.step, ids.slice(at + 1))}`,
        'onError',
      )
    else if (target <= at)
      say(step, `goto '${step.onError.step}' leads back and could go round for ever; use retry, or go to a later step`, 'onError')
  })
}

const OWN_CHECKS: readonly ((step: Step, say: Say) => void)[] = [
  checkEmpty,
  checkConstants,
  checkBranches,
  checkUrl,
  checkStepSchema,
  checkContinue,
  checkFourEyes,
]

function checkEmpty(step: Step, say: Say): void {
  if (step.kind === 'if' && step.then.length + step.else.length === 0)
    say(step, `'if' of step '${step.id}' has neither then nor else; give it steps`)
  if (step.kind === 'forEach' && step.steps.length === 0) say(step, `forEach of step '${step.id}' has no steps; add them under 'steps'`)
}

/** A condition that is written as a constant makes steps unreachable. */
function checkConstants(step: Step, say: Say): void {
  if (step.when?.trim() === 'false') say(step, `step '${step.id}' can never run, because 'when' is false; remove it`, 'when')
  if (step.kind !== 'if') return
  const condition = step.condition.trim()
  const dead = condition === 'false' ? step.then : condition === 'true' ? step.else : []
  if (dead[0])
    say(dead[0], `step '${dead[0].id}' can never be reached, because the condition is always ${condition}; remove it or write a condition`)
}

function checkBranches(step: Step, say: Say): void {
  if (step.kind !== 'parallel') return
  if (step.branches.length === 0) say(step, `parallel of step '${step.id}' has no branches; write { name: [steps] }`, 'parallel')
  const seen = new Set<string>()
  for (const { id, steps } of step.branches) {
    if (!BRANCH_ID.test(id)) say(step, `'${id}' is no name of a branch; use letters, digits and '_'`, 'parallel')
    if (seen.has(id)) say(step, `the branch '${id}' is there twice; choose another name`, 'parallel')
    if (steps.length === 0) say(step, `branch '${id}' has no steps; give it some or remove it`, 'parallel')
    seen.add(id)
  }
}

function checkUrl(step: Step, say: Say): void {
  if (step.kind !== 'http' || hasTemplate(step.url)) return
  const url = URL.canParse(step.url) ? new URL(step.url) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) say(step, `'${step.url}' is no web address; write https://…`, 'http')
  else if (url.username !== '' || url.password !== '')
    say(step, `the address holds credentials; store them as a secret and name it under 'secret'`, 'http')
}

function checkStepSchema(step: Step, say: Say): void {
  if (step.kind !== 'validate') return
  for (const { message } of checkSchema(step.schema)) say(step, `schema of step '${step.id}': ${message}`, 'validate')
}

function checkContinue(step: Step, say: Say): void {
  if (step.onError.kind === 'continue' && hasTemplate(step.onError.output))
    say(step, `onError.continue of step '${step.id}' is taken as it is; write a constant`, 'onError')
}

/** Whoever started the run would only have to wait. */
function checkFourEyes(step: Step, say: Say): void {
  if (step.kind === 'approval' && step.preventSelfApproval === true && step.onExpire === 'approve')
    say(step, `approval of step '${step.id}' has preventSelfApproval, so time may not approve it; write onExpire: reject`, 'approval')
}
