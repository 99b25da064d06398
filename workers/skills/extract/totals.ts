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

/** Amounts paid less the change given back, where both stand on the document. */
function paidOf(lines: Line[], options: ReaderOptions): number[] {
  const changes = findKnown(lines, 'change', options).slice(0, 2).map(amount)
  return findKnown(lines, 'paid', options)
    .slice(0, 4)
    .flatMap((candidate) => changes.map((change) => Math.round((amount(candidate) - Math.abs(change)) * 100) / 100))
}

const same = (a: number, b: number): boolean => Math.abs(a - b) < 0.005

/** Gross totals weighed by where they stand and by what was paid; an amount that only the payment proves comes last. */
function weighGross(lines: Line[], grosses: Candidate[], options: ReaderOptions): Candidate[] {
  const summary = lines.find((line) => TAX_SUMMARY.test(line.cells[0]?.text ?? ''))?.index ?? Number.POSITIVE_INFINITY
  const paid = paidOf(lines, options).filter((value) => value > 0)
  const isPaid = (candidate: Candidate) => paid.some((value) => same(value, amount(candidate)))
  const proven = grosses.some(isPaid) ? [] : moneyOf(lines).filter(isPaid).slice(0, 1)
  return [...grosses, ...proven]
    .map((candidate) => {
      const place = candidate.line > summary ? IN_SUMMARY : 1
      return { ...candidate, score: candidate.score * place + (isPaid(candidate) ? PAID : 0) }
    })
    .sort((a, b) => b.score - a.score)
}

const ROUNDING = /round|rundung|arrondi|redondeo|arrotondamento|afronding|pembundaran/iu
/** Where the smallest coin is five cents, cash totals are rounded by at most two cents to it. */
const COIN = 0.05
const MAX_ROUNDING = 0.021

/** The total after rounding to the smallest coin, where the document speaks of rounding and shows such an amount. */
function rounded(lines: Line[], gross: Candidate | undefined): Candidate | undefined {
  const at = lines.findIndex((line) => ROUNDING.test(line.text))
  if (!gross || at < 0 || same(amount(gross) / COIN, Math.round(amount(gross) / COIN))) return undefined
  const shown = moneyOf(lines.slice(Math.max(0, at - 2))).find(
    (candidate) =>
      Math.abs(amount(candidate) - amount(gross)) < MAX_ROUNDING &&
      Math.abs(amount(candidate) / COIN - Math.round(amount(candidate) / COIN)) < 0.01,
  )
  return shown && { ...shown, score: gross.score, ...(gross.currency && { currency: gross.currency }) }
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

/** Amounts that look like money, in reading order, wherever they stand. */
const moneyOf = (lines: Line[]): Candidate[] =>
  lines.flatMap((line) =>
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

/** The largest amount that looks like money, where no label names a total. */
const largestAmount = (lines: Line[]): Candidate | undefined => moneyOf(lines).sort((a, b) => amount(b) - amount(a))[0]

/** The net, tax and gross total of a document; sums that add up win over labels alone. */
export function findTotals(lines: Line[], options: ReaderOptions): Totals {
  const [nets, taxes] = [byValue(findKnown(lines, 'totalNet', options)), byValue(findKnown(lines, 'totalTax', options))]
  const grosses = byValue(weighGross(lines, findKnown(lines, 'totalGross', options), options))
  const triple = bestTriple(nets, taxes, grosses)
  const top = grosses[0] ?? largestAmount(lines)
  if (!triple || (top && top.score > triple.gross.score + PROOF))
    return { net: nets[0], tax: taxes[0], gross: rounded(lines, top) ?? top, proven: false }
  return { ...triple, gross: rounded(lines, triple.gross) ?? triple.gross, proven: true }
}
