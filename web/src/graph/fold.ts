import type { PlannedNode } from './plan'

/** A step's place when the plan is folded into rows: columns and lanes from the top left. */
export interface Place {
  column: number
  /** In lanes; halves occur. */
  line: number
  /** The line at which its row begins. */
  rowTop: number
}

export interface Folded {
  places: Map<string, Place>
  columns: number
  lines: number
}

/** Room between two rows, in lanes: edges from the end of one to the beginning of the next run there. */
export const ROW_GAP = 0.5

/**
 * Folds a long plan into rows of about `perRow` layers, as lines of text are broken, so that it stays readable in the width
 * that there is. Rows are of even length, and each is only as high as its own lanes.
 */
export function foldPlan(nodes: PlannedNode[], layers: number, perRow: number): Folded {
  const rows = Math.max(1, Math.ceil(layers / Math.max(1, perRow)))
  const columns = Math.ceil(layers / rows)
  const places = new Map<string, Place>()
  let top = 0
  for (let row = 0; row < rows; row++) {
    const members = nodes.filter((node) => Math.floor(node.layer / columns) === row)
    if (members.length === 0) continue
    const first = Math.min(...members.map((node) => node.lane))
    const last = Math.max(...members.map((node) => node.lane))
    for (const node of members) places.set(node.id, { column: node.layer % columns, line: top + node.lane - first, rowTop: top })
    top += last - first + 1 + ROW_GAP
  }
  return { places, columns, lines: Math.max(0, top - ROW_GAP) }
}
