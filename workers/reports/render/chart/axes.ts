import type { ScaleLinear } from 'd3-scale'
import { greatest } from '../greatest'
import { type ChartFrame, fitText, LABEL_SIZE, type Shape } from './scene'

/** The rectangle in which values are drawn. */
export interface Plot {
  left: number
  right: number
  top: number
  bottom: number
}

/** Room for the value labels on the left and the category labels below. */
export function plotArea(ticks: number[], top: number, frame: ChartFrame): Plot {
  const widest = greatest(ticks, (tick) => frame.measure(frame.formatTick(tick), LABEL_SIZE))
  return { left: Math.min(widest + 7, frame.width / 3), right: frame.width - 2, top: top + 4, bottom: frame.height - 16 }
}

/** Horizontal grid lines with their values. */
export function valueAxis(y: ScaleLinear<number, number>, ticks: number[], plot: Plot, frame: ChartFrame): Shape[] {
  return ticks.flatMap((tick): Shape[] => [
    { kind: 'line', x1: plot.left, y1: y(tick), x2: plot.right, y2: y(tick), paint: 'grid', width: tick === 0 ? 0.9 : 0.4 },
    { kind: 'text', x: plot.left - 5, y: y(tick) + 2.5, text: frame.formatTick(tick), size: LABEL_SIZE, anchor: 'end', paint: 'muted' },
  ])
}

/** Category labels: as many as fit side by side, evenly skipped; a label wider than its room is cut. */
export function categoryAxis(labels: string[], at: (index: number) => number, step: number, plot: Plot, frame: ChartFrame): Shape[] {
  const widest = greatest(labels, (label) => frame.measure(label, LABEL_SIZE)) + 6
  const wanted = Math.min(widest, Math.max(step, 44))
  const every = Math.max(1, Math.ceil(wanted / step))
  return labels.flatMap((label, index): Shape[] => {
    if (index % every !== 0) return []
    const text = fitText(label, LABEL_SIZE, step * every - 3, frame.measure)
    const half = frame.measure(text, LABEL_SIZE) / 2
    const x = Math.min(Math.max(at(index), half), frame.width - half)
    return [{ kind: 'text', x, y: plot.bottom + 11, text, size: LABEL_SIZE, anchor: 'middle', paint: 'muted' }]
  })
}
