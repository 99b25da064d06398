import type { Draft } from '../draft'

interface Column {
  filled: number
  numbers: number
  min: number
  max: number
  sum: number
  /** What rounding lost so far (Neumaier): a million cents add up to the cent. */
  lost: number
  firstIsNumber: boolean
}

/** Counts rows and sums numeric columns of a table that is too long to keep. */
export class ColumnTally {
  rows = 0
  #columns: Column[] = []
  readonly #maxColumns: number

  constructor(maxColumns: number) {
    this.#maxColumns = maxColumns
  }

  add(row: string[]): void {
    this.rows++
    const width = Math.min(row.length, this.#maxColumns)
    for (let index = 0; index < width; index++) {
      const text = (row[index] ?? '').trim()
      this.#columns[index] ??= { filled: 0, numbers: 0, min: Infinity, max: -Infinity, sum: 0, lost: 0, firstIsNumber: false }
      const column = this.#columns[index]
      if (column === undefined || text === '') continue
      column.filled++
      const value = readNumber(text)
      if (value === undefined) continue
      if (this.rows === 1) column.firstIsNumber = true
      column.numbers++
      addExactly(column, value)
      if (value < column.min) column.min = value
      if (value > column.max) column.max = value
    }
  }

  /** Whether the first row names the columns: no number in it. */
  hasHeader(firstRow: string[]): boolean {
    return (
      this.rows > 1 &&
      firstRow.length > 0 &&
      firstRow.every((cell) => cell.trim() !== '' || firstRow.length > 2) &&
      !this.#columns.some((column) => column.firstIsNumber)
    )
  }

  /** Writes the figures into the draft's metadata, under the names of the columns. */
  noteInto(draft: Draft, header: string[] | undefined): void {
    draft.note('rows', String(header ? this.rows - 1 : this.rows))
    draft.note('columns', String(this.#columns.length))
    this.#columns.slice(0, 50).forEach((column, index) => {
      const values = column.filled - (header !== undefined && header[index]?.trim() !== '' ? 1 : 0)
      if (column.numbers === 0 || column.numbers < values * 0.9) return
      const title = header?.[index]?.trim() || `column ${index + 1}`
      draft.note(`${title.slice(0, 60)}.min`, String(column.min))
      draft.note(`${title.slice(0, 60)}.max`, String(column.max))
      draft.note(`${title.slice(0, 60)}.sum`, String(Number((column.sum + column.lost).toPrecision(15))))
    })
  }
}

function addExactly(column: Column, value: number): void {
  const sum = column.sum + value
  column.lost += Math.abs(column.sum) >= Math.abs(value) ? column.sum - sum + value : value - sum + column.sum
  column.sum = sum
}

/** A number as tables write it: `1,234.50`, `1.234,50`, `-3`, `12 %`, `€ 5`. Undefined for anything else, dates included. */
export function readNumber(text: string): number | undefined {
  const bare = text.replace(/^[€$£¥]\s*|\s*(?:[€$£¥%]|EUR|USD|GBP|CHF)$/g, '')
  if (/^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(bare)) return Number(bare)
  if (/^[-+]?\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?$/.test(bare)) return Number(bare.replace(/[,' ]/g, ''))
  if (/^[-+]?\d{1,3}(?:[.' ]\d{3})+(?:,\d+)?$/.test(bare) || /^[-+]?\d+,\d+$/.test(bare))
    return Number(bare.replace(/[.' ]/g, '').replace(',', '.'))
  return undefined
}
