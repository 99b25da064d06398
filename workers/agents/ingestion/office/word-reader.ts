import type { Block } from '../../../domain/documents'
import type { Draft } from '../draft'
import { attribute, relationshipId, type XmlAttributes } from '../xml'
import type { Relationship } from './package'
import { readFieldCode } from './word-fields'
import type { WordNumbering } from './word-numbering'
import { headingLevel, type WordStyle } from './word-styles'

interface Paragraph {
  text: string
  style: string
  outline: number | undefined
  numId: string | undefined
  level: number | undefined
  breaksAfter: boolean
  /** Number of tables open around it. */
  tables: number
}

interface OpenTable {
  rows: string[][]
  cell: string | undefined
  span: number
}

interface WordContext {
  draft: Draft
  styles: Map<string, WordStyle>
  numbering: WordNumbering
  relationships: Map<string, Relationship>
  /** What all blocks of this part are, for headers and footers. */
  kind: 'header' | 'footer' | undefined
  /** Texts that were added before and are not repeated. */
  said?: Set<string>
}

/** Elements whose content is not shown: deleted text, and the older twin of a drawing. */
const SKIPPED = new Set(['Fallback', 'del', 'moveFrom', 'delText', 'pPrChange', 'rPrChange', 'sectPrChange', 'tblPrChange'])

/** Turns the events of one WordprocessingML part into blocks. Text boxes lie inside paragraphs, so paragraphs are a stack. */
export class WordReader {
  readonly #context: WordContext
  #paragraphs: Paragraph[] = []
  #tables: OpenTable[] = []
  #skipped = 0
  #inText = false
  #field = ''
  #inField = false
  #links: { start: number; url: string }[] = []
  #introduction = ''
  #ruby: { start: number; reading: string } | undefined

  constructor(context: WordContext) {
    this.#context = context
  }

