import type { Cell, Column, ReportBlock } from '../../domain/reports'
import type { LineItemResult } from '../document-result'
import type { Labels } from '../labels'
import { sumOf } from './totals'

type Cite = (span: LineItemResult['span']) => number[]

type Part = { column: Column; cell(item: LineItemResult): Cell; isUsed(item: LineItemResult): boolean }

/** The positions of an invoice or order as a table with their sum; columns that no position fills are left out. */
export function lineItemsTable(items: LineItemResult[], currency: string, labels: Labels, cite: Cite): ReportBlock {
  const parts = partsOf(currency, labels, cite).filter((part) => items.some(part.isUsed))
  const sum = sumOf(items.flatMap((item) => (typeof item.amount === 'number' ? [{ value: item.amount, currency }] : [])))
  const totals = parts.map(
    (part, index): Cell => (index === 0 ? labels.total : part.column.title === labels.amount ? (sum?.value ?? null) : null),
  )
  return {
    kind: 'table',
    title: labels.lineItems,
    columns: parts.map((part) => part.column),
    rows: items.map((item) => parts.map((part) => part.cell(item))),
    ...(sum && { totals }),
  }
}

const partsOf = (currency: string, labels: Labels, cite: Cite): Part[] => [
  {
    column: { title: labels.description, kind: 'text' },
    cell: (item) => ({ value: item.description, cite: cite(item.span) }),
    isUsed: () => true,
  },
  {
    column: { title: labels.quantity, kind: 'number' },
    cell: (item) => item.quantity ?? null,
    isUsed: (item) => typeof item.quantity === 'number',
  },
  { column: { title: labels.unit, kind: 'text' }, cell: (item) => item.unit ?? null, isUsed: (item) => Boolean(item.unit) },
  {
    column: { title: labels.unitPrice, kind: 'money', currency },
    cell: (item) => item.unitPrice ?? null,
    isUsed: (item) => typeof item.unitPrice === 'number',
  },
  {
    column: { title: labels.taxRate, kind: 'percent' },
    cell: (item) => (typeof item.taxRate === 'number' ? item.taxRate / 100 : null),
    isUsed: (item) => typeof item.taxRate === 'number',
  },
  {
    column: { title: labels.amount, kind: 'money', currency },
    cell: (item) => item.amount ?? null,
    isUsed: (item) => typeof item.amount === 'number',
  },
]
