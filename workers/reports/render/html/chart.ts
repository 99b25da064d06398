import type { ChartBlock } from '../cells'
import { chartScene, chartTitle } from '../chart'
import type { Paint, Shape } from '../chart/scene'
import type { Formats } from '../formats'
import type { Words } from '../words'
import { escapeHtml } from './escape'

const FRAME = { width: 320, height: 190 } as const
/** Width of a character of a wide sans-serif font, as a share of its size: nobody can measure text on the reader's machine. */
const CHARACTER = { regular: 0.6, strong: 0.66 } as const

const measure = (text: string, size: number, strong = false): number =>
  Array.from(text).length * size * (strong ? CHARACTER.strong : CHARACTER.regular)

/** A chart as inline SVG, with its values as a table for those who cannot see it. */
export function chartFigure(chart: ChartBlock, formats: Formats, words: Words): string {
  const scene = chartScene(chart, {
    ...FRAME,
    measure,
    formatValue: formats.number,
    formatTick: formats.short,
    formatShare: formats.percent,
    words,
  })
  const title = escapeHtml(chartTitle(chart))
  const svg = `<svg viewBox="0 0 ${scene.width} ${scene.height}" role="img" aria-label="${title}" font-family="inherit">${scene.shapes.map(svgShape).join('')}</svg>`
  return `<figure><figcaption>${title}</figcaption>${svg}${valueTable(chart, formats)}</figure>`
}

function valueTable(chart: ChartBlock, formats: Formats): string {
  const head = chart.series.map((series) => `<th scope="col">${escapeHtml(series.name)}</th>`).join('')
  const shown = (value: number | null | undefined) => (typeof value === 'number' ? escapeHtml(formats.number(value)) : '')
  const rows = chart.labels.map(
    (label, index) =>
      `<tr><th scope="row">${escapeHtml(label)}</th>${chart.series.map((series) => `<td>${shown(series.values[index])}</td>`).join('')}</tr>`,
  )
  return `<div class="visually-hidden"><table><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

const SHAPES: { [Kind in Shape['kind']]: (shape: Extract<Shape, { kind: Kind }>) => string } = {
  path: (shape) =>
    `<path d="${shape.d}" transform="translate(${shape.x} ${shape.y})" fill="${shape.fill === undefined ? 'none' : colorOf(shape.fill)}"${shape.stroke === undefined ? '' : ` stroke="${colorOf(shape.stroke)}" stroke-width="${shape.strokeWidth ?? 1}"`}${shape.opacity === undefined ? '' : ` opacity="${shape.opacity}"`}/>`,
  line: (shape) =>
    `<line x1="${shape.x1}" y1="${shape.y1}" x2="${shape.x2}" y2="${shape.y2}" stroke="${colorOf(shape.paint)}" stroke-width="${shape.width}"/>`,
  circle: (shape) =>
    `<circle cx="${shape.x}" cy="${shape.y}" r="${shape.radius}" fill="${colorOf(shape.fill)}" stroke="${colorOf(shape.stroke)}" stroke-width="${shape.strokeWidth}"/>`,
  text: (shape) =>
    `<text x="${shape.x}" y="${shape.y}" font-size="${shape.size}" text-anchor="${shape.anchor}" fill="${colorOf(shape.paint)}"${shape.strong ? ' font-weight="600"' : ''}>${escapeHtml(shape.text)}</text>`,
}

function svgShape<Kind extends Shape['kind']>(shape: Extract<Shape, { kind: Kind }>): string {
  const write: (shape: Extract<Shape, { kind: Kind }>) => string = SHAPES[shape.kind as Kind]
  return write(shape)
}

/** As many as the palette has. */
const SERIES_COLORS = 8
const colorOf = (paint: Paint): string => (typeof paint === 'object' ? `var(--series-${paint.series % SERIES_COLORS})` : `var(--${paint})`)
