import type { ParsedDocument } from '../../domain/documents'
import { findAmounts } from '../text/amounts'
import { type Cell, type Line, sameColumn, spanOf } from '../text/lines'
import type { LineItem } from './schema'

type ColumnKind = 'description' | 'quantity' | 'unitPrice' | 'amount' | 'taxRate' | 'unit'

/** Column titles; the first that fits names the column. */
const TITLES: [ColumnKind, RegExp][] = [
  [
    'unitPrice',
    /unit (?:price|cost)|price|rate|einzel|(?:vk-?|netto|stück)-?preis|preis|p\.? ?u\.?\b|prix (?:unitaire|unit)|precio|prezzo|stukprijs|prijs|cena/iu,
  ],
  [
    'description',
    /descri|beschreibung|bezeichnung|artikel(?!-?(?:nr|nummer))|désignation|libellé|concept|omschrijving|item\b|product|leistung|service|particulars|details|nazwa|goods/iu,
  ],
  ['quantity', /qty|quantity|menge|anzahl|nombre|quantité|qté|cantidad|quantità|q\.tà|aantal|units?\b|hours|stunden|ilość/iu],
  ['taxRate', /^(?:%|vat|mwst|ust|tva|iva|btw|tax|steuer|gst)(?:\.|[- ]?(?:%|rate|satz))?(?: %)?$/iu],
  ['amount', /amount|total|gesamt|betrag|montant|importe|importo|bedrag|nettowert|entgelt|summe|prix (?:ht|ttc)|totaal|wartość|sum\b/iu],
]
const END_OF_ITEMS =
  /^(?:sub-?\s?total|total|summe|gesamt|zwischensumme|netto|totaal|totale|importe total|base imponible|imponibile|montant total|rechnungsbetrag|grand total|amount due|taxe\b|vat\b|mwst|umsatzsteuer|tva\b)/iu
const MAX_ITEMS = 500
const MAX_GAP_LINES = 8

const kindOf = (title: string): ColumnKind | undefined => TITLES.find(([, pattern]) => pattern.test(title.trim()))?.[0]

/** Kinds by column; the last of several amount or price columns counts, the first description. */
function columnKinds(titles: string[]): (ColumnKind | undefined)[] {
  const kinds = titles.map(kindOf)
  const keepLast = (kind: ColumnKind) =>
    kinds.map((found, index) => (found === kind && kinds.lastIndexOf(kind) !== index ? undefined : found))
  const single = keepLast('amount')
  if (!single.includes('amount') && single.filter((kind) => kind === 'unitPrice').length > 1)
    single[single.lastIndexOf('unitPrice')] = 'amount'
  return single.map((kind, index) => (kind && single.indexOf(kind) !== index ? undefined : kind))
}

const usable = (kinds: (ColumnKind | undefined)[]): boolean =>
  kinds.includes('description') && (kinds.includes('amount') || (kinds.includes('unitPrice') && kinds.includes('quantity')))

const numberIn = (text: string): number | undefined => findAmounts(text.replace('%', ' '))[0]?.value

function itemFrom(values: Partial<Record<ColumnKind, string>>): LineItem | undefined {
  const description = values.description?.trim() ?? ''
  const quantityText = values.quantity ?? ''
  const unit = /\d\s*(?<unit>\p{L}[\p{L}().]*)/u.exec(quantityText)?.groups?.unit
  const item: LineItem = {
    description,
    quantity: numberIn(quantityText.replace(/(\d)\s*\p{L}.*$/u, '$1')),
    unit: unit?.replace(/\.$/, ''),
    unitPrice: values.unitPrice === undefined ? undefined : numberIn(values.unitPrice),
    taxRate: values.taxRate === undefined ? undefined : numberIn(values.taxRate),
    amount: values.amount === undefined ? undefined : numberIn(values.amount),
  }
  const priced = item.amount !== undefined || (item.unitPrice !== undefined && item.quantity !== undefined)
  return description !== '' && priced && !END_OF_ITEMS.test(description) ? item : undefined
}

