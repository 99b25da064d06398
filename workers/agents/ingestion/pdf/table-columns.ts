import { type Line, needsBlank } from './lines'

/** From the left edge to the right one, in points. */
export interface Strip {
  x: number
  right: number
}

export interface Word extends Strip {
  text: string
  size: number
}

/** Words that follow each other without a gap wider than blanks of prose: the finest part of a line that is surely one cell. */
export interface Piece extends Strip {
  words: Word[]
}

/** A gap of this many font sizes parts two pieces, of less two figures: their columns can stand close. */
const PIECE_GAP = 0.55
const FIGURE_GAP = 0.42
/** Where the blanks of a line are stretched to fill it, only gaps clearly wider than they part pieces; never more than this. */
const MAX_PIECE_GAP = 1.1
const STRETCH = 1.6
/** Words of a line before it can be prose; titles of columns are fewer. */
const MIN_STRETCHED_WORDS = 8
/** Strips nearer than this, in points, are one column. */
const MIN_GUTTER = 2
/** An overlap below this, in points, is drawing tolerance. */
const TOLERANCE = 2
const MAX_ROUNDS = 6

/** The words of a line with their places, letters of a stretch taken as equally wide. */
function wordsOf(line: Line): Word[] {
  const words: Word[] = []
  let right = Number.NEGATIVE_INFINITY
  for (const fragment of line.segments.flatMap((segment) => segment.fragments)) {
    const perCharacter = (fragment.right - fragment.x) / Math.max(1, fragment.text.length)
    const last = words.at(-1)
    let joins = last !== undefined && !/^\s/.test(fragment.text) && !needsBlank(last.text, fragment, right)
    for (const match of fragment.text.matchAll(/\S+/g)) {
      const x = fragment.x + match.index * perCharacter
      const word = { text: match[0], x, right: x + match[0].length * perCharacter, size: fragment.size }
      const before = words.at(-1)
      if (joins && before) {
        before.text += word.text
        before.right = word.right
      } else words.push(word)
      joins = false
    }
    right = /\s$/.test(fragment.text) ? Number.NEGATIVE_INFINITY : fragment.right
  }
  return words
}

/** The gap that parts pieces of a line, in font sizes: more where its blanks are stretched. */
function pieceGap(words: Word[]): number {
  if (words.filter(({ text }) => !FIGURE.test(text)).length < MIN_STRETCHED_WORDS) return PIECE_GAP
  const gaps = words.slice(1).map((word, index) => (word.x - (words[index]?.right ?? 0)) / word.size)
  const usual = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0
  return Math.min(MAX_PIECE_GAP, Math.max(PIECE_GAP, usual * STRETCH))
}

/** A line divided wherever the gap is wider than a blank of prose. */
export function piecesOf(line: Line): Piece[] {
  const pieces: Piece[] = []
  const words = wordsOf(line)
  const usual = pieceGap(words)
  for (const word of words) {
    const last = pieces.at(-1)
    const figures = FIGURE.test(word.text) && FIGURE.test(last?.words.at(-1)?.text ?? '')
    if (last && word.x - last.right <= word.size * (figures ? FIGURE_GAP : usual)) {
      last.words.push(word)
      last.right = Math.max(last.right, word.right)
    } else pieces.push({ words: [word], x: word.x, right: word.right })
  }
  return pieces
}

const overlaps = (a: Strip, b: Strip): boolean => Math.min(a.right, b.right) - Math.max(a.x, b.x) > TOLERANCE

/** Whether a strip lies over two or more of the others. */
export const bridges = (strip: Strip, columns: Strip[]): boolean => columns.filter((column) => overlaps(strip, column)).length >= 2

/** Pieces that span columns: enough other rows have two pieces apart where this one stands. */
function isSpanning(piece: Piece, rows: Piece[][], own: Piece[]): boolean {
  let touched = 0
  let parted = 0
  for (const row of rows) {
    if (row === own) continue
    const under = row.filter((other) => overlaps(piece, other)).length
    if (under > 0) touched += 1
    if (under > 1) parted += 1
  }
  return parted > 0 && parted >= touched * 0.3
}

