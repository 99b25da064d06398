import type { Draft } from '../draft'
import { attribute, readXml, type XmlAttributes } from '../xml'
import type { OfficePackage } from './package'

/** Parts of a drawing that hold text of their own. */
const TEXT_PARTS = new Set(['chart', 'chartEx', 'diagramData'])

/** Adds the text of a drawing: its text boxes, and the titles, labels and values of its charts and diagrams. */
export function readDrawing(draft: Draft, office: OfficePackage, part: string): void {
  readDrawingPart(draft, office, part)
  for (const { type, target, external } of office.relationships(part).values())
    if (TEXT_PARTS.has(type) && !external) readDrawingPart(draft, office, target)
}

/** Adds the charts and diagrams that a part refers to, without the part's own text. */
export function readCharts(draft: Draft, office: OfficePackage, part: string): void {
  for (const { type, target, external } of office.relationships(part).values())
    if (TEXT_PARTS.has(type) && !external) readDrawingPart(draft, office, target)
}

/** One line a series: values of a chart stand in lists. */
const LISTS = new Set(['cat', 'val', 'tx', 'xVal', 'yVal'])

function readDrawingPart(draft: Draft, office: OfficePackage, part: string): void {
  const entry = office.archive.find(part)
  if (entry) readXml(entry.chunks(), new DrawingReader(draft), entry.name)
}

/** Collects paragraphs and value lists of one part; what a part says twice (labels of several series) is added once. */
class DrawingReader {
  readonly #draft: Draft
  #said = new Set<string>()
  #paragraph = ''
  #list: string[] = []
  #value = ''
  #reading: 'text' | 'value' | undefined

  constructor(draft: Draft) {
    this.#draft = draft
  }

  open = (tag: string, attributes: XmlAttributes): void => {
    if (tag === 't') this.#reading = 'text'
    else if (tag === 'v') this.#reading = 'value'
    else if (tag === 'br') this.#paragraph += '\n'
    else if (tag === 'textpath') this.#say(attribute(attributes, 'string') ?? '')
  }

  text = (text: string): void => {
    if (this.#reading === 'text') this.#paragraph += text
    else if (this.#reading === 'value') this.#value += text
  }

  close = (tag: string): void => {
    if (tag === 't' || tag === 'v') this.#reading = undefined
    if (tag === 'v') {
      this.#list.push(this.#value)
      this.#value = ''
    } else if (tag === 'p') {
      this.#say(this.#paragraph)
      this.#paragraph = ''
    } else if (LISTS.has(tag)) {
      this.#say(this.#list.join(' '))
      this.#list = []
    }
  }

  #say(text: string): void {
    if (text.trim() === '' || this.#said.has(text)) return
    this.#said.add(text)
    this.#draft.add('paragraph', text)
  }
}
