import type { Citation } from '../../../domain/reports'
import type { Flow } from './flow'
import { breakLines } from './inline'
import type { Pen, TextStyle } from './pen'
import { drawHeading } from './prose'
import { PAGE, type Theme } from './theme'

interface Place {
  pen: Pen
  y: number
}

/** The numbered list of sources with their status and quoted text; every `[n]` drawn before leads to its entry. */
export function drawSources(flow: Flow): void {
  const { report, words } = flow.parts
  if (report.citations.length === 0) return
  drawHeading(flow, { text: words.sources, level: 2 }, 30)
  const places = report.citations.map((citation, index) => drawSource(flow, citation, index))
  for (const mark of flow.marks) {
    const place = places[mark.index]
    if (!place) continue
    const { pen, x, top, width, height } = mark
    const bottom = PAGE.height - top - height
    const link = {
      Type: 'Annot',
      Subtype: 'Link',
      Rect: [x, bottom, x + width, bottom + height],
      Border: [0, 0, 0],
      Dest: [place.pen.page.ref, 'XYZ', null, PAGE.height - place.y + 12, null],
    }
    const { context } = flow.parts.document
    pen.page.node.addAnnot(context.register(context.obj(link)))
  }
}

const INDENT = 26
const STATUS_WIDTH = 74
const LEADING = 11.5

function drawSource(flow: Flow, citation: Citation, index: number): Place {
  const { faces, theme, words } = flow.parts
  const small: TextStyle = { size: 8.5, weight: 'regular', color: theme.ink }
  const width = flow.width - INDENT - STATUS_WIDTH
  const quote = citation.span?.quote
    ? [{ text: ` “${faces.showable(shorten(citation.span.quote))}”`, style: { ...small, size: 8, color: theme.muted } }]
    : []
  const lines = breakLines([{ text: faces.showable(citation.label), style: small }, ...quote], width, faces)
  const status: TextStyle = { size: 8, weight: 'semibold', color: statusColor(citation.status, theme) }
  flow.ensure(Math.min(lines.length, 4) * LEADING + 4)
  const place = { pen: flow.pen, y: flow.y }
  flow.pen.text(`[${index + 1}]`, flow.left, flow.y + 9, { size: 8.5, weight: 'semibold', color: theme.brandText })
  for (const [number, line] of lines.entries()) {
    flow.ensure(LEADING)
    flow.drawLine(line, flow.left + INDENT, flow.y + 9)
    if (number === 0) flow.pen.textRight(words.status[citation.status], flow.left + flow.width, flow.y + 9, status)
    flow.y += LEADING
  }
  flow.y += 4
  return place
}

const MAX_QUOTE = 240

function shorten(quote: string): string {
  const flat = quote.replace(/\s+/g, ' ').trim()
  return flat.length <= MAX_QUOTE ? flat : `${Array.from(flat).slice(0, MAX_QUOTE).join('').trimEnd()}…`
}

const statusColor = (status: Citation['status'], theme: Theme): string =>
  ({ verified: theme.good, repaired: theme.brandText, unverified: theme.notice.text })[status]
