import { findIbans, findVatIds } from '../text/checksums'
import { type Cell, type Line, sameColumn } from '../text/lines'
import { COMPANY, foldName, hasLegalForm } from './names'

export interface PartyCandidate {
  page: number
  start: number
  end: number
  name: string
  score: number
}

const SELLER_LABEL =
  /(?<![\p{L}])(?:seller|vendor|supplier|sold by|issued by|billed by|service provider|payment received by|(?:receipt|invoice|bill|statement) from|sprzedawca|wystawca|säljare|sælger|leverandør|prestador|emitente|dodavatel|verkäufer|lieferant|rechnungssteller|aussteller|vendeur|fournisseur|émetteur|vendedor|proveedor|emisor|venditore|fornitore|cedente|verkoper|leverancier|account (?:name|holder)|kontoinhaber|titulaire du compte|titular de la cuenta|beneficiary|in favou?r of|payable to|zahlungsempfänger)(?![\p{L}])/iu
const BUYER_LABEL =
  /^(?:bill(?:ed)? to|invoice to|ship(?:ped)? to|sold to|deliver(?:ed)? to|customer(?: name)?|client|buyer|guest name|attn|to|käufer|kunde|rechnung an|rechnungsempfänger|warenempfänger|lieferadresse|lieferanschrift|facturé à|livré à|acheteur|adresse de (?:livraison|facturation)|destinataire|cliente|comprador|destinatario|facturar a|acquirente|cessionario|klant|factuuradres|bezorgadres|afleveradres|koper)(?![\p{L}])/iu
const NOT_A_NAME =
  /^(?:[^\p{L}]*|(?:c\/|ul\.|av\.|po box) ?.*|(?:receipt|invoice|bill|statement) from .*|.*[:：]|(?:seite|page|pagina|página) .*|(?:tax |sales )?(?:invoice|receipt|rechnung|facture|factura|fattura|factuur|gutschrift|credit note|date|datum|total|subtotal|description|payment receipt|order|quote|statement|herr|frau|mr|mrs|ms|original|copy|kopie|duplicate|cash|qty|amount|summary|detail|details|email|www\..*|(?:tel|phone|fax|telephone|telefon|teléfono|téléphone)(?![\p{L}]).*|https?:.*|.*@.*)\.?)$/iu
const GENERIC =
  /^(?:gst|reg|no|co|roc|id|vat|ust|tva)\b|\b(?:invoice|rechnung|facture|factura|fattura|factuur|receipt)\b.*\d|\b(?:bank|sparkasse|volksbank|banque|banco|banca|amtsgericht|registergericht|finanzamt)\b/iu
/** Amounts, dates and measures are no names. */
const HAS_FIGURE = /[€$£%]|\d[.,/]\d|\b(?:19|20)\d{2}\b|\d{5}/u
/** A company number in brackets after the name. */
const REGISTRATION = /\s*\((?:[^()]*\d[^()]*\d[^()]*)\)?\s*$/u
const FREE_MAIL = /^(?:gmail|googlemail|outlook|hotmail|yahoo|gmx|web|icloud|aol|live|mail|t-online|orange|wanadoo)$/
const STREET_OR_POST =
  /\b\d{4,6}\b|\b(?:stra(?:ß|ss)e|str\.|weg|platz|allee|lot|taman|rue|avenue|chemin|boulevard|ulica|gatan|vägen|gade|vej|rua|av|street|road|lane|jalan|jln|calle|via|laan|straat)\b/iu
