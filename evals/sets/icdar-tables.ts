import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Table } from '../../workers/domain/documents'
import type { Evaluation } from '../evaluation.ts'
import { Overlap, parseOrEmpty, shared } from '../extraction.ts'
import { adjacencies, cellText, type GoldTable, type GridCell, gridOf, readGoldTables } from '../tables.ts'

interface Pair {
  gold: GridCell[]
  found: GridCell[]
}

const texts = (cells: GridCell[]): string[] => cells.map(({ text }) => text)

/** Gold tables with the found table that shares most cells with each; found tables go to one gold table only. Parts of a table on several pages are found apart and joined. */
function pairUp(golds: GoldTable[], tables: Table[]): { pairs: Pair[]; rest: GridCell[][] } {
  const found = tables.map(({ page, rows }) => ({ page, cells: gridOf(rows) }))
  const owners = found.map(({ page, cells }) => {
    const common = golds.map((gold) => (gold.pages.includes(page) ? shared(texts(cells), texts(gold.cells)) : 0))
    const most = Math.max(0, ...common)
    return most === 0 ? -1 : common.indexOf(most)
  })
  const pairs = golds.map((gold, index) => {
    const mine = found.filter((_, position) => owners[position] === index)
    const pages = [...new Set(gold.pages)]
    const best = pages.flatMap((page) => {
      const here = mine.filter((table) => table.page === page)
      return here.sort((a, b) => shared(texts(b.cells), texts(gold.cells)) - shared(texts(a.cells), texts(gold.cells))).slice(0, 1)
    })
    return { gold: gold.cells, found: best, taken: new Set(best) }
  })
  const taken = new Set(pairs.flatMap((pair) => [...pair.taken]))
  return {
    pairs: pairs.map(({ gold, found: parts }) => ({ gold, found: joinParts(parts.map(({ cells }) => cells)) })),
    rest: found.filter((table) => !taken.has(table)).map(({ cells }) => cells),
  }
}

/** Parts below each other, rows counted on. */
function joinParts(parts: GridCell[][]): GridCell[] {
  let offset = 0
  return parts.flatMap((cells) => {
    const moved = cells.map((cell) => ({ ...cell, row: cell.row + offset, rowEnd: cell.rowEnd + offset }))
    offset += Math.max(0, ...cells.map(({ rowEnd }) => rowEnd + 1))
    return moved
  })
}

function compare(overlap: Overlap, field: string, given: string[], wanted: string[]): void {
  overlap.note(field, { shared: shared(given, wanted), given: given.length, wanted: wanted.length })
}

export const evaluation: Evaluation = {
  set: 'pdf_tables_icdar2013',
  skill: 'tables',
  method:
    'Tables that the ingestion agent finds in whole PDFs, nothing told of where they are. Each gold table is paired with the found table on its page that shares most cells. `cell f1`: texts of cells equal without white space, within pairs, over all documents; cells of gold tables that were missed count as missed, of a second found table for the same gold table or of one on a page region without gold count as wrong. `cell f1 (paired)`: the same without found tables that pair with nothing (structure only). `adjacency f1`: relations of a cell with its nearest non-blank right and lower neighbour, as in the ICDAR 2013 competition, over the same pairs and wrong tables; a found table has no spanning cells. `csv cell recall`: the part of the cells of Tabula’s expected CSV that some table of the PDF holds (a CSV may cover a part of its PDF).',
  references: {
    'cell f1': {
      aim: 0.85,
      published: 'ICDAR 2013 competition, adjacency relations, complete process: FineReader 0.8848, OmniPage 0.8380, Nurminen 0.8393',
    },
  },
  async run(context) {
    const [cells, paired, relations, csv] = [new Overlap(), new Overlap(), new Overlap(), new Overlap()]
    for (const name of readdirSync(context.test).filter((file) => file.endsWith('-str.xml'))) {
      const golds = readGoldTables(readFileSync(join(context.test, name), 'utf8'))
      const { tables } = await parseOrEmpty(join(context.test, name.replace(/-str\.xml$/, '.pdf')), context)
      const { pairs, rest } = pairUp(golds, tables)
      for (const { gold, found } of pairs) {
        compare(cells, 'all', texts(found), texts(gold))
        compare(paired, 'all', texts(found), texts(gold))
        compare(relations, 'all', adjacencies(found), adjacencies(gold))
      }
      for (const wrong of rest) {
        compare(cells, 'all', texts(wrong), [])
        compare(relations, 'all', adjacencies(wrong), [])
      }
    }
    const folder = join(context.test, 'tabula_csv')
    for (const name of existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.csv')) : []) {
      const wanted = csvCells(readFileSync(join(folder, name), 'utf8'))
      const { tables } = await parseOrEmpty(join(folder, name.replace(/\.csv$/, '.pdf')), context)
      const found = shared(
        tables.flatMap(({ rows }) => texts(gridOf(rows))),
        wanted,
      )
      csv.note(name, { shared: found, given: wanted.length, wanted: wanted.length })
    }
    const [cell, pair, adjacency, tabula] = [cells, paired, relations, csv].map((overlap) => overlap.figures('f1')[0])
    return [
      { ...cell, metric: 'cell f1' },
      { ...pair, metric: 'cell f1 (paired)' },
      { ...adjacency, metric: 'adjacency f1' },
      { ...tabula, metric: 'csv cell recall' },
    ].flatMap(({ metric, value, n }) => (value === undefined || n === undefined ? [] : [{ metric, value, n }]))
  },
}

/** The texts of a CSV's cells: commas part them, quotes keep them together. */
function csvCells(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"|([^",\r\n]+)/g)]
    .map((match) => cellText((match[1] ?? match[2] ?? '').replaceAll('""', '"')))
    .filter((cell) => cell !== '')
}
