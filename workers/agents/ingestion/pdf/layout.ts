import type { Block, TextBox } from '../../../domain/documents'
import { toRegions } from './columns'
import { type Direction, type Fragment, toBox } from './geometry'
import { type Line, needsBlank, toLines } from './lines'
import { type FoundTable, findTables } from './tables'

/** The text of a page with its places. `tables` index the blocks that hold them. */
export interface PageLayout {
  text: string
  boxes: TextBox[]
  blocks: (Omit<Block, 'page'> & { found?: FoundTable })[]
}

/** Lays out a page: lines in reading order, tabs between segments of a line, paragraphs parted by an empty line. */
export function layOutPage(directions: Direction[], boxesPer: 'word' | 'stretch'): PageLayout {
  const page: PageLayout = { text: '', boxes: [], blocks: [] }
  for (const direction of directions) {
    const writer = new LayoutWriter(page, direction.angle, boxesPer)
    const lines = toLines(direction.fragments)
    const bodySize = usualSize(lines)
    for (const region of toRegions(lines)) writer.writeRegion(region, bodySize)
  }
  return page
}

/** The font size of most characters. */
function usualSize(lines: Line[]): number {
  const weights = new Map<number, number>()
  for (const { segments } of lines) {
    for (const { fragments } of segments)
      for (const { size, text } of fragments)
        weights.set(Math.round(size * 2) / 2, (weights.get(Math.round(size * 2) / 2) ?? 0) + text.length)
  }
  return [...weights].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 10
}

/** Lines further apart than this many font sizes belong to different paragraphs. */
const PARAGRAPH_GAP = 0.75

class LayoutWriter {
  readonly #page: PageLayout
  readonly #angle: number
  readonly #boxesPer: 'word' | 'stretch'

  constructor(page: PageLayout, angle: number, boxesPer: 'word' | 'stretch') {
    this.#page = page
    this.#angle = angle
    this.#boxesPer = boxesPer
  }

  writeRegion(lines: Line[], bodySize: number): void {
    const tables = findTables(lines)
    let at = 0
    for (const table of tables) {
      this.#writeParagraphs(lines.slice(at, table.start), bodySize)
      this.#writeBlock(lines.slice(table.start, table.end), { kind: 'table', found: table })
      at = table.end
    }
    this.#writeParagraphs(lines.slice(at), bodySize)
  }

  #writeParagraphs(lines: Line[], bodySize: number): void {
    let start = 0
    for (let index = 1; index <= lines.length; index++) {
      const before = lines[index - 1]
      const line = lines[index]
      const goesOn =
        before &&
        line &&
        line.top - before.bottom < Math.max(before.size, line.size) * PARAGRAPH_GAP &&
        Math.abs(line.size - before.size) < before.size * 0.15
      if (goesOn || before === undefined) continue
      const paragraph = lines.slice(start, index)
      this.#writeBlock(paragraph, headingKind(paragraph, bodySize))
      start = index
    }
  }

  #writeBlock(lines: Line[], block: { kind: Block['kind']; level?: number; found?: FoundTable }): void {
    if (this.#page.text !== '') this.#page.text += '\n\n'
    const start = this.#page.text.length
    lines.forEach((line, index) => {
      if (index > 0) this.#page.text += '\n'
      line.segments.forEach((segment, place) => {
        if (place > 0) this.#page.text += '\t'
        this.#writeFragments(segment.fragments)
      })
    })
    this.#page.blocks.push({ ...block, start, end: this.#page.text.length })
  }

  #writeFragments(fragments: Fragment[]): void {
    let right = fragments[0]?.x ?? 0
    let written = ''
    for (const fragment of fragments) {
      if (needsBlank(written, fragment, right)) this.#page.text += ' '
      const text = written === '' ? fragment.text.trimStart() : fragment.text
      const start = this.#page.text.length
      this.#page.text += text
      this.#addBoxes(fragment, start, text)
      written = text
      right = fragment.right
    }
  }

  /** Words share the width of their stretch by their number of characters: close enough to mark them on the page. */
  #addBoxes(fragment: Fragment, start: number, text: string): void {
    const lead = fragment.text.length - text.length
    const perCharacter = (fragment.right - fragment.x) / Math.max(1, fragment.text.length)
    for (const word of this.#boxesPer === 'word' ? text.matchAll(/\S+/g) : text.matchAll(/\S(?:.*\S)?/gs)) {
      const from = lead + word.index
      const x = fragment.x + from * perCharacter
      const box = toBox(x, x + word[0].length * perCharacter, fragment.top, fragment.bottom, this.#angle)
      this.#page.boxes.push({ ...box, start: start + word.index, end: start + word.index + word[0].length })
    }
  }
}

/** One or two short lines clearly larger than the body are a heading. */
function headingKind(lines: Line[], bodySize: number): { kind: Block['kind']; level?: number } {
  const size = lines[0]?.size ?? bodySize
  const characters = lines.reduce(
    (sum, line) => sum + line.segments.reduce((all, { fragments }) => all + fragments.reduce((each, { text }) => each + text.length, 0), 0),
    0,
  )
  if (lines.length > 2 || characters > 150 || characters < 2 || size < bodySize * 1.18) return { kind: 'paragraph' }
  return { kind: 'heading', level: size >= bodySize * 1.8 ? 1 : size >= bodySize * 1.4 ? 2 : 3 }
}
