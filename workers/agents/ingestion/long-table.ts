import type { Draft } from './draft'
import { MAX_PART_CHARACTERS, MAX_PART_ROWS, MAX_PART_ROWS_CHARACTERS, MAX_TABLE_CELLS, MAX_TABLE_ROWS } from './limits'
import type { Keeping } from './tools'

/**
 * A table whose rows come one after the other, however many: the first thousands stand in the part where the table begins, the rest
 * becomes parts of its own, put away as they fill.
 */
export class LongTable {
  /** Rows taken so far. */
  count = 0
  #rows: string[][] = []
  #characters = 0
  #widest = 1
  /** The table's first row, and the page on which it stands, once it is in the draft. */
  #begun: { first: string[]; page: number } | undefined
  readonly #draft: Draft
  readonly #name: string
  readonly #title: string | undefined

  /** `title` tells the table from the document's others. */
  constructor(draft: Draft, name: string, title?: string) {
    this.#draft = draft
    this.#name = name
    this.#title = title
  }

  /** Whether the draft has rows of it already. */
  get isBegun(): boolean {
    return this.#begun !== undefined
  }

  get first(): string[] {
    return this.#begun?.first ?? this.#rows[0] ?? []
  }

  /** Whether what it holds should be put away before it takes more. */
  get isFull(): boolean {
    const [rows, characters] = this.#begun ? [MAX_PART_ROWS, MAX_PART_ROWS_CHARACTERS] : [MAX_TABLE_ROWS, MAX_PART_CHARACTERS]
    return this.#rows.length >= rows || this.#characters >= characters || this.#rows.length * this.#widest >= MAX_TABLE_CELLS - this.#widest
  }

  add(row: string[]): void {
    this.count++
    this.#rows.push(row)
    this.#widest = Math.max(this.#widest, row.length)
    for (const cell of row) this.#characters += cell.length + 1
  }

  /** Gives the rows it holds to the draft, and the parts that are full to their keeper. */
  async putAway(hasHeader: boolean, tools: Keeping): Promise<void> {
    const rows = this.#rows
    this.#rows = []
    this.#characters = 0
    this.#widest = 1
    if (rows.length === 0) return
    if (this.#begun === undefined) {
      this.#begun = { first: rows[0] ?? [], page: this.#draft.page.number }
      this.#draft.table(rows, { name: this.#name, hasHeader })
    } else if (tools.keepPart !== undefined) {
      const { first: header, page } = this.#begun
      const first = this.count - rows.length + 1
      this.#draft.addRows({ rows, ...(hasHeader && { header }), first, page, name: this.#name, title: this.#title })
    }
    await this.#draft.putAway(tools)
  }
}
