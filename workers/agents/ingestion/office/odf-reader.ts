import type { Draft } from '../draft'
import { attribute, type XmlAttributes } from '../xml'

interface OpenTable {
  name: string | undefined
  rows: string[][]
  row: string[]
  cell: string | undefined
  repeat: number
}

/** Repeated cells and rows fill a sheet to its edges; only this many are spelled out. */
const MAX_REPEATS = 50

/** Turns the events of an OpenDocument content or styles part into blocks. In styles only what pages show is read. */
export class OdfReader {
  readonly #draft: Draft
  readonly #part: 'body' | 'master'
  #paragraphs: { text: string; heading: number | undefined; margin: 'header' | 'footer' | undefined }[] = []
  #tables: OpenTable[] = []
  #listDepth = 0
  #itemStarts = false
  #hidden = 0
  #active: number
  #margin: 'header' | 'footer' | undefined
  #links: { start: number; url: string }[] = []

  constructor(draft: Draft, part: 'body' | 'master') {
    this.#draft = draft
    this.#part = part
    // In content everything inside the body counts, in styles what stands inside a master page.
    this.#active = 0
  }

  open = (tag: string, attributes: XmlAttributes): void => {
    if (tag === (this.#part === 'body' ? 'body' : 'master-page')) this.#active++
    if (tag === 'tracked-changes' || tag === 'forms') this.#hidden++
    if (tag === 'event-listener') this.#draft.warn('The file holds macros; they were not run.')
    if (this.#active === 0 || this.#hidden > 0) return
    this.#openText(tag, attributes)
    this.#openTable(tag, attributes)
  }

  text = (text: string): void => {
    const paragraph = this.#paragraphs.at(-1)
    if (paragraph && this.#hidden === 0) paragraph.text += text.replace(/\s+/g, ' ')
  }

  close = (tag: string): void => {
    if (tag === (this.#part === 'body' ? 'body' : 'master-page')) this.#active--
    if (tag === 'tracked-changes' || tag === 'forms') this.#hidden--
    if (this.#active === 0 || this.#hidden > 0) return
    if (tag === 'p' || tag === 'h') this.#closeParagraph()
    else if (tag === 'list') this.#listDepth--
    else if (tag === 'a') this.#closeLink()
    else if (tag === 'header' || tag === 'footer') this.#margin = undefined
    else if (tag === 'table-cell') this.#closeCell()
    else if (tag === 'table-row') this.#closeRow()
    else if (tag === 'table') this.#closeTable()
  }

  #openText(tag: string, attributes: XmlAttributes): void {
    const paragraph = this.#paragraphs.at(-1)
    if (tag === 'p' || tag === 'h') {
      const level = tag === 'h' ? Math.min(6, Math.max(1, Number(attribute(attributes, 'outline-level') ?? 1))) : undefined
      this.#paragraphs.push({ text: '', heading: level, margin: this.#margin })
    } else if (tag === 'page' && this.#part === 'body') this.#startPage()
    else if (tag === 'list') this.#listDepth++
    else if (tag === 'list-item') this.#itemStarts = true
    else if (tag === 'header' || tag === 'footer') this.#margin = tag
    else if (tag === 'a') this.#links.push({ start: paragraph?.text.length ?? 0, url: attribute(attributes, 'href') ?? '' })
    else if (paragraph === undefined) return
    else if (tag === 's') paragraph.text += ' '.repeat(Math.min(100, Number(attribute(attributes, 'c') ?? 1) || 1))
    else if (tag === 'tab') paragraph.text += '\t'
    else if (tag === 'line-break') paragraph.text += '\n'
  }

  #startPage(): void {
    if (this.#draft.document.pages.length === 0 || this.#draft.page.text !== '') this.#draft.startPage()
  }

  #closeParagraph(): void {
    const paragraph = this.#paragraphs.pop()
    const table = this.#tables.at(-1)
    if (paragraph === undefined) return
    if (table?.cell !== undefined) {
      table.cell += (table.cell === '' ? '' : '\n') + paragraph.text
      return
    }
    if (paragraph.margin) this.#draft.add(paragraph.margin, paragraph.text)
    else if (this.#part === 'master') this.#draft.add('footer', paragraph.text)
    else if (paragraph.heading !== undefined) this.#draft.add('heading', paragraph.text, paragraph.heading)
    else if (this.#listDepth > 0) this.#draft.add('list_item', this.#itemStarts ? `• ${paragraph.text}` : paragraph.text, this.#listDepth)
    else this.#draft.add('paragraph', paragraph.text)
    if (paragraph.text.trim() !== '') this.#itemStarts = false
  }

  #closeLink(): void {
    const link = this.#links.pop()
    const paragraph = this.#paragraphs.at(-1)
    if (
      paragraph &&
      link &&
      /^(https?|mailto):/i.test(link.url) &&
      !paragraph.text.slice(link.start).includes(link.url.replace(/^mailto:/, ''))
    )
      paragraph.text += ` (${link.url})`
  }

  #openTable(tag: string, attributes: XmlAttributes): void {
    const table = this.#tables.at(-1)
    if (tag === 'table') {
      const name = attribute(attributes, 'name')
      if (this.#draft.document.mediaType.includes('spreadsheet') && this.#tables.length === 0) {
        this.#startPage()
        this.#draft.add('heading', name ?? '', 2)
      }
      this.#tables.push({ name, rows: [], row: [], cell: undefined, repeat: 1 })
    } else if (tag === 'table-row' && table) table.row = []
    else if ((tag === 'table-cell' || tag === 'covered-table-cell') && table) {
      table.cell = ''
      table.repeat = Math.min(MAX_REPEATS, Number(attribute(attributes, 'number-columns-repeated') ?? 1) || 1)
      if (tag === 'covered-table-cell') this.#closeCell()
    }
  }

  #closeCell(): void {
    const table = this.#tables.at(-1)
    if (table?.cell === undefined) return
    const cell = table.cell
    table.row.push(...Array.from({ length: table.repeat }, () => cell))
    table.cell = undefined
  }

  #closeRow(): void {
    const table = this.#tables.at(-1)
    if (table === undefined) return
    while (table.row.at(-1) === '') table.row.pop()
    if (table.row.length > 0) table.rows.push(table.row)
  }

  #closeTable(): void {
    const table = this.#tables.pop()
    const outer = this.#tables.at(-1)
    if (table === undefined) return
    if (outer?.cell !== undefined) outer.cell += table.rows.map((row) => `\n${row.join(' ')}`).join('')
    else
      this.#draft.table(table.rows, {
        name: table.name,
        hasHeader: table.rows.length > 1 && (table.rows[0] ?? []).every((cell) => cell !== '' && !/^[\d.,]+$/.test(cell)),
      })
  }
}
