import * as z from 'zod'
import type { Agent, Operation } from '../../agents/agent'
import type { Problem } from '../../domain/error'
import type { Json, JsonObject } from '../../domain/json'
import type { Step } from '../../domain/workflows'
import { hasTemplate } from '../expressions'
import type { Normalised } from './normalise'
import type { Source } from './source'
import { everyStep } from './structure'
import { suggest } from './suggest'

type AgentStep = Extract<Step, { kind: 'agent' }>

/** Checks each agent step: known agent, known operation, and the parts of its input that are written out. */
export function checkOperations({ steps, places }: Normalised, agents: Record<string, Agent>, source: Source): Problem[] {
  return [...everyStep(steps)].flatMap((step) => {
    if (step.kind !== 'agent') return []
    const path = places.get(step) ?? []
    const agent = Object.hasOwn(agents, step.agent) ? agents[step.agent] : undefined
    if (!agent) return [source.problem(path, `unknown agent '${step.agent}'; ${suggest(step.agent, Object.keys(agents))}`, 'agent')]
    const operation = Object.hasOwn(agent.operations, step.operation) ? agent.operations[step.operation] : undefined
    if (!operation)
      return [
        source.problem(
          path,
          `agent '${step.agent}' has no operation '${step.operation}'; ${suggest(step.operation, Object.keys(agent.operations))}`,
          'operation',
        ),
      ]
    return inputProblems(step, operation).map(({ at, message, key }) => source.problem([...path, 'input', ...at], message, key))
  })
}

interface InputProblem {
  at: PropertyKey[]
  message: string
  key?: string
}

/** What cannot become right in a run: unknown and missing members, and constants of the wrong kind. Templates are left to the run. */
function inputProblems(step: AgentStep, operation: Operation): InputProblem[] {
  const unknown = unknownMembers(step, operation)
  const parsed = operation.input.safeParse(step.input)
  if (parsed.success) return unknown
  const issues = parsed.error.issues.filter((issue) => issue.code !== 'unrecognized_keys' && !comesFromTemplate(step.input, issue.path))
  const label = `${step.agent}.${step.operation}`
  return [
    ...unknown,
    ...issues.map((issue) => ({
      at: [...issue.path],
      message: `input of ${label}: ${issue.path.length === 0 ? '' : `'${z.core.toDotPath(issue.path)}' `}${reason(issue, step.input)}`,
    })),
  ]
}

/** zod drops members it does not know; a misspelt one would then be silently without effect. */
function unknownMembers(step: AgentStep, { input }: Operation): InputProblem[] {
  if (!(input instanceof z.ZodObject) || input._zod.def.catchall instanceof z.ZodUnknown) return []
  const known = Object.keys(input.shape)
  const strays = Object.keys(step.input).filter((key) => !known.includes(key))
  return strays.map((key) => ({ at: [], key, message: `${step.agent}.${step.operation} takes no '${key}'; ${suggest(key, known)}` }))
}

function comesFromTemplate(input: JsonObject, path: PropertyKey[]): boolean {
  let value: Json | undefined = input
  for (const part of path) {
    if (typeof value === 'string') return hasTemplate(value)
    if (value === null || typeof value !== 'object') return false
    value = Array.isArray(value) ? value[Number(part)] : value[String(part)]
  }
  return value !== undefined && hasTemplate(value)
}

function reason(issue: z.core.$ZodIssue, input: JsonObject): string {
  const value = issue.path.reduce<unknown>(
    (found, part) => (typeof found === 'object' && found !== null ? Reflect.get(found, part) : undefined),
    input,
  )
  return value === undefined ? 'is missing; add it' : `does not fit: ${issue.message}`
}
