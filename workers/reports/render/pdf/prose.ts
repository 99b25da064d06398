import type { ReportBlock } from '../../../domain/reports'
import type { Flow } from './flow'
import { breakLines, type Line } from './inline'
import type { TextStyle } from './pen'

type BlockOf<Kind extends ReportBlock['kind']> = Extract<ReportBlock, { kind: Kind }>

/** Sizes by heading level; `after` is the height to the next block. */
const HEADINGS = {
  1: { size: 16, leading: 21, before: 10, after: 12, bar: true },
  2: { size: 13, leading: 17, before: 8, after: 12, bar: true },
  3: { size: 10.5, leading: 14, before: 2, after: 6, bar: false },
} as const

/** `keep` is what must still fit below, so that no heading ends a page. */
export function drawHeading(flow: Flow, { text, level }: Pick<BlockOf<'heading'>, 'text' | 'level'>, keep: number): void {
  const look = HEADINGS[level]
  const indent = look.bar ? 10 : 0
  const lines = breakLines(
    flow.pieces(text, { size: look.size, weight: 'semibold', color: flow.parts.theme.ink }),
    flow.width - indent,
    flow.parts.faces,
  )
  const height = lines.length * look.leading
  const moved = flow.ensure(look.before + height + look.after + keep)
  if (!moved) flow.y += look.before
  if (look.bar) flow.pen.rect(flow.left, flow.y, 3, height - 2, flow.parts.theme.brand)
  for (const [index, line] of lines.entries()) flow.drawLine(line, flow.left + indent, flow.y + look.size * 0.92 + index * look.leading)
  flow.y += height + look.after
}

const bodyStyle = (flow: Flow): TextStyle => ({ size: 9.5, weight: 'regular', color: flow.parts.theme.body })
const LEADING = 14.5

export function drawText(flow: Flow, { text, cite }: Pick<BlockOf<'text'>, 'text' | 'cite'>): void {
  drawLines(flow, breakLines(flow.pieces(text, bodyStyle(flow), cite), flow.width, flow.parts.faces), 0)
  flow.y += 9
}

export function drawList(flow: Flow, { items }: Pick<BlockOf<'list'>, 'items'>): void {
  for (const item of items) {
    flow.ensure(LEADING)
    const bullet = { x: flow.left + 5, y: flow.y + 6 }
    flow.pen.circle(bullet.x, bullet.y, 1.8, flow.parts.theme.brand, flow.parts.theme.brand, 0)
    drawLines(flow, breakLines(flow.pieces(item.text, bodyStyle(flow), item.cite), flow.width - 14, flow.parts.faces), 14)
    flow.y += 2.5
  }
  flow.y += 7
}

/** Lines go over as many pages as they need; the first two stay together. */
function drawLines(flow: Flow, lines: Line[], indent: number): void {
  flow.ensure(Math.min(lines.length, 2) * LEADING)
  for (const line of lines) {
    flow.ensure(LEADING)
    flow.drawLine(line, flow.left + indent, flow.y + 9)
    flow.y += LEADING
  }
}

/** The amber line that says that a statement has no verified source. */
export function drawNotice(flow: Flow, text: string): void {
  const { theme, faces } = flow.parts
  const style: TextStyle = { size: 8.5, weight: 'semibold', color: theme.notice.text }
  const lines = breakLines([{ text: faces.showable(text), style }], flow.width - 34, faces)
  const height = 13 + lines.length * 12
  flow.pen.roundRect(flow.left, flow.y, flow.width, height, 5, { fill: theme.notice.fill, stroke: theme.notice.edge, strokeWidth: 0.8 })
  flow.pen.text('⚠', flow.left + 10, flow.y + 16, { ...style, size: 10 })
  for (const [index, line] of lines.entries()) flow.drawLine(line, flow.left + 26, flow.y + 15.5 + index * 12)
  flow.y += height + 18
}
