import type { Block } from '../../../domain/documents'
import type { Draft } from '../draft'
import { MAX_MARKUP_DEPTH } from '../limits'
import { type HtmlToken, readHtmlTokens } from './html-tokens'

/** Elements that are left out with all they hold. */
const HIDDEN = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'iframe',
  'object',
  'applet',
  'svg',
  'math',
  'canvas',
  'video',
  'audio',
  'select',
])
/** Elements that end the paragraph before them. */
const BLOCKS = new Set(
  'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul caption'.split(
    ' ',
  ),
)
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))

interface OpenTable {
  rows: string[][]
  cell: string | undefined
  hasHeader: boolean
  caption: string
}

/** Turns HTML tokens into blocks of a draft. One reader reads one text. */
export class HtmlReader {
  readonly #draft: Draft
  #text = ''
  #kind: Block['kind'] = 'paragraph'
  #level: number | undefined
  #lists: { ordered: boolean; next: number }[] = []
  #tables: OpenTable[] = []
  #hidden: string[] = []
  #preformatted = 0
  #quoted = 0
  #inTitle = false
  #title = ''

  constructor(draft: Draft) {
    this.#draft = draft
  }

  read(html: string): void {
    for (const token of readHtmlTokens(html)) this.#take(token)
    this.#flush()
    while (this.#tables.length > 0) this.#closeTable()
    this.#draft.title(this.#title)
  }

  #take(token: HtmlToken): void {
    if (token.kind === 'text') this.#addText(token.text)
    else if (this.#hidden.length > 0) this.#trackHidden(token)
    else if (token.kind === 'open') this.#open(token)
    else this.#close(token.name)
  }

  #trackHidden(token: Exclude<HtmlToken, { kind: 'text' }>): void {
    if (token.kind === 'close' && token.name === this.#hidden.at(-1)) this.#hidden.pop()
    else if (token.kind === 'open' && token.name === this.#hidden.at(-1) && !token.selfClosing && this.#hidden.length < MAX_MARKUP_DEPTH)
      this.#hidden.push(token.name)
  }

  #addText(text: string): void {
    if (this.#hidden.length > 0) return
    if (this.#inTitle) this.#title += text
    else this.#append(this.#preformatted > 0 ? text : text.replace(/[ \t\r\n\f]+/g, ' '))
  }

  #append(text: string): void {
    const cell = this.#tables.at(-1)
    if (cell?.cell !== undefined) cell.cell += text
    else this.#text += this.#text === '' || this.#text.endsWith('\n') ? (this.#preformatted > 0 ? text : text.trimStart()) : text
  }

  #open({ name, attributes, selfClosing }: Extract<HtmlToken, { kind: 'open' }>): void {
    if (name === 'title') this.#inTitle = true
    else if (name === 'br') this.#append('\n')
    else if (name === 'img' && attributes.alt) this.#append(` ${attributes.alt} `)
    else if (name === 'meta' && attributes.name && attributes.content)
      this.#draft.note(attributes.name.toLowerCase().slice(0, 60), attributes.content)
    else if (HIDDEN.has(name) || isInvisible(attributes)) {
      if (!selfClosing && !VOID.has(name)) this.#hidden.push(name)
    } else if (BLOCKS.has(name)) this.#openBlock(name)
  }

  #openBlock(name: string): void {
    if (this.#openTablePart(name)) return
    this.#flush()
    const heading = /^h([1-6])$/.exec(name)
    if (heading) this.#begin('heading', Number(heading[1]))
    else if ((name === 'ul' || name === 'ol' || name === 'menu') && this.#lists.length < MAX_MARKUP_DEPTH)
      this.#lists.push({ ordered: name === 'ol', next: 1 })
    else if (name === 'li') this.#openItem()
    else if (name === 'blockquote') this.#quoted++
    else if (name === 'pre') this.#preformatted++
    if (!heading && name !== 'li') this.#begin(this.#preformatted > 0 ? 'code' : this.#quoted > 0 ? 'quote' : 'paragraph')
  }

  #openItem(): void {
    const list = this.#lists.at(-1)
    this.#begin('list_item', Math.max(1, this.#lists.length))
    this.#text = list?.ordered ? `${list.next++}. ` : '- '
  }

  #begin(kind: Block['kind'], level?: number): void {
    this.#kind = kind
    this.#level = level
  }

