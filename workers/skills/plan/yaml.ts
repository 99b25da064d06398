import { Document, isMap, isScalar, isSeq, type Node, visit } from 'yaml'
import type { Json } from '../../domain/json'

/** A step as it is written, with a line of explanation above it. Inner lists hold steps of the same kind. */
export interface DraftStep {
  comment?: string
  /** As people write it: `id`, `agent`, `then`, … */
  body: { id: string; [key: string]: Json | DraftStep[] }
}

export interface DraftWorkflow {
  comment: string
  name: string
  title: string
  description: string
  input: Json
  vars: { name: string; value: Json; comment: string }[]
  steps: DraftStep[]
  outputs: Json
}

/** The workflow as text. */
export function writeWorkflow({ comment, vars, steps, ...rest }: DraftWorkflow): string {
  const document = new Document({
    name: rest.name,
    title: rest.title,
    description: rest.description,
    input: rest.input,
    ...(vars.length > 0 && { vars: Object.fromEntries(vars.map(({ name, value }) => [name, value])) }),
    steps: plainSteps(steps),
    outputs: rest.outputs,
  })
  document.commentBefore = lines(comment)
  const variables = document.get('vars')
  if (isMap(variables)) for (const [index, { comment: text }] of vars.entries()) note(variables.items[index]?.key, text)
  annotate(document.get('steps'), steps)
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && /\$\{\{|\{\{|\{%/.test(node.value) && !node.value.includes('\n')) node.type = 'QUOTE_SINGLE'
    },
  })
  return document.toString({ lineWidth: 0 })
}

const isStepList = (value: unknown): value is DraftStep[] =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'object' && entry !== null && 'body' in entry)

const plainSteps = (steps: DraftStep[]): unknown[] =>
  steps.map(({ body }) =>
    Object.fromEntries(Object.entries(body).map(([key, value]) => [key, isStepList(value) ? plainSteps(value) : value])),
  )

function annotate(list: unknown, steps: DraftStep[]): void {
  if (!isSeq(list)) return
  for (const [index, { body, comment }] of steps.entries()) {
    const node = list.items[index]
    if (!isMap(node)) continue
    if (comment !== undefined) note(node, comment)
    for (const [key, value] of Object.entries(body)) if (isStepList(value)) annotate(node.get(key), value)
  }
}

function note(node: unknown, comment: string): void {
  if (isScalar(node) || isMap(node)) (node as Node).commentBefore = lines(comment)
}

/** Line breaks of a goal must not end a comment. */
const lines = (comment: string): string =>
  comment
    .split('\n')
    .map((line) => ` ${line.trim()}`)
    .join('\n')