function fromTables(document: ParsedDocument, documentId?: string): LineItem[] {
  const all: LineItem[] = []
  for (const table of document.tables) {
    const headerAt = table.rows.findIndex((row) => usable(columnKinds(row)))
    const kinds = columnKinds(table.rows[headerAt] ?? [])
    if (headerAt < 0) continue
    const items = table.rows.slice(headerAt + 1, headerAt + 1 + MAX_ITEMS).flatMap((row) => {
      const item = itemFrom(Object.fromEntries(kinds.flatMap((kind, index) => (kind ? [[kind, row[index] ?? '']] : []))))
      const page = document.pages.find((candidate) => candidate.number === table.page)
      const start = item && page ? page.text.indexOf(item.description) : -1
      return item
        ? [
            {
              ...item,
              ...(start >= 0 && {
                span: spanOf(document.pages, { page: table.page, start, end: start + item.description.length }, documentId),
              }),
            },
          ]
        : []
    })
    all.push(...items)
  }
  return all.slice(0, MAX_ITEMS)
}

/** The header's column that a cell belongs to: by drawing, else the nearest in count. */
function columnOf(header: Cell[], cell: Cell, index: number, count: number): number {
  const direct = header.findIndex((title, position) => title.left !== undefined && sameColumn(title, position, cell, index))
  if (direct >= 0) return direct
  const [first] = header
  if (first?.left === undefined || cell.left === undefined || cell.right === undefined)
    return count === header.length ? index : index === 0 ? 0 : header.length - (count - index)
  const center = (left: number | undefined, right: number | undefined) => ((left ?? 0) + (right ?? 0)) / 2
  const middle = center(cell.left, cell.right)
  return header.reduce(
    (best, title, position) =>
      Math.abs(center(title.left, title.right) - middle) < Math.abs(center(header[best]?.left, header[best]?.right) - middle)
        ? position
        : best,
    0,
  )
}

function rowValues(line: Line, header: Cell[], kinds: (ColumnKind | undefined)[]): Partial<Record<ColumnKind, string>> {
  const values: Partial<Record<ColumnKind, string>> = {}
  line.cells.forEach((cell, index) => {
    const kind = kinds[columnOf(header, cell, index, line.cells.length)]
    if (kind) values[kind] = values[kind] === undefined ? cell.text : `${values[kind]} ${cell.text}`
  })
  // A description may be indented past its title into a neighbour's column: the cell with most letters is it.
  if (values.description === undefined || !/\p{L}/u.test(values.description)) {
    const wordy = [...line.cells].sort((a, b) => letters(b.text) - letters(a.text))[0]
    if (wordy && letters(wordy.text) > 2) values.description = wordy.text
  }
  return values
}

const letters = (text: string): number => text.match(/\p{L}/gu)?.length ?? 0

function fromLines(document: ParsedDocument, lines: Line[], documentId?: string): LineItem[] {
  const header = lines.find((line) => line.cells.length >= 3 && usable(columnKinds(line.cells.map((cell) => cell.text))))
  if (!header) return []
  const kinds = columnKinds(header.cells.map((cell) => cell.text))
  const items: LineItem[] = []
  let gap = 0
  for (const line of lines.slice(header.index + 1)) {
    if (items.length >= MAX_ITEMS || gap > MAX_GAP_LINES) break
    if (items.length > 0 && END_OF_ITEMS.test(line.cells[0]?.text ?? '')) break
    const item = line.cells.length >= 2 ? itemFrom(rowValues(line, header.cells, kinds)) : undefined
    gap = item ? 0 : gap + 1
    if (item) items.push({ ...item, span: spanOf(document.pages, { page: line.page, start: line.start, end: line.end }, documentId) })
  }
  return items
}

/** What was sold, line by line: from the tables that ingestion found or from lines under a header of known column titles, whichever tells more. */
export function findLineItems(document: ParsedDocument, lines: Line[], documentId?: string): LineItem[] {
  const [tabled, lined] = [fromTables(document, documentId), fromLines(document, lines, documentId)]
  return lined.length > tabled.length ? lined : tabled
}
