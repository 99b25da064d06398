import { PDFDocument } from 'pdf-lib'
import type { Branding, Report, ReportBlock } from '../../domain/reports'
import { type ChartBlock, unverifiedCount } from './cells'
import type { LoadFonts } from './fonts'
import { formatsFor } from './formats'
import { drawBand } from './pdf/band'
import { drawCharts, rowHeight } from './pdf/chart'
import { embedFaces } from './pdf/faces'
import { Flow, type FlowParts } from './pdf/flow'
import { drawFooters } from './pdf/footer'
import { drawKpis } from './pdf/kpis'
import { drawImage, embedImage } from './pdf/picture'
import { drawHeading, drawList, drawNotice, drawText } from './pdf/prose'
import { drawSources } from './pdf/sources'
import { drawTable, TABLE_LEAD } from './pdf/table'
import { createTheme } from './pdf/theme'
import { wordsFor } from './words'

type Draw<Kind extends ReportBlock['kind']> = (
  flow: Flow,
  block: Extract<ReportBlock, { kind: Kind }>,
  keep: number,
) => void | Promise<void>

const BLOCKS: { [Kind in ReportBlock['kind']]: Draw<Kind> } = {
  heading: drawHeading,
  text: drawText,
  list: drawList,
  kpis: (flow, block) => drawKpis(flow, block.tiles),
  table: drawTable,
  chart: (flow, block) => drawCharts(flow, [block]),
  image: drawImage,
}

/** Height that the start of a block takes, which a heading before it stays with. */
const LEAD: Record<ReportBlock['kind'], number> = {
  heading: 40,
  text: 34,
  list: 30,
  kpis: 60,
  table: TABLE_LEAD,
  chart: 192,
  image: 160,
}

/**
 * The report as an A4 PDF with embedded subsets of the given fonts. Characters outside them are shown as □.
 * Refuses a logo or image that is no readable PNG or JPEG, and a locale that is no language tag, with `invalid`.
 */
export async function renderPdf(report: Report, branding: Branding, loadFonts: LoadFonts): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  describe(document, report, branding)
  const parts: FlowParts = {
    document,
    report,
    branding,
    faces: await embedFaces(document, await loadFonts()),
    theme: createTheme(branding),
    formats: formatsFor(report.locale),
    words: wordsFor(report.locale),
  }
  const flow = new Flow(parts)
  drawBand(flow, branding.logo ? await embedImage(document, branding.logo, 'logo in the branding settings') : undefined)
  const unverified = unverifiedCount(report.citations)
  if (unverified > 0) drawNotice(flow, parts.words.unverifiedNotice(unverified))
  await drawBlocks(flow, withChartsPaired(report.blocks))
  drawSources(flow)
  drawFooters(flow, unverified)
  return document.save()
}

type Group = ReportBlock | ChartBlock[]

async function drawBlocks(flow: Flow, groups: Group[]): Promise<void> {
  for (const [index, group] of groups.entries()) {
    if (Array.isArray(group)) drawCharts(flow, group)
    else await draw(flow, group, leadOf(groups.slice(index + 1, index + 4)))
  }
}

/** What a heading must have room for: the start of what it is about, over further headings. */
function leadOf([next, ...rest]: Group[]): number {
  if (next === undefined) return 0
  if (Array.isArray(next)) return rowHeight(next)
  return LEAD[next.kind] + (next.kind === 'heading' ? leadOf(rest) : next.kind === 'table' && next.title ? LEAD.heading : 0)
}

function draw<Kind extends ReportBlock['kind']>(
  flow: Flow,
  block: Extract<ReportBlock, { kind: Kind }>,
  keep: number,
): void | Promise<void> {
  const drawBlock: Draw<Kind> = BLOCKS[block.kind as Kind]
  return drawBlock(flow, block, keep)
}

/** Charts that follow each other become one group, so that they can stand side by side. */
function withChartsPaired(blocks: ReportBlock[]): Group[] {
  const grouped: Group[] = []
  for (const block of blocks) {
    const last = grouped[grouped.length - 1]
    if (block.kind !== 'chart') grouped.push(block)
    else if (Array.isArray(last)) last.push(block)
    else grouped.push([block])
  }
  return grouped
}

function describe(document: PDFDocument, report: Report, branding: Branding): void {
  const createdAt = new Date(report.createdAt)
  document.setTitle(report.title, { showInWindowTitleBar: true })
  document.setAuthor(branding.name)
  document.setSubject(report.subtitle)
  document.setLanguage(report.locale)
  document.setProducer('Steward')
  document.setCreator('Steward')
  document.setCreationDate(createdAt)
  document.setModificationDate(createdAt)
}
