import type { Span } from '../../domain/documents'
import type { ReportBlock } from '../../domain/reports'
import type { SummaryResult } from '../summary-result'

/** More sentences than this read better as a list, each with its own sources. */
const MAX_PROSE = 3

/** A summary with its sources, where there is one. */
export function summaryBlocks(sentences: SummaryResult | null | undefined, cite: (span: Span) => number[]): ReportBlock[] {
  const told = (sentences ?? []).filter((sentence) => sentence.text.trim() !== '')
  const items = told.map(({ text, spans }) => ({ text: text.trim(), cite: [...new Set((spans ?? []).flatMap((span) => cite(span)))] }))
  if (items.length === 0) return []
  if (items.length > MAX_PROSE) return [{ kind: 'list', items }]
  return [{ kind: 'text', text: items.map((item) => item.text).join(' '), cite: [...new Set(items.flatMap((item) => item.cite))] }]
}
