import type { Block, Page, ParsedDocument } from '../../domain/documents'
import type { Chunk } from '../../domain/knowledge'
import { splitSentences } from '../../skills/sentences'
import { spanOf } from '../../skills/text/lines'

/** What one passage should hold: enough for an answer, little enough to be about one thing. */
const TARGET_CHARS = 800
/** A passage may grow to this rather than leave a crumb. */
const MAX_CHARS = 1_200
const MIN_CHARS = 200

interface Piece {
  start: number
  end: number
  context: string
  /** A table keeps to itself. */
  alone: boolean
  /** Stands after a page header or footer, which must not get into a passage. */
  afterGap: boolean
}

/** Stretches of a page that no block covers are text all the same. */
function uncovered(page: Page, blocks: Block[]): Block[] {
  const gaps: Block[] = []
  let at = 0
  for (const block of [...blocks].sort((a, b) => a.start - b.start)) {
    if (/\p{L}|\p{N}/u.test(page.text.slice(at, block.start)))
      gaps.push({ kind: 'paragraph', page: page.number, start: at, end: block.start })
    at = Math.max(at, block.end)
  }
  if (/\p{L}|\p{N}/u.test(page.text.slice(at))) gaps.push({ kind: 'paragraph', page: page.number, start: at, end: page.text.length })
  return gaps
}

/** Where a stretch of text that is too long may be cut: at sentences, else at lines, else anywhere. */
function cut(text: string, start: number, end: number): { start: number; end: number }[] {
  if (end - start <= MAX_CHARS) return [{ start, end }]
  const lines = [...text.slice(start, end).matchAll(/[^\n]+\n?/g)].map((line) => ({
    start: start + line.index,
    end: start + line.index + line[0].length,
  }))
  const sentences = splitSentences(text.slice(start, end)).map((sentence) => ({ start: start + sentence.start, end: start + sentence.end }))
  const parts = sentences.length > 1 && sentences.every((part) => part.end - part.start <= MAX_CHARS) ? sentences : lines
  return parts.flatMap((part) => (part.end - part.start <= MAX_CHARS ? [part] : hardCut(part)))
}

function hardCut(part: { start: number; end: number }): { start: number; end: number }[] {
  const pieces: { start: number; end: number }[] = []
  for (let at = part.start; at < part.end; at += TARGET_CHARS) pieces.push({ start: at, end: Math.min(part.end, at + TARGET_CHARS) })
  return pieces
}

/** The headings above a place, outermost first. */
class HeadingPath {
  private levels: string[] = []

  enter(level: number, text: string): void {
    this.levels = [...this.levels.slice(0, Math.max(0, level - 1)), text]
  }

  toString(): string {
    return this.levels.filter((text) => text !== '').join(' › ')
  }
}

/** A page's blocks as pieces under their headings; page headers and footers are left out. */
function piecesOf(document: ParsedDocument, page: Page, headings: HeadingPath): Piece[] {
  const own = document.blocks.filter((block) => block.page === page.number)
  const blocks = [...own, ...uncovered(page, own)].sort((a, b) => a.start - b.start)
  let afterGap = false
  return blocks.flatMap((block) => {
    const text = page.text.slice(block.start, block.end).trim()
    if (block.kind === 'header' || block.kind === 'footer') afterGap = true
    if (text === '' || block.kind === 'header' || block.kind === 'footer') return []
    const gap = afterGap
    afterGap = false
    if (block.kind === 'heading') headings.enter(block.level ?? 1, text.replace(/\s+/g, ' ').slice(0, 120))
    const table = block.table === undefined ? undefined : document.tables[block.table]
    const header = table?.hasHeader ? (table.rows[0] ?? []).filter((cell) => cell.trim() !== '').join(' | ') : ''
    const context = [headings.toString(), table?.name ?? '', header]
      .filter((part) => part !== '')
      .join(' › ')
      .slice(0, 300)
    return cut(page.text, block.start, block.end).map((part, index) => ({
      ...part,
      context,
      alone: block.kind === 'table',
      afterGap: gap && index === 0,
    }))
  })
}

/** Whether a piece belongs to the passage before it: same section, same kind, and together no longer than a passage should be. */
function belongs(last: Piece, piece: Piece): boolean {
  if (piece.afterGap || last.alone !== piece.alone) return false
  const crumb = last.end - last.start < MIN_CHARS
  if (last.context !== piece.context && (last.alone || !crumb || !piece.context.startsWith(last.context))) return false
  return piece.end - last.start <= (crumb ? MAX_CHARS : TARGET_CHARS)
}

/** Neighbours under one heading joined to passages of about the target size; a heading opens a passage and never ends one. */
function join(pieces: Piece[]): Piece[] {
  const joined: Piece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (last && belongs(last, piece)) joined[joined.length - 1] = { ...last, end: piece.end, context: piece.context }
    else joined.push(piece)
  }
  return joined
}

/** Passages to index: cut at headings, tables, pages and sentences, each exactly the page's text at its span. Ids are stable. */
export function chunkDocument(documentId: string, document: ParsedDocument): Chunk[] {
  const headings = new HeadingPath()
  return document.pages.flatMap((page) =>
    join(piecesOf(document, page, headings)).flatMap((piece) => {
      const raw = page.text.slice(piece.start, piece.end)
      const start = piece.start + raw.length - raw.trimStart().length
      const text = raw.trim()
      if (text === '') return []
      const span = spanOf(document.pages, { page: page.number, start, end: start + text.length }, documentId)
      return [{ id: `chk_${documentId}_${page.number}_${start}`, text, context: piece.context, span }]
    }),
  )
}
