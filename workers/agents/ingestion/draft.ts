import type { Block, DocumentFormat, EmbeddedFile, Page, ParsedDocument, Table, TextBox } from '../../domain/documents'
import { cleanCell, cleanText, cutBefore, LONGEST_WORD } from './clean-text'
import {
  MAX_PART_CHARACTERS,
  MAX_PART_PAGES,
  MAX_PART_ROWS,
  MAX_PARTS,
  MAX_TABLE_CELLS,
  MAX_TABLE_ROWS,
  MAX_TEXT_CHARACTERS,
  MAX_WARNINGS,
} from './limits'
import type { Keeping } from './tools'

type BlockKind = Block['kind']

/** Blocks that stand on lines of their own without an empty line between two of a kind. */
const TIGHT: ReadonlySet<BlockKind> = new Set(['list_item', 'header', 'footer'])

/** Rows of a table that follow those kept before. */
export interface FurtherRows {
  rows: string[][]
  /** The table's header, to stand above these rows too. */
  header?: string[] | undefined
  /** Which row of the table the first of these is, counted from 1. */
  first: number
  page: number
  name?: string | undefined
  /** Tells this table from the document's others. */
  title?: string | undefined
}

/**
 * A document while it is being read. Invariants: every block covers exactly its text on its page; kept text and cells stay
 * under the limits; what is too long for one part goes on in further parts; whatever is left out is named once in `warnings`.
 */
export class Draft {
  /** The first part, with what is told of the whole. */
  readonly document: ParsedDocument
  /** The part that is being filled. */
  #part: ParsedDocument
  #characters = 0
  #cells = 0
  /** Further parts that are full, until somebody keeps them. */
  #full: { document: ParsedDocument; label?: string }[] = []
  /** Characters in memory, over all parts. */
  #held = 0
  #parts = 1
  #warned = new Set<string>()
  #lastKind: BlockKind | undefined
  readonly #maxRows: number

  constructor(format: DocumentFormat, mediaType: string, maxRows = MAX_TABLE_ROWS) {
    this.document = { format, mediaType, pages: [], blocks: [], tables: [], metadata: {}, embedded: [], warnings: [] }
    this.#part = this.document
    this.#maxRows = maxRows
  }

  /** The page that text goes to now; the first one exists as soon as it is asked for. */
  get page(): Page {
    return this.#part.pages.at(-1) ?? this.startPage()
  }

  startPage(more: Pick<Page, 'width' | 'height'> & { number?: number } = {}): Page {
    const last = this.#part.pages.at(-1)?.number ?? 0
    if (this.#characters >= MAX_PART_CHARACTERS || this.#part.pages.length >= MAX_PART_PAGES) this.#startPart()
    const page: Page = { number: last + 1, text: '', boxes: [], source: 'text', ...more }
    this.#part.pages.push(page)
    this.#lastKind = undefined
    return page
  }

  /** Adds a block of text to the current page; blank text adds nothing. Gives the (first) block, to set more on it. */
  add(kind: BlockKind, text: string, level?: number): Block | undefined {
    const clean = cleanText(text)
    let added: Block | undefined
    for (let at = 0; at < clean.length; ) {
      if (!this.#hasMemoryFor(LONGEST_WORD)) return added
      const room = Math.min(MAX_PART_CHARACTERS - this.#characters, MAX_TEXT_CHARACTERS - this.#held)
      const end = cutBefore(clean, at, at + Math.max(0, room))
      if (end > at) {
        const block = this.#append(kind, clean.slice(at, end), level)
        added ??= block
        at = end
      } else this.#startPart(this.page)
    }
    return added
  }

  #append(kind: BlockKind, kept: string, level: number | undefined): Block {
    const page = this.page
    if (page.text !== '') page.text += this.#lastKind === kind && TIGHT.has(kind) ? '\n' : '\n\n'
    const block: Block = {
      kind,
      page: page.number,
      start: page.text.length,
      end: page.text.length + kept.length,
      ...(level !== undefined && { level }),
    }
    page.text += kept
    this.#count(kept.length)
    this.#lastKind = kind
    this.#part.blocks.push(block)
    return block
  }

  #count(characters: number): void {
    this.#characters += characters
    this.#held += characters
  }

  #hasMemoryFor(characters: number): boolean {
    const hasRoom = characters <= MAX_TEXT_CHARACTERS - this.#held
    if (!hasRoom) this.leaveOut(`Only the first ${MAX_TEXT_CHARACTERS.toLocaleString('en')} characters were kept.`)
    return hasRoom
  }

