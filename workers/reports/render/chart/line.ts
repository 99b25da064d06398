import { scaleLinear, scalePoint } from 'd3-scale'
import { area, curveMonotoneX, line } from 'd3-shape'
import type { ChartBlock } from '../cells'
import { categoryAxis, plotArea, valueAxis } from './axes'
import { legend } from './legend'
import type { ChartFrame, Scene, Shape } from './scene'

type Point = { x: number; y: number | null }

/** More points than this run into each other, so the line alone is drawn. */
const MAX_DOTS = 31

/** Lines through the values, broken where one is missing; a single series is filled below. */
export function lineScene(chart: ChartBlock, frame: ChartFrame): Scene {
  const y = scaleLinear().domain(valueDomain(chart)).nice(4)
  const ticks = y.ticks(4)
  const key = legend(
    chart.series.map((series) => series.name),
    frame,
  )
  const plot = plotArea(ticks, key.height, frame)
  y.range([plot.bottom, plot.top])
  const x = scalePoint<number>()
    .domain(chart.labels.keys())
    .range([plot.left + 4, plot.right - 6])
  const floor = y(y.domain()[0] ?? 0)
  const lines = chart.series.flatMap((series, index) => {
    const points = chart.labels.map((_, at): Point => {
      const value = series.values[at] ?? null
      return { x: x(at) ?? 0, y: value === null ? null : y(value) }
    })
    return [...(chart.series.length === 1 ? fillBelow(points, floor) : []), ...stroke(points, index)]
  })
  const step = Math.max(x.step(), 1)
  return {
    width: frame.width,
    height: frame.height,
    shapes: [
      ...key.shapes,
      ...valueAxis(y, ticks, plot, frame),
      ...lines,
      ...categoryAxis(chart.labels, (at) => x(at) ?? 0, step, plot, frame),
    ],
  }
}

/** From zero unless all values lie far above it, where the shape would be lost. */
function valueDomain(chart: ChartBlock): [number, number] {
  const values = chart.series.flatMap((series) => series.values).filter((value) => value !== null)
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  if (low === high) return low === 0 ? [0, 1] : [Math.min(0, low), Math.max(0, high)]
  const spread = high - low
  return [low >= 0 && low < spread ? 0 : low - spread * 0.15, high + spread * 0.05]
}

const isPresent = (point: Point): boolean => point.y !== null

function fillBelow(points: Point[], floor: number): Shape[] {
  const d = area<Point>()
    .defined(isPresent)
    .x((point) => point.x)
    .y0(floor)
    .y1((point) => point.y ?? floor)
    .curve(curveMonotoneX)(points)
  return d === null ? [] : [{ kind: 'path', d, x: 0, y: 0, fill: { series: 0 }, opacity: 0.12 }]
}

function stroke(points: Point[], series: number): Shape[] {
  const d = line<Point>()
    .defined(isPresent)
    .x((point) => point.x)
    .y((point) => point.y ?? 0)
    .curve(curveMonotoneX)(points)
  const path: Shape[] = d === null ? [] : [{ kind: 'path', d, x: 0, y: 0, stroke: { series }, strokeWidth: 1.6 }]
  const dots =
    points.length > MAX_DOTS
      ? []
      : points.flatMap((point): Shape[] =>
          point.y === null
            ? []
            : [{ kind: 'circle', x: point.x, y: point.y, radius: 2.2, fill: 'surface', stroke: { series }, strokeWidth: 1.2 }],
        )
  return [...path, ...dots]
}
