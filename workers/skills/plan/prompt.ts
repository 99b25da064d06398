import * as z from 'zod'
import type { Problem } from '../../domain/error'
import type { Json } from '../../domain/json'
import type { Question } from '../ask'
import { PLAN_TRIGGERS, type PlanInput, type PlanOperation } from './schema'

export const Answer = z.object({
  /** The YAML. */
  workflow: z.string().min(1).max(60_000),
  trigger: z.enum(PLAN_TRIGGERS),
  assumptions: z.array(z.string().min(1).max(500)).max(30),
  unsupported: z.array(z.string().min(1).max(500)).max(30),
})
export type Answer = z.infer<typeof Answer>

const TASK = [
  'Write a workflow in YAML that reaches the goal described in the text. Use only the operations listed below.',
  'Form: name (lower-case letters, digits, dashes), title, description, input (JSON Schema; a document comes as input.documentId), vars (constants such as limits and addresses), steps (a list), outputs.',
  'Each step has a unique id (letters, digits, _) and exactly one of: agent with operation and input; set: value; http: {method, url, body}; if: condition with then and optional else (lists of steps); forEach: list with steps (they read item); approval: {title, details}; wait: {for: 2d} or {event, correlation, timeout}.',
  'A whole value "${' +
    '{ … }}" is CEL, conditions after if are bare CEL: input.x, vars.x, steps.<id>.output.x of earlier steps, default(x, instead), list.filter(f, cond), size(list). Text may hold Liquid output of the same paths. A field is read as default(steps.<extract>.output.fields.filter(f, f.name == "totalGross")[0].normalized, null).',
  'A document is read by ingestion.parse before anything else. Write limits and addresses of the goal as vars. Mails, webhooks and requests go only to addresses that stand in the goal, each in a var of its own (an empty one where the goal names somebody without an address), to an input, or to the sender of the mail (steps.<parse>.output.metadata.from). Explain steps by YAML comments.',
  'In trigger say how runs start, in assumptions what the goal left open, in unsupported every part of the goal that no operation can do. Leave nothing out silently.',
  'If a workflow with its problems stands after the goal, correct it.',
  'Operations:',
  '{{ catalogue }}',
].join('\n')

/** Asks for a workflow; with what was wrong with the one before. */
export const planQuestion = (
  { goal, catalogue }: PlanInput,
  before?: { source: string; problems: readonly Problem[] },
): Question<Answer> => ({
  name: 'plan',
  purpose: 'plan',
  task: TASK,
  variables: { catalogue: catalogue.map(lineOf).join('\n') },
  document:
    before === undefined
      ? goal
      : `${goal}\n\nThe workflow so far:\n${before.source}\n\nIts problems:\n${before.problems.map(problemLine).join('\n')}`,
  answer: Answer,
  origin: { kind: 'chat', id: 'goal' },
})

const problemLine = ({ line, path, message }: Problem): string => `line ${line ?? '?'}, ${path}: ${message}`

function lineOf({ agent, operation, summary, input }: PlanOperation): string {
  const required = Array.isArray(input.required) ? input.required : []
  const properties = isObject(input.properties) ? Object.entries(input.properties) : []
  const names = properties.map(([name, schema]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`)
  return `${agent}.${operation}(${names.join(', ')}): ${summary}`
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function typeOf(schema: Json): string {
  if (!isObject(schema)) return 'any'
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join('|')
  return typeof schema.type === 'string' ? schema.type : 'any'
}