function merged(pieces: Strip[]): Strip[] {
  const columns: Strip[] = []
  for (const { x, right } of [...pieces].sort((a, b) => a.x - b.x)) {
    const last = columns.at(-1)
    if (last && x <= last.right + MIN_GUTTER) last.right = Math.max(last.right, right)
    else columns.push({ x, right })
  }
  return columns
}

/**
 * The columns of rows of pieces: strips that text occupies, what overlaps being one column. Pieces that span columns are left
 * out; where a strip still holds two cells of many rows, its widest pieces are taken for overlong ones and left out too.
 */
export function findColumns(rows: Piece[][]): Strip[] {
  let basis = rows.flatMap((row) => row.filter((piece) => !isSpanning(piece, rows, row)))
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const columns = merged(basis)
    const crowded = columns.filter(
      (column) => rows.filter((row) => row.filter((piece) => overlaps(piece, column)).length > 1).length > rows.length * 0.3,
    )
    if (crowded.length === 0) return columns
    const left = basis.filter((piece) => !crowded.some((column) => overlaps(piece, column) && isWidest(piece, basis, column)))
    if (left.length === basis.length) return columns
    basis = left
  }
  return merged(basis)
}

/** Among the widest tenth of a strip's pieces. */
function isWidest(piece: Piece, basis: Piece[], column: Strip): boolean {
  const widths = basis.filter((other) => overlaps(other, column)).map(({ x, right }) => right - x)
  const limit = widths.sort((a, b) => b - a)[Math.floor(widths.length * 0.1)] ?? 0
  return piece.right - piece.x >= limit
}

const textOf = (words: Word[]): string => words.map(({ text }) => text).join(' ')
/** A number in brackets may be a loss or the mark of a note: those of notes are short. */
const FIGURE = /^(?!\(\d{1,2}\)$)[-+(]?[€$£]?\d[\d.,]*[)%*†‡]*$/u

/** The column that a strip shares most with, else the nearest. */
function columnAt(strip: Strip, columns: Strip[]): number {
  const shared = columns.map((column) => Math.min(column.right, strip.right) - Math.max(column.x, strip.x))
  return shared.indexOf(Math.max(...shared))
}

/** A blank this much wider than the narrowest of its piece parts columns. */
const WIDE_BLANK = 1.3

/** A piece over several columns is divided between figures, and where a blank is wide; a title over columns stays whole. */
function divided(piece: Piece, columns: Strip[]): [column: number, text: string][] {
  const blanks = piece.words.slice(1).map((word, index) => word.x - (piece.words[index]?.right ?? word.x))
  const narrowest = blanks.length > 1 ? Math.min(...blanks) : 0
  const parts: { column: number; words: Word[] }[] = []
  piece.words.forEach((word, index) => {
    const last = parts.at(-1)
    const before = piece.words[index - 1]
    const blank = blanks[index - 1] ?? 0
    const column = columnAt(word, columns)
    const isWide = blank > word.size * FIGURE_GAP && blank > narrowest * WIDE_BLANK
    const parted = before && column !== last?.column && (isWide || (FIGURE.test(before.text) && FIGURE.test(word.text)))
    if (last && !parted) last.words.push(word)
    else parts.push({ column, words: [word] })
  })
  return parts.map(({ column, words }) => [column, textOf(words)])
}

/** The cells of a row, one for each column. */
export function toCells(pieces: Piece[], columns: Strip[]): string[] {
  const cells = columns.map(() => '')
  for (const piece of pieces) {
    const parts = bridges(piece, columns) ? divided(piece, columns) : [[columnAt(piece, columns), textOf(piece.words)] as [number, string]]
    for (const [column, text] of parts) cells[column] = [cells[column], text].filter(Boolean).join(' ')
  }
  return cells
}
