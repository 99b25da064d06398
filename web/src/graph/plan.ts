import type { Step } from '../api/types'

/** A step placed on a grid: layers follow each other in time, lanes stand beside each other. */
export interface PlannedNode {
  id: string
  name: string
  kind: Step['kind']
  agent?: string
  layer: number
  lane: number
  /** Inside a forEach: it runs once for each item. */
  repeated: boolean
}

export interface PlannedEdge {
  id: string
  from: string
  to: string
  kind: 'next' | 'then' | 'else' | 'each' | 'onError'
}

export interface Plan {
  nodes: PlannedNode[]
  edges: PlannedEdge[]
  layers: number
  lanes: number
}

/** A part of the plan with its own origin, and the steps that what comes after must follow. */
interface Block extends Plan {
  entries: string[]
  exits: string[]
}

/**
 * Lays out a workflow's steps as they nest: a sequence along the layers, branches beside each other on lanes of their own,
 * shorter neighbours centred. Steps nest properly, so no crossing can come up and no general graph layout is needed.
 */
export function planSteps(steps: Step[]): Plan {
  const { nodes, edges, layers, lanes } = sequence(steps, false)
  return { nodes, edges: [...edges, ...errorEdges(steps)], layers, lanes }
}

const EMPTY: Block = { nodes: [], edges: [], layers: 0, lanes: 0, entries: [], exits: [] }

function sequence(steps: Step[], repeated: boolean): Block {
  return steps.reduce((before, step) => {
    const next = block(step, repeated)
    // A parallel step says nothing that its branches do not show; its node stays only where it joins several ends.
    const bare = step.kind === 'parallel' && before.exits.length === 1 ? withoutHead(next, step.id) : next
    return follow(before, bare, 'next')
  }, EMPTY)
}

function block(step: Step, repeated: boolean): Block {
  const node: PlannedNode = {
    id: step.id,
    name: step.name ?? step.id,
    kind: step.kind,
    ...(step.kind === 'agent' && { agent: `${step.agent}.${step.operation}` }),
    layer: 0,
    lane: 0,
    repeated,
  }
  const head: Block = { nodes: [node], edges: [], layers: 1, lanes: 1, entries: [step.id], exits: [step.id] }
  switch (step.kind) {
    case 'parallel':
      return branches(
        head,
        step.branches.map((branch) => ({ block: sequence(branch.steps, repeated), kind: 'next' as const })),
      )
    case 'if':
      return branches(head, [
        { block: sequence(step.then, repeated), kind: 'then' },
        { block: sequence(step.else, repeated), kind: 'else' },
      ])
    case 'forEach':
      return follow(head, sequence(step.steps, true), 'each')
    default:
      return head
  }
}

/** Branches beside each other after their head. A branch without steps leads from the head straight on. */
function branches(head: Block, list: { block: Block; kind: PlannedEdge['kind'] }[]): Block {
  const full = list.filter(({ block }) => block.nodes.length > 0)
  if (full.length === 0) return head
  let lanes = 0
  let side: Block = EMPTY
  const edges: PlannedEdge[] = []
  for (const { block, kind } of full) {
    side = join(side, move(block, 0, lanes))
    lanes += block.lanes
    edges.push(...connect(head.exits, block.entries, kind))
  }
  const body = follow({ ...head, exits: [] }, side, 'next')
  return { ...body, edges: [...body.edges, ...edges], exits: [...side.exits, ...(full.length < list.length ? head.exits : [])] }
}

function follow(before: Block, next: Block, kind: PlannedEdge['kind']): Block {
  if (before.nodes.length === 0) return next
  if (next.nodes.length === 0) return before
  const lanes = Math.max(before.lanes, next.lanes)
  const joined = join(move(before, 0, (lanes - before.lanes) / 2), move(next, before.layers, (lanes - next.lanes) / 2))
  return {
    ...joined,
    edges: [...joined.edges, ...connect(before.exits, next.entries, kind)],
    layers: before.layers + next.layers,
    lanes,
    entries: before.entries,
    exits: next.exits,
  }
}

const withoutHead = (block: Block, head: string): Block =>
  block.nodes.length === 1
    ? block
    : {
        ...block,
        nodes: block.nodes.filter((node) => node.id !== head).map((node) => ({ ...node, layer: node.layer - 1 })),
        edges: block.edges.filter((edge) => edge.from !== head),
        layers: block.layers - 1,
        entries: block.edges.filter((edge) => edge.from === head).map((edge) => edge.to),
      }

const move = (block: Block, layers: number, lanes: number): Block => ({
  ...block,
  nodes: block.nodes.map((node) => ({ ...node, layer: node.layer + layers, lane: node.lane + lanes })),
})

const join = (a: Block, b: Block): Block => ({
  nodes: [...a.nodes, ...b.nodes],
  edges: [...a.edges, ...b.edges],
  layers: Math.max(a.layers, b.layers),
  lanes: a.lanes + b.lanes,
  entries: [...a.entries, ...b.entries],
  exits: [...a.exits, ...b.exits],
})

const connect = (from: string[], to: string[], kind: PlannedEdge['kind']): PlannedEdge[] =>
  from.flatMap((source) => to.map((target) => ({ id: `${source}>${target}:${kind}`, from: source, to: target, kind })))

function errorEdges(steps: Step[]): PlannedEdge[] {
  return steps.flatMap((step) => [
    ...(step.onError.kind === 'goto' ? connect([step.id], [step.onError.step], 'onError') : []),
    ...children(step).flatMap(errorEdges),
  ])
}

/** The lists of steps inside a step. */
export function children(step: Step): Step[][] {
  switch (step.kind) {
    case 'parallel':
      return step.branches.map((branch) => branch.steps)
    case 'if':
      return [step.then, step.else]
    case 'forEach':
      return [step.steps]
    default:
      return []
  }
}
