import { arc, type PieArcDatum, pie } from 'd3-shape'
import type { ChartBlock } from '../cells'
import { type ChartFrame, fitText, rectPath, type Scene, type Shape, twoLines } from './scene'
import { type Slice, slicesOf } from './slices'

/** From this width on, each row of the legend has a bar of its share. */
const WIDE = 380

/** Where the ring and its legend stand. */
interface Place {
  frame: ChartFrame
  total: number
  rows: number
  radius: number
  centerX: number
  /** Left end of the legend. */
  left: number
  wide: boolean
}

/** Shares of a whole, with a legend that names each value and share. Negative and missing values have no share and are left out. */
export function donutScene(chart: ChartBlock, frame: ChartFrame): Scene {
  const slices = slicesOf(chart, frame.words.other)
  const wide = frame.width >= WIDE
  const radius = Math.min(frame.height / 2 - 4, frame.width * (wide ? 0.2 : 0.185), 56)
  const centerX = radius + (wide ? 22 : 2)
  const total = slices.reduce((sum, slice) => sum + slice.value, 0)
  const place: Place = { frame, total, rows: slices.length, radius, centerX, left: centerX + radius + (wide ? 34 : 13), wide }
  const { width, height } = frame
  return {
    width,
    height,
    shapes: [...ring(slices, place), ...slices.flatMap((slice, series) => (wide ? wideRow : narrowRow)(slice, series, place))],
  }
}

function ring(slices: Slice[], { frame, total, radius, centerX }: Place): Shape[] {
  const layout = pie<Slice>()
    .sort(null)
    .value((slice) => slice.value)
    .padAngle(slices.length > 1 ? 0.02 : 0)
  const shape = arc<PieArcDatum<Slice>>()
    .innerRadius(radius * 0.58)
    .outerRadius(radius)
    .cornerRadius(2)
  const y = frame.height / 2
  const sum = fitText(frame.formatTick(total), 10, radius * 1.05, frame.measure, true)
  return [
    ...layout(slices).map((datum, series): Shape => ({ kind: 'path', d: shape(datum) ?? '', x: centerX, y, fill: { series } })),
    { kind: 'text', x: centerX, y: y + 3.5, text: sum, size: 10, anchor: 'middle', paint: 'ink', strong: true },
  ]
}

/** Middle of a row of the legend. */
function rowY({ frame, rows }: Place, series: number): number {
  const row = Math.min(frame.width >= WIDE ? 22 : 26, (frame.height - 4) / rows)
  return frame.height / 2 + (series - (rows - 1) / 2) * row
}

const swatch = (x: number, y: number, series: number): Shape => ({ kind: 'path', d: rectPath(8, 8), x, y: y - 4, fill: { series } })

/** Label, value and share, and a bar of the share. */
function wideRow(slice: Slice, series: number, place: Place): Shape[] {
  const { frame, left, total } = place
  const size = 8.5
  const y = rowY(place, series)
  const share = slice.value / total
  const figure = `${frame.formatValue(slice.value)} · ${frame.formatShare(share)}`
  const end = left + (frame.width - left) * 0.6
  const label = fitText(slice.label, size, end - left - 22 - frame.measure(figure, size, true), frame.measure)
  const bar = { x: end + 16, width: frame.width - 8 - end - 16 }
  return [
    swatch(left, y, series),
    { kind: 'text', x: left + 14, y: y + 3, text: label, size, anchor: 'start', paint: 'ink' },
    { kind: 'text', x: end, y: y + 3, text: figure, size, anchor: 'end', paint: 'ink', strong: true },
    { kind: 'path', d: rectPath(bar.width, 4.5), x: bar.x, y: y - 2, fill: 'grid' },
    { kind: 'path', d: rectPath(Math.max(0.5, bar.width * share), 4.5), x: bar.x, y: y - 2, fill: { series } },
  ]
}

/** Label, on two lines where it must, and share. */
function narrowRow(slice: Slice, series: number, place: Place): Shape[] {
  const { frame, left, total, rows } = place
  const size = 7.5
  const y = rowY(place, series)
  const share = frame.formatShare(slice.value / total)
  const room = frame.width - left - 12 - frame.measure(share, size, true) - 6
  const lines = rows > 5 ? [fitText(slice.label, size, room, frame.measure)] : twoLines(slice.label, size, room, frame.measure)
  const first = y + 2.7 - (lines.length - 1) * 4.5
  return [
    swatch(left, y, series),
    ...lines.map((text, index): Shape => ({ kind: 'text', x: left + 12, y: first + index * 9, text, size, anchor: 'start', paint: 'ink' })),
    { kind: 'text', x: frame.width, y: y + 2.7, text: share, size, anchor: 'end', paint: 'ink', strong: true },
  ]
}
