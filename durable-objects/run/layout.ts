import type { Step, WorkflowDefinition } from '../../workers/domain/workflows'

/** One level of nesting: the branch of a parallel step, or one item of a forEach step. */
export interface Segment {
  stepId: string
  branch?: string
  index?: number
}
/** Where a sequence of steps runs: [] is the top of the workflow. */
export type ScopePath = Segment[]

/** A sequence that runs as one LangGraph thread: the top, a branch, or the body of a forEach. */
export interface Program {
  id: string
  steps: Step[]
}

interface Place {
  step: Step
  /** Enclosing containers, outermost first; `index` is not known here. */
  containers: Segment[]
}

/** What is known of a workflow before any run: its sequences, and where each step stands. */
export interface Layout {
  programs: Map<string, Program>
  places: Map<string, Place>
}

export function layoutOf(definition: WorkflowDefinition): Layout {
  const layout: Layout = { programs: new Map(), places: new Map() }
  addProgram(layout, '', definition.steps, [])
  return layout
}

function addProgram(layout: Layout, id: string, steps: Step[], containers: Segment[]): void {
  layout.programs.set(id, { id, steps })
  addSteps(layout, steps, containers)
}

function addSteps(layout: Layout, steps: Step[], containers: Segment[]): void {
  for (const step of steps) {
    layout.places.set(step.id, { step, containers })
    if (step.kind === 'if') {
      addSteps(layout, step.then, containers)
      addSteps(layout, step.else, containers)
    }
    if (step.kind === 'parallel') {
      for (const branch of step.branches)
        addProgram(layout, `${step.id}.${branch.id}`, branch.steps, [...containers, { stepId: step.id, branch: branch.id }])
    }
    if (step.kind === 'forEach') addProgram(layout, step.id, step.steps, [...containers, { stepId: step.id }])
  }
}

/** The text of a scope: `checks.totals`, `pages[3]`; '' at the top. */
export function scopeText(path: ScopePath): string {
  return path.reduce(
    (text, { stepId, branch, index }) =>
      `${text === '' ? '' : `${text}.`}${stepId}${branch === undefined ? `[${index ?? 0}]` : `.${branch}`}`,
    '',
  )
}

export const stepKey = (path: ScopePath, stepId: string): string => (path.length === 0 ? stepId : `${scopeText(path)}.${stepId}`)

/** The program that a scope runs. */
export function programId(path: ScopePath): string {
  const last = path.at(-1)
  if (last === undefined) return ''
  return last.branch === undefined ? last.stepId : `${last.stepId}.${last.branch}`
}

/**
 * The key under which a step is seen from a scope: its own or an enclosing sequence, or a branch of a parallel step there.
 * Undefined for steps inside other forEach items, which have no one output.
 */
export function visibleKey(layout: Layout, from: ScopePath, stepId: string): string | undefined {
  const place = layout.places.get(stepId)
  if (place === undefined) return undefined
  const path: Segment[] = []
  let shared = true
  for (const [depth, container] of place.containers.entries()) {
    const here = from[depth]
    shared &&= here !== undefined && here.stepId === container.stepId && here.branch === container.branch
    if (shared && here !== undefined) path.push(here)
    else if (container.branch !== undefined) path.push(container)
    else return undefined
  }
  return stepKey(path, stepId)
}