  /** Goes on in a new part; `page`: in the middle of this page. */
  #startPart(page?: Page): void {
    if (this.#part !== this.document) this.#full.push({ document: this.#part })
    const { format, mediaType } = this.document
    this.#part = { format, mediaType, pages: [], blocks: [], tables: [], metadata: {}, embedded: [], warnings: [] }
    if (page) this.#part.pages.push({ ...page, text: '', boxes: [] })
    this.#characters = 0
    this.#cells = 0
    this.#lastKind = undefined
  }

  /**
   * Adds a table, its rows made equally long, as a block whose text has one line a row and tabs between cells. Rows for which the part has no
   * room become parts of their own.
   */
  table(rows: string[][], options: { name?: string | undefined; hasHeader?: boolean } = {}): void {
    const room = this.#roomFor(rows)
    const page = this.page.number
    this.#tableHere(rows.slice(0, room), options)
    const { hasHeader, name } = options
    if (room < rows.length)
      this.addRows({ rows: rows.slice(room), header: hasHeader ? rows[0] : undefined, first: room + 1, page, name, title: name })
  }

  #tableHere(rows: string[][], options: { name?: string | undefined; hasHeader?: boolean }): void {
    // The block that names the table must begin in its part.
    if (this.#characters > MAX_PART_CHARACTERS - LONGEST_WORD) this.#startPart(this.page)
    const table = this.keepTable(rows, this.page.number, options)
    if (table === undefined) return
    const index = this.lastTable
    const block = this.add('table', table.rows.map((row) => row.join('\t').trimEnd()).join('\n'))
    if (block) block.table = index
  }

  /** Rows of a table that do not stand in the part where it begins: parts of their own, under the table's header. */
  addRows(further: FurtherRows): void {
    const { rows, header = [], first } = further
    const widest = rows.reduce((width, row) => Math.max(width, row.length), Math.max(1, header.length))
    const step = Math.max(1, Math.min(MAX_PART_ROWS, Math.floor(MAX_TABLE_CELLS / widest) - 1))
    for (let at = 0; at < rows.length; at += step) this.#addRowsPart({ ...further, rows: rows.slice(at, at + step), first: first + at })
  }

