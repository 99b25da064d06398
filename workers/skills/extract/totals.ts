import { findAmounts } from '../text/amounts'
import type { Line } from '../text/lines'
import { type Candidate, findKnown } from './labelled'
import type { ReaderOptions } from './readers'

export interface Totals {
  net?: Candidate
  tax?: Candidate
  gross?: Candidate
  /** Net and tax add up to gross. */
  proven: boolean
}

/** Sums may be off by a rounded cent on each side. */
export const TOLERANCE = 0.02
const MAX_CANDIDATES = 14
/** A sum that adds up outweighs a doubtful label. */
const PROOF = 0.5

const amount = (candidate: Candidate): number => (typeof candidate.normalized === 'number' ? candidate.normalized : Number.NaN)

/** One candidate for each value, raised a little by every other place that says the same. */
function byValue(candidates: Candidate[]): Candidate[] {
  const groups = new Map<number, Candidate>()
  for (const candidate of candidates) {
    const known = groups.get(amount(candidate))
    if (known) groups.set(amount(candidate), { ...known, score: known.score + 0.04 })
    else groups.set(amount(candidate), candidate)
  }
  return [...groups.values()].sort((a, b) => b.score - a.score).slice(0, MAX_CANDIDATES)
}

/** Tables that sum up taxes again repeat words such as total beside net amounts. */
const TAX_SUMMARY =
  /^(?:gst|tax|vat|mwst|ust|steuer|tva|iva|btw)[- ]?(?:summary|analysis|übersicht|aufstellung|aufschlüsselung|breakdown)/iu
const IN_SUMMARY = 0.6
/** What was paid less the change is the total: as good a proof as a sum. */
const PAID = 0.6

/** Gross totals weighed by where they stand and by what was paid. */
function weighGross(lines: Line[], grosses: Candidate[], options: ReaderOptions): Candidate[] {
  const summary = lines.find((line) => TAX_SUMMARY.test(line.cells[0]?.text ?? ''))?.index ?? Number.POSITIVE_INFINITY
  const changes = findKnown(lines, 'change', options).slice(0, 2).map(amount)
  const paid = findKnown(lines, 'paid', options)
    .slice(0, 4)
    .flatMap((candidate) => changes.map((change) => amount(candidate) - change))
  return grosses
    .map((candidate) => {
      const place = candidate.line > summary ? IN_SUMMARY : 1
      const proof = amount(candidate) > 0 && paid.some((value) => Math.abs(value - amount(candidate)) < 0.005) ? PAID : 0
      return { ...candidate, score: candidate.score * place + proof }
    })
    .sort((a, b) => b.score - a.score)
}

interface Triple {
  net: Candidate
  tax: Candidate
  gross: Candidate
  score: number
}

/** The best three amounts of which two add up to the third. */
function bestTriple(nets: Candidate[], taxes: Candidate[], grosses: Candidate[]): Triple | undefined {
  const largest = Math.max(...grosses.map(amount))
  let best: Triple | undefined
  for (const gross of grosses) {
    for (const net of nets) {
      for (const tax of taxes) {
        if (Math.abs(amount(net) + amount(tax) - amount(gross)) > TOLERANCE || amount(net) === 0) continue
        if (amount(tax) < 0 !== amount(gross) < 0 && amount(tax) !== 0) continue
        const score = gross.score + 0.5 * net.score + 0.5 * tax.score + 0.2 * (amount(gross) / largest)
        if (!best || score > best.score) best = { net, tax, gross, score }
      }
    }
  }
  return best
}

/** The largest amount that looks like money, where no label names a total. */
function largestAmount(lines: Line[]): Candidate | undefined {
  const all = lines.flatMap((line) =>
    findAmounts(line.text)
      .filter((found) => found.decimals === 2 || found.currency !== undefined)
      .map((found) => ({
        page: line.page,
        line: line.index,
        start: line.start + found.start,
        end: line.start + found.end,
        normalized: found.value,
        ...(found.currency && { currency: found.currency }),
        score: 0.3,
      })),
  )
  return all.sort((a, b) => b.normalized - a.normalized)[0]
}

/** The net, tax and gross total of a document; sums that add up win over labels alone. */
export function findTotals(lines: Line[], options: ReaderOptions): Totals {
  const [nets, taxes] = [byValue(findKnown(lines, 'totalNet', options)), byValue(findKnown(lines, 'totalTax', options))]
  const grosses = byValue(weighGross(lines, findKnown(lines, 'totalGross', options), options))
  const triple = bestTriple(nets, taxes, grosses)
  const top = grosses[0] ?? largestAmount(lines)
  if (!triple || (top && top.score > triple.gross.score + PROOF)) return { net: nets[0], tax: taxes[0], gross: top, proven: false }
  return { ...triple, proven: true }
}
