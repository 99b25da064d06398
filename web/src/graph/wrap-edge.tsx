import { BaseEdge, type Edge, type EdgeProps, getSmoothStepPath } from '@xyflow/react'

/** An edge from the end of one row to the beginning of a later one. */
export type WrapFlowEdge = Edge<{ centerY: number }, 'wrap'>

/** Runs back in the gap above its target's row, where no node is in the way. */
export function WrapEdge({ sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition, markerEnd, data }: EdgeProps<WrapFlowEdge>) {
  const [path] = getSmoothStepPath({
    sourceX,
    sourceY,
    sourcePosition,
    targetX,
    targetY,
    targetPosition,
    centerY: data?.centerY,
    offset: 16,
  })
  return <BaseEdge path={path} markerEnd={markerEnd} />
}
