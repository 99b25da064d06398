import type { Report, ReportBlock } from '../../../domain/reports'
import { type ChartBlock, cellText, citeMarks, fullCell, isRightAligned, type TableBlock } from '../cells'
import type { Formats } from '../formats'
import { decodeImage } from '../images'
import type { Words } from '../words'
import { chartFigure } from './chart'
import { escapeHtml } from './escape'

/** What the blocks of one report are written with. */
export interface HtmlContext {
  report: Report
  formats: Formats
  words: Words
}

/** The page's title is the only h1; no level is skipped below it. */
const HEADING = { 1: 2, 2: 2, 3: 3 } as const

const CITE_ID = (index: number) => `source-${index + 1}`

const marks = (cite: number[] | undefined, { report }: HtmlContext): string =>
  citeMarks(cite, report.citations)
    .map((index) => `<sup><a href="#${CITE_ID(index)}">[${index + 1}]</a></sup>`)
    .join('')

const BLOCKS: { [Kind in ReportBlock['kind']]: (block: Extract<ReportBlock, { kind: Kind }>, context: HtmlContext) => string } = {
  heading: ({ text, level }) => `<h${HEADING[level]}>${escapeHtml(text)}</h${HEADING[level]}>`,
  text: ({ text, cite }, context) => `<p>${escapeHtml(text)}${marks(cite, context)}</p>`,
  list: ({ items }, context) => `<ul>${items.map((item) => `<li>${escapeHtml(item.text)}${marks(item.cite, context)}</li>`).join('')}</ul>`,
  kpis: ({ tiles }, context) => `<dl class="kpis">${tiles.map((tile) => tileHtml(tile, context)).join('')}</dl>`,
  table: tableHtml,
  chart: (chart, context) => chartsHtml([chart], context),
  image: imageHtml,
}

export function blockHtml<Kind extends ReportBlock['kind']>(block: Extract<ReportBlock, { kind: Kind }>, context: HtmlContext): string {
  const write: (block: Extract<ReportBlock, { kind: Kind }>, context: HtmlContext) => string = BLOCKS[block.kind as Kind]
  return write(block, context)
}

/** Charts that follow each other share a grid. */
export const chartsHtml = (charts: ChartBlock[], { formats, words }: HtmlContext): string =>
  `<div class="charts">${charts.map((chart) => chartFigure(chart, formats, words)).join('')}</div>`

export function sourcesHtml({ report, words }: HtmlContext): string {
  if (report.citations.length === 0) return ''
  const items = report.citations.map(({ label, span, status }, index) => {
    const quote = span?.quote ? `<q>${escapeHtml(span.quote)}</q>` : ''
    return `<li id="${CITE_ID(index)}">${escapeHtml(label)} <span class="status ${status}">${escapeHtml(words.status[status])}</span>${quote}</li>`
  })
  return `<section class="sources"><h2>${escapeHtml(words.sources)}</h2><ol>${items.join('')}</ol></section>`
}

type Tile = Extract<ReportBlock, { kind: 'kpis' }>['tiles'][number]

function tileHtml({ label, value, change, tone, cite }: Tile, context: HtmlContext): string {
  return `<div><dt>${escapeHtml(label)}${marks(cite, context)}</dt><dd${!change && tone ? ` class="${tone}"` : ''}>${escapeHtml(value)}</dd>${change ? `<dd class="change ${tone ?? ''}">${escapeHtml(change)}</dd>` : ''}</div>`
}

function tableHtml(table: TableBlock, context: HtmlContext): string {
  const head = table.columns
    .map((column) => `<th scope="col"${isRightAligned(column) ? ' class="right"' : ''}>${escapeHtml(column.title)}</th>`)
    .join('')
  const row = (cells: TableBlock['rows'][number]) =>
    `<tr>${table.columns
      .map((column, index) => {
        const cell = fullCell(cells[index])
        const classes = [isRightAligned(column) && typeof cell.value === 'number' ? 'right' : '', cell.tone ?? ''].join(' ').trim()
        return `<td${classes ? ` class="${classes}"` : ''}>${escapeHtml(cellText(cell, column, context.formats))}${marks(cell.cite, context)}</td>`
      })
      .join('')}</tr>`
  const body =
    table.rows.length > 0
      ? table.rows.map(row).join('')
      : `<tr><td class="muted" colspan="${Math.max(1, table.columns.length)}">${escapeHtml(context.words.noRows)}</td></tr>`
  const caption = table.title ? `<caption>${escapeHtml(table.title)}</caption>` : ''
  return `<div class="scroll" tabindex="0"><table>${caption}<thead><tr>${head}</tr></thead><tbody>${body}</tbody>${table.totals ? `<tfoot>${row(table.totals)}</tfoot>` : ''}</table></div>`
}

function imageHtml({ data, alt, caption, width }: Extract<ReportBlock, { kind: 'image' }>): string {
  const size = width === undefined ? '' : ` style="width:${width}pt"`
  return `<figure class="image"><img src="${imageUrl(data, `image "${alt}"`)}" alt="${escapeHtml(alt)}"${size}>${caption ? `<figcaption>${escapeHtml(caption)}</figcaption>` : ''}</figure>`
}

/** A data URL of checked bytes: what is written is the image and no text of the report's author. */
export function imageUrl(base64: string, what: string): string {
  const { kind, bytes } = decodeImage(base64, what)
  return `data:image/${kind};base64,${Buffer.from(bytes).toString('base64')}`
}
