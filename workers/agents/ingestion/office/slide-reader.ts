import type { Draft } from '../draft'
import { attribute, relationshipId, type XmlAttributes } from '../xml'
import type { Relationship } from './package'

/** Placeholders whose text on a master is a prompt (“Click to edit”), and those that number pages. */
const NUMBERS = new Set(['sldNum', 'dt'])

/** Turns the events of one slide, notes page or master into blocks: shape by shape, tables as tables. */
export class SlideReader {
  readonly #draft: Draft
  readonly #kind: 'slide' | 'notes' | 'master'
  readonly #relationships: Map<string, Relationship>
  #placeholder: string | undefined
  #paragraph = ''
  #level = 0
  #reading = false
  #skipped = 0
  #links: string[] = []
  #table: { rows: string[][]; cell: string } | undefined

  constructor(draft: Draft, kind: 'slide' | 'notes' | 'master', relationships: Map<string, Relationship>) {
    this.#draft = draft
    this.#kind = kind
    this.#relationships = relationships
  }

  open = (tag: string, attributes: XmlAttributes): void => {
    if (tag === 'Fallback') this.#skipped++
    if (this.#skipped > 0) return
    if (tag === 'sp' || tag === 'graphicFrame') this.#placeholder = undefined
    else if (tag === 'ph') this.#placeholder = attribute(attributes, 'type') ?? 'body'
    else if (tag === 'p') this.#openParagraph()
    else if (tag === 'pPr') this.#level = Number(attribute(attributes, 'lvl') ?? 0)
    else if (tag === 't') this.#reading = true
    else if (tag === 'br') this.#paragraph += '\n'
    else if (tag === 'tab') this.#paragraph += '\t'
    else if (tag === 'hlinkClick') this.#noteLink(attributes)
    else this.#openTable(tag)
  }

  text = (text: string): void => {
    if (this.#reading && this.#skipped === 0) this.#paragraph += text
  }

  close = (tag: string): void => {
    if (tag === 'Fallback') this.#skipped--
    else if (this.#skipped > 0) return
    else if (tag === 't') this.#reading = false
    else if (tag === 'p') this.#closeParagraph()
    else if (tag === 'tc') this.#table?.rows.at(-1)?.push(this.#table.cell)
    else if (tag === 'tbl' && this.#table) {
      this.#draft.table(this.#table.rows, { hasHeader: this.#table.rows.length > 1 })
      this.#table = undefined
    }
  }

  #openParagraph(): void {
    this.#paragraph = ''
    this.#level = 0
    this.#links = []
  }

  #openTable(tag: string): void {
    if (tag === 'tbl') this.#table = { rows: [], cell: '' }
    else if (tag === 'tr') this.#table?.rows.push([])
    else if (tag === 'tc' && this.#table) this.#table.cell = ''
  }

  #noteLink(attributes: XmlAttributes): void {
    const target = this.#relationships.get(relationshipId(attributes) ?? '')
    if (target?.external) this.#links.push(target.target)
  }

  #closeParagraph(): void {
    const links = this.#links.filter((link) => !this.#paragraph.includes(link)).map((link) => ` (${link})`)
    const text = this.#paragraph + (this.#paragraph.trim() === '' ? '' : [...new Set(links)].join(''))
    if (this.#table) this.#table.cell += (this.#table.cell === '' ? '' : '\n') + text
    else if (this.#isShown()) this.#add(text)
  }

  /** Prompts of a master are not on the slide, its footers and own shapes are. */
  #isShown(): boolean {
    if (this.#placeholder !== undefined && NUMBERS.has(this.#placeholder)) return false
    if (this.#kind === 'master') return this.#placeholder === undefined || this.#placeholder === 'ftr' || this.#placeholder === 'hdr'
    return this.#kind === 'slide' || this.#placeholder === 'body' || this.#placeholder === undefined
  }

  #add(text: string): void {
    if (this.#kind === 'master' || this.#placeholder === 'ftr') this.#draft.add('footer', text)
    else if (this.#kind === 'notes') this.#draft.add('paragraph', text)
    else if (this.#placeholder === 'title' || this.#placeholder === 'ctrTitle') this.#draft.add('heading', text, 2)
    else if (this.#placeholder === 'body' || this.#placeholder === 'obj') this.#draft.add('list_item', text, this.#level + 1)
    else this.#draft.add('paragraph', text)
  }
}
