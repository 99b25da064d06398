import type { ChartBlock } from '../cells'
import { chartScene, chartTitle } from '../chart'
import { fitText, type Paint, type Shape } from '../chart/scene'
import type { Flow } from './flow'
import type { Pen } from './pen'
import type { Theme } from './theme'

const GAP = 16
const PLOT_HEIGHT = 150
/** A ring with its legend beside it across the whole width needs less. */
const DONUT_HEIGHT = { least: 100, row: 19 } as const
const CARD = { padding: 12, title: 30 } as const

/** Up to two charts side by side; one alone takes the whole width. */
export function drawCharts(flow: Flow, charts: ChartBlock[]): void {
  for (let first = 0; first < charts.length; first += 2) {
    const row = charts.slice(first, first + 2)
    const width = (flow.width - (row.length - 1) * GAP) / row.length
    const height = rowHeight(row)
    flow.ensure(height)
    for (const [column, chart] of row.entries()) drawCard(flow, chart, { x: flow.left + column * (width + GAP), width, height })
    flow.y += height + 20
  }
}

/** Height of the first row of charts, which a heading above them stays with. */
export function rowHeight([first, second]: ChartBlock[]): number {
  const plot =
    first?.chart === 'donut' && !second ? Math.max(DONUT_HEIGHT.least, Math.min(first.labels.length, 8) * DONUT_HEIGHT.row) : PLOT_HEIGHT
  return plot + CARD.title + CARD.padding
}

function drawCard(flow: Flow, chart: ChartBlock, { x, width, height }: { x: number; width: number; height: number }): void {
  const { theme, faces, formats, words } = flow.parts
  const measure = (text: string, size: number, strong?: boolean) => faces.width(text, size, strong ? 'semibold' : 'regular')
  const inner = width - 2 * CARD.padding
  flow.pen.roundRect(x, flow.y, width, height, 6, { fill: theme.white, stroke: theme.line, strokeWidth: 0.8 })
  const title = fitText(faces.showable(chartTitle(chart)), 9, inner, measure, true)
  flow.pen.text(title, x + CARD.padding, flow.y + 18, { size: 9, weight: 'semibold', color: theme.ink })
  const shown = {
    ...chart,
    labels: chart.labels.map(faces.showable),
    series: chart.series.map((series) => ({ ...series, name: faces.showable(series.name) })),
  }
  const scene = chartScene(shown, {
    width: inner,
    height: height - CARD.title - CARD.padding,
    measure,
    formatValue: formats.number,
    formatTick: formats.short,
    formatShare: formats.percent,
    words,
  })
  const easel: Easel = { pen: flow.pen, left: x + CARD.padding, top: flow.y + CARD.title, theme, measure }
  for (const shape of scene.shapes) drawShape(easel, shape)
}

type Measure = (text: string, size: number, strong?: boolean) => number

/** Where a scene is drawn and with which colours. */
interface Easel {
  pen: Pen
  left: number
  top: number
  theme: Theme
  measure: Measure
}

type ShapeOf<Kind extends Shape['kind']> = Extract<Shape, { kind: Kind }>

const DRAW: { [Kind in Shape['kind']]: (easel: Easel, shape: ShapeOf<Kind>) => void } = {
  path: ({ pen, left, top, theme }, shape) =>
    pen.path(shape.d, left + shape.x, top + shape.y, {
      ...(shape.fill !== undefined && { fill: colorOf(shape.fill, theme) }),
      ...(shape.stroke !== undefined && { stroke: colorOf(shape.stroke, theme), strokeWidth: shape.strokeWidth }),
      ...(shape.opacity !== undefined && { opacity: shape.opacity }),
    }),
  line: ({ pen, left, top, theme }, shape) =>
    pen.line(left + shape.x1, top + shape.y1, left + shape.x2, top + shape.y2, colorOf(shape.paint, theme), shape.width),
  circle: ({ pen, left, top, theme }, shape) =>
    pen.circle(left + shape.x, top + shape.y, shape.radius, colorOf(shape.fill, theme), colorOf(shape.stroke, theme), shape.strokeWidth),
  text: ({ pen, left, top, theme, measure }, shape) => {
    const back = { start: 0, middle: 0.5, end: 1 }[shape.anchor] * measure(shape.text, shape.size, shape.strong)
    const style = { size: shape.size, weight: shape.strong ? 'semibold' : 'regular', color: colorOf(shape.paint, theme) } as const
    pen.text(shape.text, left + shape.x - back, top + shape.y, style)
  },
}

function drawShape<Kind extends Shape['kind']>(easel: Easel, shape: ShapeOf<Kind>): void {
  const drawKind: (easel: Easel, shape: ShapeOf<Kind>) => void = DRAW[shape.kind as Kind]
  drawKind(easel, shape)
}

function colorOf(paint: Paint, theme: Theme): string {
  if (typeof paint === 'object') return theme.series[paint.series % theme.series.length] ?? theme.ink
  return { ink: theme.ink, muted: theme.muted, grid: theme.line, surface: theme.white }[paint]
}
