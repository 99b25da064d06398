import { type Cell, type Line, sameColumn } from '../text/lines'
import type { PartyCandidate } from './issuer'
import { sameName } from './names'

const LABEL =
  /^(?:bill(?:ed)? to(?: address)?|invoice to|sold to|customer(?: name)?|client|buyer|käufer|kunde|rechnung an|rechnungsempfänger|facturé à|acheteur|adresse de facturation|facturar a|cliente|acquirente|cessionario|klant|factuuradres|koper)(?![\p{L}-])\s*[:：]?\s*(?!(?:no|nr|number|nummer|id|n°)\b)(?<rest>.*)$/iu
/** On a page without such a label it is the addressee who pays. */
const ADDRESSEE =
  /^(?:to|for|recipient|addressee|an|für|empfänger|à l[’']attention de|destinataire|para|destinatario|aan)\s*[:：]\s*(?<rest>[^\d@]*)$/iu
const SKIP = /^(?:herrn?|frau|mr|mrs|ms|m\.|mme|firma|fa\.?|to|an|attn\.?:?|(?:nummer|gln|id|no|nr)\b.*|.*\d{6,}.*)$/iu
const POSTCODE_LINE = /^(?:[A-Z]{1,2}[- ])?\d{4,6}(?:[- ]?[A-Z]{2})?\s+\p{Lu}[\p{L} .'’()-]+(?:,? ?[A-Z]{2})?$/u
const LINES_BELOW = 4
const BLOCK_HEIGHT = 5

const nameOf = (cell: Cell, offset: number, text: string, score: number): PartyCandidate => ({
  page: cell.page,
  start: cell.start + offset,
  end: cell.start + offset + text.length,
  name: text,
  score,
})

function cellAt(line: Line | undefined, page: number, cell: Cell, index: number): Cell | undefined {
  return line?.page === page ? line.cells.find((candidate, position) => sameColumn(cell, index, candidate, position)) : undefined
}

/** The name beside or under a label such as `Bill to`. */
function labelled(lines: Line[], label: RegExp, certainty: number): PartyCandidate | undefined {
  for (const line of lines) {
    for (const [index, cell] of line.cells.entries()) {
      const rest = label.exec(cell.text)?.groups?.rest
      if (rest === undefined) continue
      if (/^\p{L}{2}/u.test(rest) && rest.length <= 60) return nameOf(cell, cell.text.length - rest.length, rest, 0.85 * certainty)
      for (let below = 1; below <= LINES_BELOW && rest === ''; below += 1) {
        const target = cellAt(lines[line.index + below], line.page, cell, index)
        if (target && !SKIP.test(target.text) && /\p{L}{2}/u.test(target.text))
          return nameOf(target, 0, target.text.replace(/^attn:?\s*/iu, ''), 0.75 * certainty)
      }
    }
  }
  return undefined
}

/** The first line of an address block: the cells straight above a line with a postcode and a town. */
function addressBlocks(lines: Line[]): PartyCandidate[] {
  return lines
    .filter((line) => line.page === 1)
    .flatMap((line) =>
      line.cells.flatMap((cell, index) => {
        if (!POSTCODE_LINE.test(cell.text)) return []
        let top: Cell | undefined
        for (let back = 1; back <= BLOCK_HEIGHT; back += 1) {
          const above = cellAt(lines[line.index - back], line.page, cell, index)
          if (!above || /[:：]|[|·]| - /.test(above.text) || above.text.length > 50 || (/\d/.test(above.text) && back > 1)) break
          if (!SKIP.test(above.text)) top = above
        }
        return top && !/\d/.test(top.text) ? [nameOf(top, 0, top.text, 0.55)] : []
      }),
    )
}

/** To whom a document is made out: by label, else the first address block that is not the issuer's. */
export function findCustomer(lines: Line[], issuer: string | undefined): PartyCandidate | undefined {
  const other = (candidate: PartyCandidate | undefined) =>
    candidate && !(issuer && sameName(candidate.name, issuer)) ? candidate : undefined
  return (
    other(labelled(lines, LABEL, 1)) ?? other(labelled(lines, ADDRESSEE, 0.9)) ?? addressBlocks(lines).find((candidate) => other(candidate))
  )
}
