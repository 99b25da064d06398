import type { Cell, Citation, Report, ReportBlock } from '../domain/reports'
import { type Figure, figuresOf, sameFigure } from '../skills/citations/figures'
import { placeOf } from '../skills/citations/place'

/** A figure that a report states with sources, none of which states it. */
export interface UnprovenFigure {
  /** As the report writes it. */
  figure: string
  /** Indexes of the citations that were named for it. */
  cite: number[]
}

interface Stated {
  text: string
  cite: number[]
  /** A cell names the exact place of its value; a sentence may put together what stands on the cited pages. */
  isCell: boolean
}

/**
 * The figures of a report that do not stand where it says: by value, in any way of writing. `pageOf` gives the text of a citation's
 * page, where it is stored. Statements without a source are not held against anything; neither is what was computed from several.
 */
export function unprovenFigures(
  report: Pick<Report, 'blocks' | 'citations'>,
  pageOf: (citation: number) => string | undefined,
): UnprovenFigure[] {
  return report.blocks.flatMap(statedIn).flatMap(({ text, cite, isCell }) => {
    const quotes = cite.flatMap((index) => report.citations[index]?.span?.quote ?? [])
    if (quotes.length === 0) return []
    const sources = isCell ? quotes : [...quotes, ...cite.flatMap((index) => pageOf(index) ?? [])]
    if (sources.some((source) => placeOf(text, source) !== undefined)) return []
    const held = sources.flatMap(figuresOf)
    return figuresOf(text)
      .filter((figure) => !held.some((other) => sameFigure(figure, other) || isShareOf(figure, other)))
      .map((figure) => ({ figure: figure.text, cite }))
  })
}

function statedIn(block: ReportBlock): Stated[] {
  if (block.kind === 'text') return stated(block.text, block.cite, false)
  if (block.kind === 'list') return block.items.flatMap(({ text, cite }) => stated(text, cite, false))
  if (block.kind === 'kpis') return block.tiles.flatMap(({ value, change, cite }) => stated(`${value}\n${change ?? ''}`, cite, false))
  if (block.kind === 'table') return [...block.rows, ...(block.totals ? [block.totals] : [])].flat().flatMap(statedInCell)
  return []
}

function statedInCell(cell: Cell): Stated[] {
  if (cell === null || typeof cell !== 'object' || cell.value === null) return []
  return stated(String(cell.value), cell.cite, true)
}

const stated = (text: string, cite: number[] | undefined, isCell: boolean): Stated[] =>
  cite !== undefined && cite.length > 0 ? [{ text, cite, isCell }] : []

/** Cells hold 19 % as 0.19. */
const isShareOf = (figure: Figure, other: Figure): boolean =>
  other.kind === 'percent' &&
  figure.readings.some((reading) => other.readings.includes(String(Number((Number(reading) * 100).toPrecision(12)))))

/** The citations with those marked unverified that were named for a figure and do not prove it. */
export function withProof(citations: readonly Citation[], unproven: readonly UnprovenFigure[]): Citation[] {
  const wrong = new Set(unproven.flatMap(({ cite }) => cite))
  return citations.map((citation, index) => (wrong.has(index) ? { ...citation, status: 'unverified' } : citation))
}