  open = (tag: string, attributes: XmlAttributes): void => {
    if (SKIPPED.has(tag)) this.#skipped++
    if (this.#skipped > 0) return
    const handler = OPENERS[tag]
    if (handler) handler(this, attributes)
  }

  close = (tag: string): void => {
    if (SKIPPED.has(tag)) this.#skipped--
    else if (this.#skipped === 0) CLOSERS[tag]?.(this)
  }

  text = (text: string): void => {
    if (this.#skipped > 0) return
    if (this.#inText) this.append(text)
    else if (this.#inField) this.#field += text
  }

  append(text: string): void {
    const paragraph = this.#paragraphs.at(-1)
    if (paragraph) paragraph.text += text
  }

  setText(on: boolean): void {
    this.#inText = on
  }

  setField(on: boolean): void {
    this.#inField = on
  }

  /** Field codes may load content from elsewhere: that is noted, never done. */
  endField(code = this.#field): void {
    readFieldCode(this.#context.draft, code)
    this.#field = ''
  }

  /** Puts words in front of the next paragraph. */
  introduce(words: string): void {
    this.#introduction = words
  }

  openParagraph(): void {
    this.#paragraphs.push({
      text: this.#introduction,
      style: '',
      outline: undefined,
      numId: undefined,
      level: undefined,
      breaksAfter: false,
      tables: this.#tables.length,
    })
    this.#introduction = ''
  }

  setParagraph(values: Partial<Paragraph>): void {
    const paragraph = this.#paragraphs.at(-1)
    if (paragraph) Object.assign(paragraph, values)
  }

  closeParagraph(): void {
    const paragraph = this.#paragraphs.pop()
    if (paragraph === undefined) return
    const cell = this.#tables.at(-1)
    const text = this.#label(paragraph)
    if (cell?.cell !== undefined) cell.cell += (cell.cell === '' ? '' : '\n') + text
    else this.#add(paragraph, text)
    if (paragraph.breaksAfter) this.#startPage()
  }

  /** A break before any text starts the page at once, one within a paragraph only after it: a block has one page. */
  breakPage(): void {
    const paragraph = this.#paragraphs.at(-1)
    if (this.#context.kind !== undefined || this.#tables.length > 0 || this.#paragraphs.length > 1) return
    if (paragraph && paragraph.text.trim() !== '') paragraph.breaksAfter = true
    else this.#startPage()
  }

  #startPage(): void {
    if (this.#context.draft.page.text !== '') this.#context.draft.startPage()
  }

  #label(paragraph: Paragraph): string {
    const style = this.#context.styles.get(paragraph.style)
    const numId = paragraph.numId ?? style?.numId
    if (numId === undefined || numId === '0' || paragraph.text.trim() === '') return paragraph.text
    const level = paragraph.level ?? style?.level ?? 0
    paragraph.level = level
    paragraph.numId = numId
    const label = this.#context.numbering.next(numId, level)
    return label === undefined ? paragraph.text : `${label} ${paragraph.text.trimStart()}`
  }

  #add(paragraph: Paragraph, text: string): void {
    const { draft, styles, kind, said } = this.#context
    if (said?.has(text)) return
    said?.add(text)
    const style = styles.get(paragraph.style)
    const heading = paragraph.outline !== undefined && paragraph.outline < 9 ? paragraph.outline + 1 : headingLevel(style)
    const isItem = paragraph.numId !== undefined && paragraph.numId !== '0'
    const own: Block['kind'] =
      heading !== undefined ? 'heading' : isItem ? 'list_item' : /quote|zitat/i.test(style?.name ?? '') ? 'quote' : 'paragraph'
    if (own === 'heading' && kind === undefined) draft.note('firstHeading', draft.document.metadata.firstHeading ?? text)
    draft.add(kind ?? own, text, kind ? undefined : (heading ?? (isItem ? (paragraph.level ?? 0) + 1 : undefined)))
  }

  openTable(): void {
    this.#tables.push({ rows: [], cell: undefined, span: 1 })
  }

  openRow(): void {
    this.#tables.at(-1)?.rows.push([])
  }

  openCell(): void {
    const table = this.#tables.at(-1)
    if (table) Object.assign(table, { cell: '', span: 1 })
  }

  setSpan(span: number): void {
    const table = this.#tables.at(-1)
    if (table) table.span = Math.min(100, Math.max(1, span))
  }

  closeCell(): void {
    const table = this.#tables.at(-1)
    table?.rows.at(-1)?.push(table.cell ?? '', ...Array.from({ length: table.span - 1 }, () => ''))
    if (table) table.cell = undefined
  }

  /** A table inside a cell is text of that cell. */
  closeTable(): void {
    const table = this.#tables.pop()
    const outer = this.#tables.at(-1)
    if (table === undefined) return
    if (outer?.cell !== undefined) outer.cell += table.rows.map((row) => `\n${row.join(' ')}`).join('')
    else
      this.#context.draft.table(table.rows, {
        hasHeader: table.rows.length > 1 && (table.rows[0] ?? []).every((cell) => cell.trim() !== ''),
      })
  }

  openLink(attributes: XmlAttributes): void {
    const target = this.#context.relationships.get(relationshipId(attributes) ?? '')
    this.#links.push({ start: this.#paragraphs.at(-1)?.text.length ?? 0, url: target?.external ? target.target : '' })
  }

  closeLink(): void {
    const link = this.#links.pop()
    const label = this.#paragraphs.at(-1)?.text.slice(link?.start) ?? ''
    if (link?.url && !label.includes(link.url.replace(/^mailto:|\/$/g, ''))) this.append(` (${link.url})`)
  }

  openRuby(): void {
    this.#ruby = { start: this.#paragraphs.at(-1)?.text.length ?? 0, reading: '' }
  }

  closeReading(): void {
    const paragraph = this.#paragraphs.at(-1)
    if (paragraph === undefined || this.#ruby === undefined) return
    this.#ruby.reading = paragraph.text.slice(this.#ruby.start)
    paragraph.text = paragraph.text.slice(0, this.#ruby.start)
  }

  closeRuby(): void {
    if (this.#ruby?.reading) this.append(` (${this.#ruby.reading})`)
    this.#ruby = undefined
  }
}

type Opener = (reader: WordReader, attributes: XmlAttributes) => void

const OPENERS: Record<string, Opener> = {
  p: (reader) => reader.openParagraph(),
  pStyle: (reader, attributes) => reader.setParagraph({ style: attribute(attributes, 'val') ?? '' }),
  outlineLvl: (reader, attributes) => reader.setParagraph({ outline: Number(attribute(attributes, 'val')) }),
  numId: (reader, attributes) => reader.setParagraph({ numId: attribute(attributes, 'val') }),
  ilvl: (reader, attributes) => reader.setParagraph({ level: Number(attribute(attributes, 'val') ?? 0) }),
  t: (reader) => reader.setText(true),
  tab: (reader, attributes) => (attribute(attributes, 'val') === undefined ? reader.append('\t') : undefined),
  ptab: (reader) => reader.append('\t'),
  cr: (reader) => reader.append('\n'),
  br: (reader, attributes) => (attribute(attributes, 'type') === 'page' ? reader.breakPage() : reader.append('\n')),
  noBreakHyphen: (reader) => reader.append('\u2011'),
  sym: (reader, attributes) => reader.append(symbol(attribute(attributes, 'char'))),
  lastRenderedPageBreak: (reader) => reader.breakPage(),
  pageBreakBefore: (reader, attributes) => (/^(0|false|off)$/.test(attribute(attributes, 'val') ?? '1') ? undefined : reader.breakPage()),
  instrText: (reader) => reader.setField(true),
  fldSimple: (reader, attributes) => reader.endField(attribute(attributes, 'instr')),
  fldChar: (reader, attributes) => (attribute(attributes, 'fldCharType') === 'begin' ? undefined : reader.endField()),
  footnoteReference: (reader, attributes) => reader.append(`[${attribute(attributes, 'id') ?? ''}]`),
  endnoteReference: (reader, attributes) => reader.append(`[${attribute(attributes, 'id') ?? ''}]`),
  comment: (reader, attributes) => reader.introduce(`Comment by ${attribute(attributes, 'author') || 'unknown'}: `),
  tbl: (reader) => reader.openTable(),
  tr: (reader) => reader.openRow(),
  tc: (reader) => reader.openCell(),
  gridSpan: (reader, attributes) => reader.setSpan(Number(attribute(attributes, 'val') ?? 1)),
  hyperlink: (reader, attributes) => reader.openLink(attributes),
  ruby: (reader) => reader.openRuby(),
}

const CLOSERS: Record<string, (reader: WordReader) => void> = {
  p: (reader) => reader.closeParagraph(),
  t: (reader) => reader.setText(false),
  instrText: (reader) => reader.setField(false),
  tc: (reader) => reader.closeCell(),
  tbl: (reader) => reader.closeTable(),
  hyperlink: (reader) => reader.closeLink(),
  rt: (reader) => reader.closeReading(),
  ruby: (reader) => reader.closeRuby(),
}

/** Symbol fonts use U+F000 upwards for their own signs; most are bullets. */
function symbol(code: string | undefined): string {
  const value = Number.parseInt(code ?? '', 16)
  if (!Number.isFinite(value)) return ''
  return value >= 0xf000 && value <= 0xf0ff ? '•' : String.fromCodePoint(Math.min(value, 0x10ffff))
}
