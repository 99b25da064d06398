import { AppError } from './error'
import type { Json } from './json'
import type { Step, WorkflowDefinition } from './workflows'

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

/** Whether an operation of an agent acts on the outside world. */
export type HasEffects = (agent: string, operation: string) => boolean

/** Reads change nothing on the other side. */
const READS = new Set(['GET', 'HEAD'])

/**
 * The same workflow with nothing in it that acts or waits: what is not in the definition cannot happen, whatever an agent does. A step
 * that would act gives what it would have sent as `{ dryRun: true, would }`; an approval is taken as given; a wait is over at once.
 * `simulated` names the steps that were replaced. Refuses `invalid` for a wait for an event: nobody knows what it would bring.
 */
export function dryRunOf(definition: WorkflowDefinition, hasEffects: HasEffects): { definition: WorkflowDefinition; simulated: string[] } {
  const simulated: string[] = []
  const replace = (step: Step): Step => {
    const value = simulatedOutput(step, hasEffects)
    if (value === undefined) return withInner(step, replace)
    simulated.push(step.id)
    const { id, name, when, retry, onError } = step
    return { id, ...(name !== undefined && { name }), ...(when !== undefined && { when }), retry, onError, kind: 'set', value }
  }
  return { definition: { ...definition, steps: definition.steps.map(replace) }, simulated }
}

/** What stands for the output of a step that is not carried out; undefined for one that is. */
function simulatedOutput(step: Step, hasEffects: HasEffects): Json | undefined {
  switch (step.kind) {
    case 'agent':
      return hasEffects(step.agent, step.operation) ? { dryRun: true, would: step.input } : undefined
    case 'http':
      return READS.has(step.method) ? undefined : httpOutput(step)
    case 'approval':
      return { approved: true, by: 'evaluation', comment: null, details: step.details }
    case 'wait':
      return { dryRun: true }
    case 'waitEvent':
      throw new AppError(
        'invalid',
        `Step '${step.id}' waits for event '${step.event}', which an evaluation cannot know; evaluate a version without it.`,
      )
    default:
      return undefined
  }
}

const httpOutput = ({ method, url, body }: StepOf<'http'>): Json => ({
  dryRun: true,
  status: 200,
  headers: {},
  body: null,
  would: { method, url, ...(body !== undefined && { body }) },
})

function withInner(step: Step, replace: (step: Step) => Step): Step {
  switch (step.kind) {
    case 'if':
      return { ...step, then: step.then.map(replace), else: step.else.map(replace) }
    case 'parallel':
      return { ...step, branches: step.branches.map((branch) => ({ ...branch, steps: branch.steps.map(replace) })) }
    case 'forEach':
      return { ...step, steps: step.steps.map(replace) }
    default:
      return step
  }
}
