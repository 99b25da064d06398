import type { ChartBlock } from '../cells'
import { greatest } from '../greatest'
import { type ChartFrame, fitText, LABEL_SIZE, rectPath, type Scene, type Shape } from './scene'

/** More rows than this are too thin to read. */
const MAX_ROWS = 14

/** One series without negative values, whose labels are too long to stand side by side. */
export function readsBetterLying({ labels, series }: ChartBlock, { width, measure }: ChartFrame): boolean {
  const [only, ...others] = series
  if (!only || others.length > 0 || labels.length > MAX_ROWS || only.values.some((value) => value !== null && value < 0)) return false
  return labels.some((label) => measure(label, LABEL_SIZE) > (width / labels.length) * 0.8)
}

/** A row for each category: its label, a bar, the value at the end of the bar. */
export function lyingBarScene({ labels, series }: ChartBlock, frame: ChartFrame): Scene {
  const { width, height, measure } = frame
  const values = labels.map((_, index) => series[0]?.values[index] ?? null)
  const shown = values.map((value) => (value === null ? '' : frame.formatTick(value)))
  const left =
    Math.min(
      greatest(labels, (label) => measure(label, LABEL_SIZE)),
      width * 0.42,
    ) + 7
  const right = width - greatest(shown, (text) => measure(text, LABEL_SIZE, true)) - 6
  const most = greatest(values, (value) => value ?? 0) || 1
  const row = Math.min(24, height / labels.length)
  const top = (height - row * labels.length) / 2
  const shapes = labels.flatMap((label, index) => {
    const bar = ((values[index] ?? 0) / most) * (right - left)
    return rowShapes(fitText(label, LABEL_SIZE, left - 7, measure), shown[index] ?? '', {
      left,
      bar,
      middle: top + (index + 0.5) * row,
      row,
    })
  })
  return { width, height, shapes }
}

function rowShapes(
  label: string,
  value: string,
  { left, bar, middle, row }: { left: number; bar: number; middle: number; row: number },
): Shape[] {
  const thickness = Math.min(12, row * 0.66)
  const baseline = middle + 2.5
  return [
    { kind: 'text', x: left - 7, y: baseline, text: label, size: LABEL_SIZE, anchor: 'end', paint: 'muted' },
    ...(bar > 0
      ? [{ kind: 'path', d: rectPath(bar, thickness), x: left, y: middle - thickness / 2, fill: { series: 0 } } satisfies Shape]
      : []),
    { kind: 'text', x: left + bar + 4, y: baseline, text: value, size: LABEL_SIZE, anchor: 'start', paint: 'ink', strong: true },
  ]
}