const TITLE = /^(?<name>[\p{Lu}][\p{L}\p{N}&'’. -]{1,50}?)\s+(?:tax invoice|invoice|receipt|rechnung|facture|bill)$/iu
/** Whether a text can be a name at all: no title of a document, label, amount or address. */
export const canBeName = (text: string): boolean => !NOT_A_NAME.test(text) && !GENERIC.test(text)

const MAX_PAGES = 3
const NEAR_LINES = 4

interface Mention {
  cell: Cell
  line: Line
  start: number
  end: number
  name: string
  points: Record<string, number>
}

/** Second-level names of the web and mail addresses in a text: they are often the company's own. */
export function companyDomains(text: string): string[] {
  const found = [...text.matchAll(/(?:@|https?:\/\/|www\.)(?<host>(?:[\p{L}\p{N}-]+\.)+\p{L}{2,})/giu)].map((match) => {
    const parts = (match.groups?.host ?? '').toLowerCase().split('.')
    const second = parts.at(-2) ?? ''
    return /^(?:co|com|org|net|gov|ac)$/.test(second) ? (parts.at(-3) ?? '') : second
  })
  const bare = [
    ...text.matchAll(
      /(?<![\p{L}\p{N}@.-])(?<name>[a-z0-9-]{3,30})\.(?:com|de|fr|nl|it|es|eu|org|net|co\.uk|ch|at|be|pl|io)(?![\p{L}\p{N}])/gu,
    ),
  ].map((match) => match.groups?.name ?? '')
  return [...new Set([...found, ...bare])]
    .filter((name) => name.length >= 3 && name !== 'www' && !FREE_MAIL.test(name))
    .map((name) => name.replace(/[^\p{L}\p{N}]/gu, ''))
}

function matchesDomain(name: string, domains: string[]): boolean {
  const folded = foldName(name)
  const first = foldName(name.trim().split(/\s+/)[0] ?? '')
  return domains.some(
    (domain) =>
      folded === domain ||
      first === domain ||
      (domain.length >= 5 && folded.includes(domain)) ||
      (folded.length >= 4 && domain.includes(folded)) ||
      (first.length >= 3 && domain.startsWith(first) && folded === first),
  )
}

/** The part of a sender line (`Name - street - town`) that is the name. */
const senderName = (text: string): string | undefined => {
  const [name, ...rest] = text.split(/\s+[-–—|·•∙*]\s+|,\s+/)
  return name !== undefined && rest.length > 0 && STREET_OR_POST.test(rest.join(' ')) ? name : undefined
}

/** Names that a cell can hold: its sender part, companies inside it, what follows a label, a title's beginning, or all of it. */
function namesIn(cell: Cell): { offset: number; name: string; points: Record<string, number> }[] {
  const found: { offset: number; name: string; points: Record<string, number> }[] = []
  const add = (name: string, points: Record<string, number>) => {
    const trimmed = name
      .replace(REGISTRATION, '')
      .trim()
      .replace(/[,;]+$/, '')
    const offset = cell.text.indexOf(trimmed)
    if (offset >= 0 && trimmed.length >= 2 && trimmed.length <= 80 && canBeName(trimmed) && !HAS_FIGURE.test(trimmed))
      found.push({ offset, name: trimmed, points })
  }
  for (const match of cell.text.matchAll(COMPANY)) add(match[0], { legalForm: 2 })
  const sender = senderName(cell.text)
  if (sender && !STREET_OR_POST.test(sender) && !/^(?:c\/|ul\.|\d)/iu.test(sender)) add(sender, { sender: 1.6 })
  const label = SELLER_LABEL.exec(cell.text)
  if (label) add(cell.text.slice(label.index + label[0].length).replace(/^[\s:.,-]+/, ''), { label: 2.4 })
  const title = TITLE.exec(cell.text)?.groups?.name
  if (title) add(title, { title: 1.5 })
  const whole = cell.text.replace(REGISTRATION, '')
  if (/^[\p{Lu}\d]/u.test(whole) && !/[:：]\s/.test(whole) && whole.length <= 60 && !STREET_OR_POST.test(whole))
    add(whole, hasLegalForm(whole) ? { legalForm: 2 } : {})
  return found
}

/** Points of a place: labels above or left in its column, the top of the page, company numbers close by. */
function surroundings(lines: Line[], line: Line, cell: Cell, cellIndex: number, topWeight: number): Record<string, number> {
  const points: Record<string, number> = {}
  if (line.page === 1 && line.index < 4) points.top = topWeight * (1 - 0.2 * line.index)
  const left = line.cells[cellIndex - 1]
  for (let back = 0; back <= NEAR_LINES; back += 1) {
    const above = back === 0 ? (left ? [left] : []) : columnAbove(lines, line, cell, cellIndex, back)
    const labels = above.filter((item) => item.text.length <= 60)
    if (labels.some((item) => BUYER_LABEL.test(item.text))) return { ...points, buyer: -4 }
    if (labels.some((item) => SELLER_LABEL.exec(item.text)?.index === 0)) return { ...points, label: 2.6 - 0.2 * back }
  }
  if (BUYER_LABEL.test(cell.text.slice(0, 24))) points.buyer = -4
  const near = lines
    .slice(line.index, line.index + NEAR_LINES + 1)
    .filter((other) => other.page === line.page)
    .map((other) => other.text)
    .join('\n')
  if (findVatIds(near).length > 0 || /\b(?:HRB|RCS|SIREN|SIRET|GSTIN|GST (?:REG|ID|NO)|CIN|ABN|VAT Reg|Co\.? Reg)/iu.test(near))
    points.registered = 0.8
  if (findIbans(near).length > 0) points.bank = 0.5
  return points
}

function columnAbove(lines: Line[], line: Line, cell: Cell, cellIndex: number, back: number): Cell[] {
  const above = lines[line.index - back]
  if (!above || above.page !== line.page) return []
  return above.cells.filter((candidate, index) => sameColumn(candidate, index, cell, cellIndex))
}

function mentionsOf(lines: Line[], domains: string[], topWeight: number): Mention[] {
  return lines
    .filter((line) => line.page <= MAX_PAGES)
    .flatMap((line) =>
      line.cells.flatMap((cell, index) => {
        const names = namesIn(cell)
        if (names.length === 0) return []
        const place = surroundings(lines, line, cell, index, topWeight)
        return names.map(({ offset, name, points }) => ({
          cell,
          line,
          name,
          start: cell.start + offset,
          end: cell.start + offset + name.length,
          points: { ...place, ...points, ...(matchesDomain(name, domains) && { domain: 2.2 }) },
        }))
      }),
    )
}

const total = (points: Record<string, number>): number => Object.values(points).reduce((sum, value) => sum + value, 0)

/**
 * Who may have issued a document, best first. Evidence: legal forms, seller labels, sender lines, the top of the page, web
 * domains, company numbers nearby and repetition; names under a buyer's label are out.
 */
export function findIssuers(lines: Line[], options: { topWeight: number }): PartyCandidate[] {
  const domains = companyDomains(lines.map((line) => line.text).join('\n'))
  const groups = new Map<string, Mention[]>()
  for (const mention of mentionsOf(lines, domains, options.topWeight)) {
    const key = foldName(mention.name)
    if (key !== '') groups.set(key, [...(groups.get(key) ?? []), mention])
  }
  return [...groups.values()]
    .map((mentions) => {
      const merged: Record<string, number> = {}
      for (const { points } of mentions)
        for (const [name, value] of Object.entries(points))
          merged[name] = name === 'buyer' ? Math.min(merged[name] ?? 0, value) : Math.max(merged[name] ?? 0, value)
      const places = new Set(mentions.map((mention) => `${mention.line.index}:${mention.start}`)).size
      const best = mentions.reduce((a, b) => (total(b.points) > total(a.points) ? b : a))
      return {
        page: best.line.page,
        start: best.start,
        end: best.end,
        name: best.name,
        score: total(merged) + Math.min(1.2, 0.4 * (places - 1)),
      }
    })
    .filter((candidate) => candidate.score > 0)
    .sort((a, b) => b.score - a.score)
}