  #addRowsPart({ rows, header, first, page, name, title }: FurtherRows): void {
    const part = new Draft(this.document.format, this.document.mediaType, MAX_PART_ROWS + 1)
    part.startPage({ number: page })
    part.#tableHere(header === undefined ? rows : [header, ...rows], { name, hasHeader: header !== undefined })
    const span = `rows ${first.toLocaleString('en')}–${(first + rows.length - 1).toLocaleString('en')}`
    for (const sentence of part.document.unread ?? []) this.leaveOut(sentence)
    this.#held += part.#held
    this.#full.push({ document: part.document, label: title === undefined ? span : `${title}, ${span}` })
  }

  /** How many of the rows one part can hold. */
  #roomFor(rows: string[][]): number {
    const width = rows.reduce((widest, row) => Math.max(widest, row.length), 1)
    return Math.max(0, Math.min(rows.length, this.#maxRows, Math.floor((MAX_TABLE_CELLS - this.#cells) / width)))
  }

  /** Keeps a table without adding text for it, for formats whose page text holds it already. */
  keepTable(rows: string[][], page: number, options: { name?: string | undefined; hasHeader?: boolean } = {}): Table | undefined {
    const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0)
    if (width === 0) return undefined
    const room = this.#roomFor(rows)
    if (rows.length > room)
      this.leaveOut(
        `Tables were cut: only the first ${this.#maxRows.toLocaleString('en')} rows of one and ${MAX_TABLE_CELLS.toLocaleString('en')} cells in all are kept.`,
      )
    const kept = rows.slice(0, room).map((row) => Array.from({ length: width }, (_, index) => cleanCell(row[index] ?? '')))
    if (kept.length === 0) return undefined
    this.#cells += kept.length * width
    const table: Table = { page, rows: kept, hasHeader: options.hasHeader ?? false, ...(options.name && { name: options.name }) }
    this.#part.tables.push(table)
    return table
  }

  /** Where the table that was kept last stands among those of its part. */
  get lastTable(): number {
    return this.#part.tables.length - 1
  }

  /** Sets a whole page at once, for parsers that lay out their text themselves. Blocks count from the page's start. */
  fill(page: Page, text: string, boxes: TextBox[], blocks: Omit<Block, 'page'>[]): void {
    if (!this.#hasMemoryFor(text.length)) return
    page.text = text
    page.boxes = boxes
    this.#count(text.length)
    for (const block of blocks) this.#part.blocks.push({ ...block, page: page.number })
  }

  /** Gives the parts that are full to their keeper, so that they need not stay in memory. */
  async putAway(tools: Keeping): Promise<void> {
    for (const { document, label } of this.#full.splice(0)) {
      this.#held -= document.pages.reduce((sum, page) => sum + page.text.length, 0)
      if (tools.keepPart === undefined) this.leaveOut('The document is too long to be kept whole here; only its first part was.')
      else if (this.#parts > MAX_PARTS)
        this.leaveOut(`The document is too long to be kept whole; only its first ${MAX_PARTS + 1} parts were kept.`)
      else {
        const number = ++this.#parts
        await tools.keepPart({ number, label: label ?? labelOf(document, number), document })
      }
    }
  }

  /** The document, when all of it was read: its further parts are with their keeper. */
  async close(tools: Keeping): Promise<ParsedDocument> {
    if (this.#part !== this.document) this.#full.push({ document: this.#part })
    await this.putAway(tools)
    const parts = this.#parts - 1
    if (parts > 0) {
      this.document.parts = parts
      this.warn(
        `The document is long and goes on in ${parts} further ${parts === 1 ? 'part' : 'parts'}, which searches and questions reach; its class, fields and summary come from the first.`,
      )
    }
    return this.document
  }

  warn(sentence: string): void {
    if (this.#warned.has(sentence) || this.document.warnings.length >= MAX_WARNINGS) return
    this.#warned.add(sentence)
    this.document.warnings.push(sentence)
  }

  /** Warns of content that was not read: whoever relies on the document must know of it. */
  leaveOut(sentence: string): void {
    this.warn(sentence)
    const { warnings, unread = [] } = this.document
    if (warnings.includes(sentence) && !unread.includes(sentence)) this.document.unread = [...unread, sentence]
  }

  /** Records flat metadata; blank values leave no key, a later value of the same key wins. */
  note(key: string, value: string | undefined): void {
    const clean = cleanCell(value ?? '').slice(0, 2_000)
    if (clean !== '') this.document.metadata[key] = clean
  }

  title(text: string | undefined): void {
    const clean = cleanCell(text ?? '').slice(0, 300)
    if (clean !== '') this.document.title ??= clean
  }

  embed(file: EmbeddedFile): void {
    this.document.embedded.push(file)
  }
}

/** `pages 2,001–4,000`; parts of a single page are only counted. */
function labelOf({ pages }: ParsedDocument, number: number): string {
  const [first, last] = [pages[0]?.number ?? 1, pages.at(-1)?.number ?? 1]
  if (last === 1) return `part ${number}`
  return first === last ? `page ${first.toLocaleString('en')}` : `pages ${first.toLocaleString('en')}–${last.toLocaleString('en')}`
}
