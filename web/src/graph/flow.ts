import { type Edge, MarkerType, type Node, Position } from '@xyflow/react'
import { type Folded, type Place, ROW_GAP } from './fold'
import type { Plan, PlannedNode } from './plan'
import type { StepProgress } from './progress'
import type { WrapFlowEdge } from './wrap-edge'

/** Pixels. What a cell is bigger than its node is room for edges. */
const NODE = { width: 156, height: 54 }
export const CELL = { width: 188, height: 70 }

export interface StepNodeContent extends Record<string, unknown> {
  step: PlannedNode
  progress: StepProgress | undefined
  onOpen: ((step: PlannedNode) => void) | undefined
}
export type StepFlowNode = Node<StepNodeContent, 'step'>

/**
 * Where edges meet a node. Told beforehand, with the measured size: left to the library, edges vanish for a moment each time
 * that a step's status makes the nodes anew.
 */
const HANDLES: NonNullable<Node['handles']> = [
  { type: 'source', position: Position.Right, x: NODE.width, y: NODE.height / 2, width: 0, height: 0 },
  { type: 'target', position: Position.Left, x: 0, y: NODE.height / 2, width: 0, height: 0 },
]

const EDGE_CLASSES = { next: undefined, then: undefined, else: undefined, each: 'step-edge-each', onError: 'step-edge-error' } as const

const ORIGIN: Place = { column: 0, line: 0, rowTop: 0 }

/** To a later row an edge goes through the gap above that row. */
function way(from: Place, to: Place) {
  if (from.rowTop >= to.rowTop) return { type: 'smoothstep' } as const
  const gap = ROW_GAP * CELL.height + CELL.height - NODE.height
  return { type: 'wrap', data: { centerY: to.rowTop * CELL.height - gap / 2 } } as const
}

/** The folded plan in the words of the graph library. */
export function toFlow(plan: Plan, { places }: Folded, progress: Map<string, StepProgress>, onOpen: StepNodeContent['onOpen']) {
  const nodes = plan.nodes.map((step): StepFlowNode => {
    const { column, line } = places.get(step.id) ?? ORIGIN
    return {
      id: step.id,
      type: 'step',
      position: { x: column * CELL.width, y: line * CELL.height },
      ...NODE,
      measured: NODE,
      handles: HANDLES,
      data: { step, progress: progress.get(step.id), onOpen },
    }
  })
  const edges = plan.edges.map((edge): Edge | WrapFlowEdge => ({
    id: edge.id,
    source: edge.from,
    target: edge.to,
    ...way(places.get(edge.from) ?? ORIGIN, places.get(edge.to) ?? ORIGIN),
    animated: progress.get(edge.to)?.status === 'running',
    className: EDGE_CLASSES[edge.kind],
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: 'var(--line-strong)' },
    focusable: false,
  }))
  return { nodes, edges }
}