  /** Whether the tag belonged to a table. A table inside a cell is read as that cell's text. */
  #openTablePart(name: string): boolean {
    const table = this.#tables.at(-1)
    if (name === 'table') {
      if (table?.cell !== undefined) {
        table.cell += '\n'
        this.#tables.push({ rows: [], cell: undefined, hasHeader: false, caption: '' })
        return true
      }
      this.#flush()
      this.#tables.push({ rows: [], cell: undefined, hasHeader: false, caption: '' })
      return true
    }
    if (table === undefined) return false
    if (name === 'tr') {
      this.#closeCell(table)
      table.rows.push([])
    } else if (name === 'td' || name === 'th') {
      this.#closeCell(table)
      if (table.rows.length === 0) table.rows.push([])
      if (name === 'th' && table.rows.length === 1) table.hasHeader = true
      table.cell = ''
    } else if (table.cell !== undefined) table.cell += '\n'
    else return false
    return true
  }

  #closeCell(table: OpenTable): void {
    if (table.cell !== undefined) table.rows.at(-1)?.push(table.cell)
    table.cell = undefined
  }

  #close(name: string): void {
    const table = this.#tables.at(-1)
    if (name === 'title') this.#closeTitle()
    else if (name === 'table') this.#closeTable()
    else if (table !== undefined && (name === 'td' || name === 'th')) this.#closeCell(table)
    else if (BLOCKS.has(name) && table?.cell !== undefined) table.cell += '\n'
    else if (BLOCKS.has(name)) this.#closeBlock(name)
  }

  #closeTitle(): void {
    this.#inTitle = false
    this.#draft.title(this.#title)
  }

  #closeBlock(name: string): void {
    this.#flush()
    if (name === 'ul' || name === 'ol' || name === 'menu') this.#lists.pop()
    else if (name === 'blockquote') this.#quoted = Math.max(0, this.#quoted - 1)
    else if (name === 'pre') this.#preformatted = Math.max(0, this.#preformatted - 1)
    this.#begin(this.#quoted > 0 ? 'quote' : 'paragraph')
  }

  #closeTable(): void {
    const table = this.#tables.pop()
    if (table === undefined) return
    this.#closeCell(table)
    const rows = table.rows.filter((row) => row.some((cell) => cell.trim() !== ''))
    const outer = this.#tables.at(-1)
    if (outer?.cell !== undefined) outer.cell += rows.map((row) => row.map((cell) => cell.trim()).join(' ')).join('\n')
    else if (isLayout(rows))
      for (const cell of rows.flat()) for (const part of cell.split(/\n\s*\n/)) this.#draft.add('paragraph', tidy(part))
    else this.#draft.table(rows, { hasHeader: table.hasHeader })
  }

  #flush(): void {
    const text = this.#kind === 'code' ? this.#text : tidy(this.#text)
    this.#text = ''
    if (!/^(-|\d+\.)?\s*$/.test(text)) this.#draft.add(this.#kind, text, this.#level)
    if (this.#kind === 'heading') this.#draft.title(text)
  }
}

/** Mails lay themselves out with tables of one column: those are paragraphs, not tables. */
const isLayout = (rows: string[][]): boolean => rows.every((row) => row.length <= 1) || rows.length === 0

const tidy = (text: string): string =>
  text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim()

const isInvisible = (attributes: Record<string, string>): boolean =>
  'hidden' in attributes || /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attributes.style ?? '')
