import { scaleBand, scaleLinear } from 'd3-scale'
import type { ChartBlock } from '../cells'
import { categoryAxis, plotArea, valueAxis } from './axes'
import { legend } from './legend'
import { barPath, type ChartFrame, type Scene, type Shape } from './scene'

/** Upright bars from zero, series side by side; a missing value leaves its place empty. */
export function barScene(chart: ChartBlock, frame: ChartFrame): Scene {
  const values = chart.series.flatMap((series) => series.values).filter((value) => value !== null)
  const y = scaleLinear()
    .domain([Math.min(0, ...values), Math.max(0, ...values)])
    .nice(4)
  if (y.domain()[0] === y.domain()[1]) y.domain([0, 1])
  const ticks = y.ticks(4)
  const key = legend(
    chart.series.map((series) => series.name),
    frame,
  )
  const plot = plotArea(ticks, key.height, frame)
  y.range([plot.bottom, plot.top])
  // Bands by index, because two categories may have the same label.
  const x = scaleBand<number>()
    .domain(chart.labels.keys())
    .range([plot.left + 2, plot.right - 2])
    .padding(chart.labels.length < 4 ? 0.5 : 0.3)
  const width = Math.min(x.bandwidth(), 46 * chart.series.length)
  const start = (index: number) => (x(index) ?? 0) + (x.bandwidth() - width) / 2
  const bars = chart.series.flatMap((series, s) =>
    chart.labels.flatMap((_, index) => bar(series.values[index], s, start(index), width / chart.series.length)),
  )
  return {
    width: frame.width,
    height: frame.height,
    shapes: [
      ...key.shapes,
      ...valueAxis(y, ticks, plot, frame),
      ...bars,
      ...categoryAxis(chart.labels, (index) => (x(index) ?? 0) + x.bandwidth() / 2, x.step(), plot, frame),
    ],
  }

  function bar(value: number | null | undefined, series: number, left: number, room: number): Shape[] {
    if (value === null || value === undefined || value === 0) return []
    const gap = chart.series.length > 1 ? Math.min(1, room * 0.1) : 0
    const [top, bottom] = [y(Math.max(0, value)), y(Math.min(0, value))]
    return [{ kind: 'path', d: barPath(room - gap, bottom - top, value < 0), x: left + series * room, y: top, fill: { series } }]
  }
}
