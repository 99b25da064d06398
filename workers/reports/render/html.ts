import type { Branding, Report, ReportBlock } from '../../domain/reports'
import { type ChartBlock, unverifiedCount } from './cells'
import { formatsFor } from './formats'
import { blockHtml, chartsHtml, type HtmlContext, imageUrl, sourcesHtml } from './html/blocks'
import { escapeHtml } from './html/escape'
import { styleSheet } from './html/style'
import { wordsFor } from './words'

/** Nothing is fetched and nothing is run, whatever a text holds: the page says so itself. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** One page that needs nothing else: inline styles and charts, no scripts, light and dark. Every text of the report is escaped. */
export function renderHtml(report: Report, branding: Branding): Uint8Array {
  const context: HtmlContext = { report, formats: formatsFor(report.locale), words: wordsFor(report.locale) }
  const unverified = unverifiedCount(report.citations)
  const notice = unverified > 0 ? `<p class="notice" role="note">${escapeHtml(context.words.unverifiedNotice(unverified))}</p>` : ''
  const page = `<!doctype html>
<html lang="${escapeHtml(report.locale)}">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(report.title)}</title><style>${styleSheet(branding)}</style></head>
<body>${bandHtml(report, branding, context)}
<main class="wrap">${notice}${blocksHtml(report.blocks, context)}${sourcesHtml(context)}</main>
<footer><div class="wrap">${escapeHtml(branding.footer)}</div></footer></body>
</html>
`
  return new TextEncoder().encode(page)
}

function bandHtml(report: Report, branding: Branding, { formats }: HtmlContext): string {
  const date = formats.date(report.createdAt.slice(0, 10))
  const logo = branding.logo
    ? `<img src="${imageUrl(branding.logo, 'logo in the branding settings')}" alt="${escapeHtml(branding.name)}">`
    : ''
  const subtitle = report.subtitle ? `${report.subtitle} · ${date}` : date
  return `<header class="band"><div class="wrap"><div><p>${escapeHtml(branding.name)}</p><h1>${escapeHtml(report.title)}</h1><p>${escapeHtml(subtitle)}</p></div>${logo}</div></header>`
}

function blocksHtml(blocks: ReportBlock[], context: HtmlContext): string {
  let html = ''
  let charts: ChartBlock[] = []
  const flush = () => {
    if (charts.length > 0) html += chartsHtml(charts, context)
    charts = []
  }
  for (const block of blocks) {
    if (block.kind === 'chart') charts.push(block)
    else {
      flush()
      html += blockHtml(block, context)
    }
  }
  flush()
  return html
}
