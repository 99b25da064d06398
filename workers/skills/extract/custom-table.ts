import type { Table } from '../../domain/documents'
import type { Json } from '../../domain/json'
import { locate, spanOf } from '../text/lines'
import { coerce } from './property'
import { labelsOf } from './property-labels'
import type { Reading } from './reading'
import type { Field, FieldProperty, ScalarProperty } from './schema'

/** Rows searched for the titles of columns. */
const HEADER_ROWS = 4
/** This share of an object's properties must have a column. */
const MIN_COLUMNS = 0.5

interface Grid {
  page: number
  rows: string[][]
}

/** Tables that ingestion found, and the lines of cells of each page for documents without any. */
function gridsOf({ document, lines }: Reading): Grid[] {
  const tables = document.tables.map(({ page, rows }: Table) => ({ page, rows }))
  const pages = [...new Set(lines.map((line) => line.page))].map((page) => ({
    page,
    rows: lines.filter((line) => line.page === page).map((line) => line.cells.map((cell) => cell.text)),
  }))
  return [...tables, ...pages]
}

/** The column of each property in a row of titles: the best label decides, a column serves one property. */
function columnsIn(titles: string[], properties: Record<string, ScalarProperty>): Map<string, number> {
  const columns = new Map<string, number>()
  const matches = Object.entries(properties).flatMap(([name, property]) =>
    titles.flatMap((title, column) => {
      const weights = labelsOf(name, property).flatMap(([weight, source]) => {
        const match = new RegExp(`(?<![\\p{L}])(?:${source})(?![\\p{L}])`, 'iu').exec(title)
        return match ? [weight * (0.5 + (0.5 * match[0].length) / Math.max(1, title.trim().length))] : []
      })
      return weights.length > 0 ? [{ name, column, weight: Math.max(...weights) }] : []
    }),
  )
  for (const { name, column } of matches.sort((a, b) => b.weight - a.weight))
    if (!columns.has(name) && ![...columns.values()].includes(column)) columns.set(name, column)
  return columns
}

interface FoundRows {
  page: number
  entries: Record<string, Json>[]
  texts: string[]
  share: number
}

function rowsUnder(grid: Grid, properties: Record<string, ScalarProperty>, reading: Reading): FoundRows | undefined {
  const names = Object.keys(properties)
  const limit = grid.rows.length > 60 || reading.document.tables.length === 0 ? grid.rows.length : HEADER_ROWS
  for (const [index, titles] of grid.rows.slice(0, limit).entries()) {
    const columns = columnsIn(titles, properties)
    if (columns.size < Math.max(1, names.length * MIN_COLUMNS) || (columns.size < 2 && names.length > 1)) continue
    const found: FoundRows = { page: grid.page, entries: [], texts: [], share: columns.size / names.length }
    for (const row of grid.rows.slice(index + 1)) {
      if (row.length < columns.size) {
        if (found.entries.length > 0) break
        continue
      }
      const entry = Object.fromEntries(
        [...columns].flatMap(([name, column]) => {
          const value = coerce(name, properties[name] ?? {}, row[column] ?? '', reading)
          return value === undefined ? [] : [[name, value]]
        }),
      )
      if (Object.keys(entry).length < Math.max(1, columns.size * MIN_COLUMNS)) continue
      found.entries.push(entry)
      found.texts.push(row.join(' ').trim())
    }
    if (found.entries.length > 0) return found
  }
  return undefined
}

/** Objects of a list, from the table whose titles name most of their properties. */
export function readRows(reading: Reading, name: string, property: FieldProperty): Field | undefined {
  const properties = property.items?.properties
  if (!properties) return undefined
  const [best] = gridsOf(reading)
    .flatMap((grid) => rowsUnder(grid, properties, reading) ?? [])
    .sort((a, b) => b.share - a.share || b.entries.length - a.entries.length)
  if (!best) return undefined
  const filled = best.entries.flatMap((entry) => Object.keys(entry)).length / (best.entries.length * Object.keys(properties).length)
  const spans = best.texts.flatMap((text) => {
    const place = locate(reading.document.pages, text)
    return place ? [spanOf(reading.document.pages, place, reading.documentId)] : []
  })
  return {
    name,
    value: best.texts.join('\n'),
    normalized: best.entries,
    confidence: Math.round(Math.min(0.95, 0.35 + 0.3 * best.share + 0.3 * filled) * 100) / 100,
    ...(spans[0] && { span: spans[0], spans }),
    source: 'layout',
  }
}
