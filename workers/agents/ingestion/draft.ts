import type { Block, DocumentFormat, EmbeddedFile, Page, ParsedDocument, Table, TextBox } from '../../domain/documents'
import { MAX_TABLE_CELLS, MAX_TABLE_ROWS, MAX_TEXT_CHARACTERS, MAX_WARNINGS } from './limits'

type BlockKind = Block['kind']

/** Blocks that stand on lines of their own without an empty line between two of a kind. */
const TIGHT: ReadonlySet<BlockKind> = new Set(['list_item', 'header', 'footer'])

/**
 * A document while it is being read. Invariants: every block covers exactly its text on its page; kept text and cells stay
 * under the limits; whatever is left out is named once in `warnings`.
 */
export class Draft {
  readonly document: ParsedDocument
  #characters = 0
  #cells = 0
  #warned = new Set<string>()
  #lastKind: BlockKind | undefined

  constructor(format: DocumentFormat, mediaType: string) {
    this.document = { format, mediaType, pages: [], blocks: [], tables: [], metadata: {}, embedded: [], warnings: [] }
  }

  /** The page that text goes to now; the first one exists as soon as it is asked for. */
  get page(): Page {
    return this.document.pages.at(-1) ?? this.startPage()
  }

  startPage(size: { width?: number; height?: number } = {}): Page {
    const page: Page = { number: this.document.pages.length + 1, text: '', boxes: [], source: 'text', ...size }
    this.document.pages.push(page)
    this.#lastKind = undefined
    return page
  }

  /** Adds a block of text to the current page; blank text adds nothing. Gives the block, to set more on it. */
  add(kind: BlockKind, text: string, level?: number): Block | undefined {
    const clean = cleanText(text)
    if (clean === '') return undefined
    if (this.#characters >= MAX_TEXT_CHARACTERS) {
      this.leaveOut(`Only the first ${MAX_TEXT_CHARACTERS.toLocaleString('en')} characters were kept.`)
      return undefined
    }
    const kept = clean.slice(0, MAX_TEXT_CHARACTERS - this.#characters)
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
    this.#characters += kept.length
    this.#lastKind = kind
    this.document.blocks.push(block)
    return block
  }

  /** Adds a table, its rows made equally long, as a block whose text has one line a row and tabs between cells. */
  table(rows: string[][], options: { name?: string | undefined; hasHeader?: boolean } = {}): void {
    const table = this.keepTable(rows, this.page.number, options)
    if (table === undefined) return
    const block = this.add('table', table.rows.map((row) => row.join('\t').trimEnd()).join('\n'))
    if (block) block.table = this.document.tables.length - 1
  }

  /** Keeps a table without adding text for it, for formats whose page text holds it already. */
  keepTable(rows: string[][], page: number, options: { name?: string | undefined; hasHeader?: boolean } = {}): Table | undefined {
    const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0)
    if (width === 0) return undefined
    const room = Math.min(MAX_TABLE_ROWS, Math.floor((MAX_TABLE_CELLS - this.#cells) / width))
    if (rows.length > room)
      this.leaveOut(
        `Tables were cut: only the first ${MAX_TABLE_ROWS.toLocaleString('en')} rows of one and ${MAX_TABLE_CELLS.toLocaleString('en')} cells in all are kept.`,
      )
    const kept = rows.slice(0, Math.max(0, room)).map((row) => Array.from({ length: width }, (_, index) => cleanCell(row[index] ?? '')))
    if (kept.length === 0) return undefined
    this.#cells += kept.length * width
    const table: Table = { page, rows: kept, hasHeader: options.hasHeader ?? false, ...(options.name && { name: options.name }) }
    this.document.tables.push(table)
    return table
  }

  /** Sets a whole page at once, for parsers that lay out their text themselves. Blocks count from the page's start. */
  fill(page: Page, text: string, boxes: TextBox[], blocks: Omit<Block, 'page'>[]): void {
    const room = MAX_TEXT_CHARACTERS - this.#characters
    if (text.length > room) {
      this.leaveOut(`Only the first ${MAX_TEXT_CHARACTERS.toLocaleString('en')} characters were kept.`)
      return
    }
    page.text = text
    page.boxes = boxes
    this.#characters += text.length
    for (const block of blocks) this.document.blocks.push({ ...block, page: page.number })
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

/** Text without control characters, with plain line ends and no blanks before them. */
export const cleanText = (text: string): string =>
  text
    .replace(/\r\n?|\u2028|\u2029|\v/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    .replace(/[\u0000-\u0008\u000c\u000e-\u001f\u007f\ufeff\ufffe\uffff]/g, '')
    .replace(/[^\S\n]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\s+$/g, '')

/** The text of one table cell or metadata value: one line. */
export const cleanCell = (text: string): string => cleanText(text).replace(/\s+/g, ' ').trim()
