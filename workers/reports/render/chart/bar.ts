import { type ScaleLinear, scaleBand, scaleLinear } from 'd3-scale'
import type { ChartBlock } from '../cells'
import { greatest } from '../greatest'
import { categoryAxis, plotArea, valueAxis } from './axes'
import { legend } from './legend'
import { barPath, type ChartFrame, type Scene, type Shape } from './scene'

/** Upright bars from zero, series side by side; a missing value leaves its place empty. */
export function barScene(chart: ChartBlock, frame: ChartFrame): Scene {
  const y = valueScale(chart)
  const ticks = y.ticks(4)
  const names = chart.series.map((series) => series.name)
  const key = legend(names, frame)
  const plot = plotArea(ticks, key.height, frame)
  y.range([plot.bottom, plot.top])
  const padding = chart.labels.length < 4 ? 0.5 : 0.3
  // Bands by index, because two categories may have the same label.
  const x = scaleBand<number>()
    .domain(chart.labels.keys())
    .range([plot.left + 2, plot.right - 2])
    .padding(padding)
  const middle = (index: number) => (x(index) ?? 0) + x.bandwidth() / 2
  const room = Math.min(x.bandwidth() / names.length, 46)
  const gap = names.length > 1 ? Math.min(1, room * 0.1) : 0
  const bars = chart.series.flatMap(({ values }, series) =>
    chart.labels.flatMap((_, index) => bar(values[index], series, middle(index) + (series - names.length / 2) * room, room - gap, y)),
  )
  const { width, height } = frame
  return {
    width,
    height,
    shapes: [...key.shapes, ...valueAxis(y, ticks, plot, frame), ...bars, ...categoryAxis(chart.labels, middle, x.step(), plot, frame)],
  }
}

function valueScale({ series }: ChartBlock): ScaleLinear<number, number> {
  const values = series.flatMap((one) => one.values).filter((value) => value !== null)
  const [low, high] = [-greatest(values, (value) => -value), greatest(values, (value) => value)]
  return scaleLinear()
    .domain(low === high ? [0, 1] : [low, high])
    .nice(4)
}

function bar(value: number | null | undefined, series: number, x: number, width: number, y: ScaleLinear<number, number>): Shape[] {
  if (value === null || value === undefined || value === 0) return []
  const [top, bottom] = [y(Math.max(0, value)), y(Math.min(0, value))]
  return [{ kind: 'path', d: barPath(width, bottom - top, value < 0), x, y: top, fill: { series } }]
}
