/** The number, letter or bullet that an item or clause begins with; a quantity, an amount or a date at the beginning is none. */
const MEASURE =
  '(?!(?:euro|eur|usd|gbp|chf|uhr|prozent|stück|tage?|wochen?|monate?|jahre?|meter|liter|cent|dollar|pfund|franken|jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)\\p{L}*)'
/** How an item or clause begins; it ends where its words begin. */
export const MARK = new RegExp(
  `^[ \\t]*(?:[-–—•*▪◦·]|\\(?\\d{1,3}[.)]|\\d{1,2}(?:\\.\\d{1,2}){1,3}\\.?(?=[ \\t]+\\p{L})|§+ ?\\d{1,4}[a-z]?|\\(?[a-z]\\)|\\(?[ivx]{1,4}[.)])[ \\t]+${MEASURE}(?=\\S)`,
  'iu',
)
/** Cells of a row stand apart. */
const ROW = /\S(?:\t| {3,})\S/
/** A longer line after a number is a clause, not its heading. */
const MAX_HEADING = 60

/** Items of lists, rows of tables and headings of clauses, which no full stop parts from what follows, and what stands between them. */
export function itemsOf(text: string): { start: number; end: number }[] {
  const cuts = new Set([0])
  for (const line of text.matchAll(/[^\n]+/g)) {
    const end = line.index + line[0].length
    if (ROW.test(line[0])) {
      cuts.add(line.index).add(end)
      continue
    }
    if (!MARK.test(line[0])) continue
    cuts.add(line.index)
    const isHeading = line[0].trim().length <= MAX_HEADING && !/[.,;:]\s*$/.test(line[0])
    if (isHeading && /^\s*\p{Lu}/u.test(text.slice(end, end + 4))) cuts.add(end)
  }
  const starts = [...cuts].sort((a, b) => a - b)
  return starts.map((start, at) => ({ start, end: starts[at + 1] ?? text.length }))
}
