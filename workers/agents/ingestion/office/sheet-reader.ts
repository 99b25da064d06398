import { attribute, type XmlAttributes } from '../xml'
import type { CellFormat } from './cell-formats'

/** Columns kept; beyond stand leftovers of formatting. */
const MAX_COLUMNS = 500

const MARGINALS = /^(odd|even|first)(Header|Footer)$/

/** Collects the rows of one worksheet from its XML events. Empty rows are left out. */
export class SheetReader {
  #rows: string[][] = []
  #first: string[] | undefined
  #count = 0
  /** Headers and footers of the printed sheet. */
  readonly marginals: ['header' | 'footer', string][] = []
  readonly #strings: string[]
  readonly #format: CellFormat
  #row: string[] = []
  #column = 0
  #type = ''
  #style = 0
  #value = ''
  #reading = false
  #firstRowIsText = false
  #rowHasNumber = false

  constructor(strings: string[], format: CellFormat) {
    this.#strings = strings
    this.#format = format
  }

  /** The first row names the columns: words only, one in every column. */
  get hasHeader(): boolean {
    const first = this.#first ?? []
    return this.#firstRowIsText && this.#count > 1 && first.length > 1 && first.every((cell) => cell !== '')
  }

  /** The rows that came since this was asked last. */
  takeRows(): string[][] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  open = (tag: string, attributes: XmlAttributes): void => {
    if (tag === 'row') {
      this.#row = []
      this.#column = -1
      this.#rowHasNumber = false
    } else if (tag === 'c') {
      this.#column = columnOf(attribute(attributes, 'r')) ?? this.#column + 1
      this.#type = attribute(attributes, 't') ?? 'n'
      this.#style = Number(attribute(attributes, 's') ?? 0)
      this.#value = ''
    } else if (tag === 'v' || tag === 't' || MARGINALS.test(tag)) {
      this.#reading = true
      if (MARGINALS.test(tag)) this.#value = ''
    }
  }

  text = (text: string): void => {
    if (this.#reading) this.#value += text
  }

  close = (tag: string): void => {
    if (tag === 'v' || tag === 't') this.#reading = false
    else if (tag === 'c') this.#closeCell()
    else if (tag === 'row') this.#closeRow()
    else if (MARGINALS.test(tag)) {
      this.#reading = false
      this.marginals.push([tag.endsWith('Header') ? 'header' : 'footer', marginalText(this.#value)])
    }
  }

  #closeCell(): void {
    if (this.#value === '' || this.#column >= MAX_COLUMNS || this.#column < 0) return
    while (this.#row.length < this.#column) this.#row.push('')
    this.#row[this.#column] = this.#cellText()
  }

  #cellText(): string {
    if (this.#type === 's') return this.#strings[Number(this.#value)] ?? ''
    if (this.#type === 'b') return this.#value === '1' ? 'TRUE' : 'FALSE'
    if (this.#type !== 'n') return this.#value
    const number = Number(this.#value)
    if (!Number.isFinite(number)) return this.#value
    this.#rowHasNumber = true
    return this.#format(number, this.#style)
  }

  #closeRow(): void {
    if (!this.#row.some((cell) => cell.trim() !== '')) return
    if (this.#first === undefined) {
      this.#first = this.#row
      this.#firstRowIsText = !this.#rowHasNumber
    }
    this.#count++
    this.#rows.push(this.#row)
  }
}

/** `AB12` is column 27, counted from 0. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0]
  return letters === undefined ? undefined : Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

/** `&L…&C…&R…` are the left, middle and right part; other codes are fonts, sizes and fields. */
const marginalText = (code: string): string =>
  code
    .replace(/&[LCR]/g, ' ')
    .replace(/&"[^"]*"|&\d+|&K[\dA-F]{6}|&[A-Z]/gi, '')
    .replace(/&&/g, '&')
