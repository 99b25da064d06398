import { Controls, ReactFlow, ReactFlowProvider } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import './step-graph.css'
import { useEffect, useMemo, useRef, useState } from 'react'
import { classNames } from '../components/class-names'
import { CELL, type StepNodeContent, toFlow } from './flow'
import { type Folded, foldPlan } from './fold'
import type { Plan } from './plan'
import type { StepProgress } from './progress'
import { StepNode } from './step-node'
import { WrapEdge } from './wrap-edge'

interface StepGraphProps {
  label: string
  plan: Plan
  progress?: Map<string, StepProgress>
  onOpen?: StepNodeContent['onOpen']
}

/** Nodes are drawn no smaller than this where the plan can be folded instead. */
const SMALLEST = 0.82
/** Below this width there is no moving by hand: a finger on the graph must scroll the page. */
const TOUCH_WIDTH = 640
const NODE_TYPES = { step: StepNode }
const EDGE_TYPES = { wrap: WrapEdge }
const NO_PROGRESS = new Map<string, StepProgress>()

/** Steps as a graph, folded into rows that fit. It can be moved and zoomed, not edited. */
export function StepGraph({ label, plan, progress = NO_PROGRESS, onOpen }: StepGraphProps) {
  const frame = useRef<HTMLElement>(null)
  const width = useFrameWidth(frame)
  const perRow = Math.max(2, Math.floor(width / (CELL.width * SMALLEST)))
  const folded = useMemo(() => foldPlan(plan.nodes, plan.layers, perRow), [plan, perRow])
  const { nodes, edges } = useMemo(() => toFlow(plan, folded, progress, onOpen), [plan, folded, progress, onOpen])
  return (
    <section ref={frame} aria-label={label} className={classNames('relative', heightClass(folded))}>
      {width > 0 && (
        // A new fold is a new picture, which is fitted into the frame anew.
        <ReactFlowProvider key={width}>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={NODE_TYPES}
            edgeTypes={EDGE_TYPES}
            className={width > TOUCH_WIDTH ? undefined : 'step-graph-still'}
            fitView
            fitViewOptions={FIT}
            minZoom={0.2}
            maxZoom={1.5}
            panOnDrag={width > TOUCH_WIDTH}
            zoomOnPinch={width > TOUCH_WIDTH}
            nodesDraggable={false}
            nodesConnectable={false}
            nodesFocusable={false}
            edgesFocusable={false}
            elementsSelectable={false}
            zoomOnScroll={false}
            preventScrolling={false}
            proOptions={{ hideAttribution: true }}
          >
            {width > TOUCH_WIDTH && <Controls showInteractive={false} position="bottom-right" />}
          </ReactFlow>
        </ReactFlowProvider>
      )}
    </section>
  )
}

const FIT = { padding: '28px', maxZoom: 1 } as const

/** The frame's width in steps, so that dragging a window's edge does not draw anew at every pixel. */
function useFrameWidth(frame: { current: HTMLElement | null }): number {
  const STEP = 20
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const observed = frame.current
    if (observed === null) return
    const observer = new ResizeObserver(() => setWidth(Math.floor(observed.clientWidth / STEP) * STEP))
    observer.observe(observed)
    return () => observer.disconnect()
  }, [frame])
  return width
}

/** Heights to choose from, in lines of steps: class names must stand in the source for Tailwind to find them. */
const HEIGHTS = [
  { lines: 1, name: 'h-28' },
  { lines: 2, name: 'h-44' },
  { lines: 3, name: 'h-60' },
  { lines: 4, name: 'h-80' },
  { lines: 5.5, name: 'h-[26rem]' },
  { lines: 6, name: 'h-[29rem]' },
  { lines: 7, name: 'h-[32rem]' },
  { lines: 9, name: 'h-[40rem]' },
  { lines: 12, name: 'h-[52rem]' },
] as const

const heightClass = ({ lines }: Folded): string => HEIGHTS.find((height) => lines <= height.lines)?.name ?? 'h-[60rem]'
