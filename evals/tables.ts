import { elementsAt, parseXml, textAt } from '../workers/skills/extract/xml-tree'

/** A table as the cells that hold text: with their first and last row and column, from 0. */
export interface GridCell {
  text: string
  row: number
  rowEnd: number
  column: number
  columnEnd: number
}

export interface GoldTable {
  pages: number[]
  cells: GridCell[]
}

/** Cells are compared without white space and with compatibility forms (ligatures, full-width digits) resolved. */
export const cellText = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u00ad\s]+/g, '')
    .replace(/[‐‑‒–—−]/g, '-')
    .replace(/[‘’´`]/g, "'")
    .replace(/[“”]/g, '"')

/** The tables of an ICDAR 2013 structure file. Parts on further pages follow the first with their row and column offsets. */
export function readGoldTables(xml: string): GoldTable[] {
  // The parser refuses document types, and these files have none.
  const root = parseXml(xml)
  if (root === undefined) throw new Error('A structure file is not well-formed XML.')
  return elementsAt(root, 'table').map((table) => {
    const regions = elementsAt(table, 'region')
    return {
      pages: regions.map(({ attributes }) => Number(attributes.page)),
      cells: regions.flatMap((region) =>
        elementsAt(region, 'cell').flatMap((cell) => {
          const at = (name: string, increment: string) => Number(cell.attributes[name]) + Number(region.attributes[increment] ?? 0)
          const [row, column] = [at('start-row', 'row-increment'), at('start-col', 'col-increment')]
          const text = cellText(textAt(cell, 'content') ?? '')
          const rowEnd = cell.attributes['end-row'] === undefined ? row : at('end-row', 'row-increment')
          const columnEnd = cell.attributes['end-col'] === undefined ? column : at('end-col', 'col-increment')
          return text === '' ? [] : [{ text, row, rowEnd, column, columnEnd }]
        }),
      ),
    }
  })
}

/** The cells with text of a table given as rows. */
export const gridOf = (rows: string[][]): GridCell[] =>
  rows.flatMap((cells, row) =>
    cells.flatMap((raw, column) => {
      const text = cellText(raw)
      return text === '' ? [] : [{ text, row, rowEnd: row, column, columnEnd: column }]
    }),
  )

/** Each cell with its nearest cell with text to the right in each of its rows, and below in each of its columns, as the ICDAR 2013 competition counts them (blank cells are passed over). */
export function adjacencies(cells: GridCell[]): string[] {
  const byPlace = new Map<string, GridCell>()
  for (const cell of cells)
    for (let row = cell.row; row <= cell.rowEnd; row += 1)
      for (let column = cell.column; column <= cell.columnEnd; column += 1) byPlace.set(`${row}:${column}`, cell)
  const lastRow = Math.max(0, ...cells.map(({ rowEnd }) => rowEnd))
  const lastColumn = Math.max(0, ...cells.map(({ columnEnd }) => columnEnd))
  return cells.flatMap((cell) => {
    const right = new Set<GridCell>()
    for (let row = cell.row; row <= cell.rowEnd; row += 1) {
      const found = firstAlong(cell.columnEnd + 1, lastColumn, (column) => byPlace.get(`${row}:${column}`))
      if (found) right.add(found)
    }
    const below = new Set<GridCell>()
    for (let column = cell.column; column <= cell.columnEnd; column += 1) {
      const found = firstAlong(cell.rowEnd + 1, lastRow, (row) => byPlace.get(`${row}:${column}`))
      if (found) below.add(found)
    }
    return [...[...right].map(({ text }) => `${cell.text}→${text}`), ...[...below].map(({ text }) => `${cell.text}↓${text}`)]
  })
}

function firstAlong(from: number, to: number, at: (place: number) => GridCell | undefined): GridCell | undefined {
  for (let place = from; place <= to; place += 1) {
    const found = at(place)
    if (found) return found
  }
  return undefined
}
