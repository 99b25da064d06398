import type { Json } from '../../workers/domain/json'
import type { ExpressionScope, Step, WorkflowDefinition } from '../../workers/domain/workflows'
import { evaluateCondition, resolveTemplate } from '../../workers/workflows/expressions'
import { checkAgainstSchema } from '../../workers/workflows/json-schema'

/** Answers an agent, http or approval step: its output, or a thrown Error. */
export type Answer = (step: Step, input: Json) => Json

type Scope = ExpressionScope
class StepFailed extends Error {}

/** Walks a workflow in one go, without queue, retries or durability: enough to see what its expressions come to. */
export function walk(
  definition: WorkflowDefinition,
  input: Json,
  answer: Answer,
  vars: Record<string, Json> = {},
): { outputs: Json; ran: string[]; scope: Scope } {
  const ran: string[] = []
  const scope: Scope = {
    input,
    vars: { ...definition.vars, ...vars },
    steps: {},
    run: { id: 'run_1', workflow: definition.name, startedAt: '2026-11-21T05:00:00.000Z', trigger: 'api' },
  }
  sequence(definition.steps, scope, answer, ran)
  return { outputs: resolveTemplate(definition.outputs, scope), ran, scope }
}

function sequence(steps: Step[], scope: Scope, answer: Answer, ran: string[]): void {
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at]!
    if (step.when !== undefined && !evaluateCondition(step.when, scope)) {
      scope.steps[step.id] = { status: 'skipped', output: null }
      continue
    }
    ran.push(step.id)
    try {
      scope.steps[step.id] = { status: 'completed', output: perform(step, scope, answer, ran) }
    } catch (error) {
      if (!(error instanceof StepFailed) || step.onError.kind === 'fail') throw error
      scope.steps[step.id] = { status: 'failed', output: null, error: { code: 'invalid', message: error.message } }
      const { onError } = step
      if (onError.kind === 'continue') scope.steps[step.id] = { status: 'completed', output: onError.output }
      else at = steps.findIndex(({ id }) => id === onError.step) - 1
    }
  }
}

function perform(step: Step, scope: Scope, answer: Answer, ran: string[]): Json {
  switch (step.kind) {
    case 'set':
      return resolveTemplate(step.value, scope)
    case 'validate': {
      const value = resolveTemplate(step.value, scope)
      const [problem] = checkAgainstSchema(step.schema, value)
      if (problem) throw new StepFailed(`${problem.path} ${problem.message}`)
      return value
    }
    case 'if':
      sequence(evaluateCondition(step.condition, scope) ? step.then : step.else, scope, answer, ran)
      return null
    case 'parallel':
      for (const branch of step.branches) sequence(branch.steps, scope, answer, ran)
      return null
    case 'forEach':
      return forEach(step, scope, answer, ran)
    default:
      return reply(step, resolveTemplate(inputOf(step), scope), answer)
  }
}

function forEach(step: Extract<Step, { kind: 'forEach' }>, scope: Scope, answer: Answer, ran: string[]): Json {
  const items = resolveTemplate(step.items, scope)
  if (!Array.isArray(items)) throw new Error(`forEach of ${step.id} got no list`)
  return items.map((item, index) => {
    const inner: Scope = { ...scope, steps: { ...scope.steps }, item, index }
    sequence(step.steps, inner, answer, ran)
    return step.output === undefined ? null : resolveTemplate(step.output, inner)
  })
}

function inputOf(step: Step): Json {
  if (step.kind === 'agent') return step.input
  if (step.kind === 'http') return { method: step.method, url: step.url, body: step.body ?? null }
  return step.kind === 'approval' ? { title: step.title, details: step.details } : {}
}

function reply(step: Step, input: Json, answer: Answer): Json {
  try {
    return answer(step, input)
  } catch (error) {
    throw new StepFailed(error instanceof Error ? error.message : String(error))
  }
}
