import type { Cell, Report, ReportBlock } from '../domain/reports'
import { figuresOf } from '../skills/citations/figures'
import { labelsFor } from './labels'

/** More figures than this are not named one by one. */
const MAX_NAMED = 5

type Evidence = { cite?: number[] | undefined; own?: boolean | undefined }

/**
 * The report with a citation that nothing bears out for what states a figure without naming a source: text, items of lists, cells and
 * tiles. Free of it is what its author calls `own`, and what states no figure. A cite that names no citation of the report is none.
 */
export function withEvidence(report: Report): Report {
  const bare: string[] = []
  const missing = report.citations.length
  const isProven = ({ cite, own }: Evidence) => own === true || cite?.some((index) => index < missing && index >= 0) === true
  const held = <Part extends Evidence>(part: Part, ...texts: (string | undefined)[]): Part => {
    const figures = isProven(part) ? [] : texts.flatMap((text) => figuresOf(text ?? '').map((figure) => figure.text))
    if (figures.length === 0) return part
    bare.push(...figures)
    return { ...part, cite: [missing] }
  }
  const cell = (given: Cell): Cell => {
    const full = given === null || typeof given !== 'object' ? { value: given } : given
    const checked = held(full, full.value === null ? undefined : String(full.value))
    return checked === full ? given : checked
  }
  const blocks = report.blocks.map((block): ReportBlock => {
    if (block.kind === 'text') return held(block, block.text)
    if (block.kind === 'list') return { ...block, items: block.items.map((item) => held(item, item.text)) }
    if (block.kind === 'kpis') return { ...block, tiles: block.tiles.map((tile) => held(tile, tile.value, tile.change)) }
    if (block.kind !== 'table') return block
    return { ...block, rows: block.rows.map((row) => row.map(cell)), ...(block.totals && { totals: block.totals.map(cell) }) }
  })
  if (bare.length === 0) return report
  const named = `${[...new Set(bare)].slice(0, MAX_NAMED).join(', ')}${new Set(bare).size > MAX_NAMED ? ' …' : ''}`
  return { ...report, blocks, citations: [...report.citations, { label: labelsFor(report.locale).noSource(named), status: 'unverified' }] }
}
