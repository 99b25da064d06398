import { fitText } from '../chart/scene'
import type { Flow } from './flow'
import { PAGE } from './theme'

/** Foot of every page, drawn last because only then the number of pages is known: the tenant's line, page x of y, and the mark of unverified statements. */
export function drawFooters(flow: Flow, unverified: number): void {
  const { faces, theme, words, branding } = flow.parts
  const style = { size: 7.5, weight: 'regular', color: theme.muted } as const
  const measure = (text: string, size: number) => faces.width(text, size, 'regular')
  const baseline = PAGE.height - 30
  for (const [index, pen] of flow.pens.entries()) {
    pen.line(flow.left, baseline - 14, flow.left + flow.width, baseline - 14, theme.line, 0.4)
    const page = words.page(index + 1, flow.pens.length)
    pen.textRight(page, flow.left + flow.width, baseline, style)
    pen.text(fitText(faces.showable(branding.footer), 7.5, flow.width - measure(page, 7.5) - 16, measure), flow.left, baseline, style)
    if (unverified > 0)
      pen.text(words.unverifiedNotice(unverified), flow.left, baseline + 11, { ...style, size: 6.5, color: theme.notice.text })
  }
}
