import type { Cell, Citation, Column, Report, ReportBlock } from '../../domain/reports'
import type { Formats } from './formats'

export type TableBlock = Extract<ReportBlock, { kind: 'table' }>
export type ChartBlock = Extract<ReportBlock, { kind: 'chart' }>

/** A cell with its optional parts spelt out. */
export interface FullCell {
  value: string | number | null
  cite: number[]
  tone: 'good' | 'bad' | 'muted' | 'strong' | undefined
}

const EMPTY: FullCell = { value: null, cite: [], tone: undefined }

export function fullCell(cell: Cell | undefined): FullCell {
  if (cell === undefined || cell === null) return EMPTY
  if (typeof cell !== 'object') return { value: cell, cite: [], tone: undefined }
  return { value: cell.value, cite: cell.cite ?? [], tone: cell.tone }
}

/** Numbers stand right, text left; a column of money that holds a word keeps the column's side. */
export const isRightAligned = (column: Column): boolean => column.kind === 'number' || column.kind === 'money' || column.kind === 'percent'

export const cellText = (cell: FullCell, column: Column, formats: Formats): string => formats.cell(cell.value, column)

export const tablesOf = (report: Pick<Report, 'blocks'>): TableBlock[] => report.blocks.filter((block) => block.kind === 'table')

export const unverifiedCount = (citations: Citation[]): number => citations.filter((citation) => citation.status === 'unverified').length

/** What a tile is of, with the marks of its sources. */
export const tileLabel = ({ label, cite }: { label: string; cite?: number[] | undefined }, citations: Citation[]): string =>
  [label, ...citeMarks(cite, citations).map((index) => `[${index + 1}]`)].join(' ')

/** The `[n]` marks of a list of citation indexes; an index that points nowhere is left out, because no source stands behind it. */
export const citeMarks = (cite: number[] | undefined, citations: Citation[]): number[] =>
  (cite ?? []).filter((index) => citations[index] !== undefined)
