import type { Faces } from './faces'
import type { TextStyle } from './pen'

/** A stretch of text in one style. `cite` marks it as the `[n]` of a source; it stays with the word before it. */
export interface Piece {
  text: string
  style: TextStyle
  cite?: number
}

export interface Fragment extends Piece {
  x: number
  width: number
}

export interface Line {
  fragments: Fragment[]
  width: number
}

/** Parts that stand together without a space: a word and the marks of its sources. */
interface Word {
  parts: { piece: Piece; text: string; width: number }[]
  width: number
  /** A line ends before this word. */
  breakBefore: boolean
}

type Measure = Pick<Faces, 'width'>

/** Breaks pieces into lines no wider than `width`. A word wider than that is cut between characters. Always at least one line. */
export function breakLines(pieces: Piece[], width: number, faces: Measure): Line[] {
  const lines: Line[] = [{ fragments: [], width: 0 }]
  for (const word of wordsOf(pieces, faces).flatMap((word) => cutWord(word, width, faces))) {
    let line = lines[lines.length - 1] ?? { fragments: [], width: 0 }
    const space = line.fragments.length === 0 ? 0 : spaceBefore(word, faces)
    if (word.breakBefore || (line.fragments.length > 0 && line.width + space + word.width > width)) {
      line = { fragments: [], width: 0 }
      lines.push(line)
      place(line, word, 0)
    } else place(line, word, space)
  }
  return lines
}

function spaceBefore(word: Word, faces: Measure): number {
  const style = word.parts[0]?.piece.style
  return style ? faces.width(' ', style.size, style.weight) : 0
}

/** Words of one style are joined into one fragment: fewer, longer texts make a smaller file that copies well. */
function place(line: Line, word: Word, space: number): void {
  let gap = space
  for (const { piece, text, width } of word.parts) {
    const last = line.fragments[line.fragments.length - 1]
    if (last && last.style === piece.style && last.cite === undefined && piece.cite === undefined) {
      last.text += gap > 0 ? ` ${text}` : text
      last.width += gap + width
    } else line.fragments.push({ ...piece, text, x: line.width + gap, width })
    line.width += gap + width
    gap = 0
  }
}

function wordsOf(pieces: Piece[], faces: Measure): Word[] {
  const words: Word[] = []
  let breakBefore = false
  let glued = false
  for (const piece of pieces) {
    if (piece.cite !== undefined) glued = words.length > 0
    for (const token of piece.text.split(/([ \n]+)/)) {
      if (token.trim() === '') {
        if (token !== '') glued = false
        breakBefore ||= token.includes('\n')
        continue
      }
      const part = { piece, text: token, width: faces.width(token, piece.style.size, piece.style.weight) }
      const last = words[words.length - 1]
      if (glued && last) {
        last.parts.push(part)
        last.width += part.width
      } else words.push({ parts: [part], width: part.width, breakBefore: breakBefore && words.length > 0 })
      glued = true
      breakBefore = false
    }
  }
  return words
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The word itself when it fits, else as many words as are needed, each as wide as possible. */
function cutWord(word: Word, width: number, faces: Measure): Word[] {
  if (word.width <= width) return [word]
  const words: Word[] = []
  let current: Word = { parts: [], width: 0, breakBefore: word.breakBefore }
  for (const { piece, text } of word.parts) {
    for (const { segment } of graphemes.segment(text)) {
      const advance = faces.width(segment, piece.style.size, piece.style.weight)
      if (current.parts.length > 0 && current.width + advance > width) {
        words.push(current)
        current = { parts: [], width: 0, breakBefore: true }
      }
      const last = current.parts[current.parts.length - 1]
      if (last && last.piece === piece) {
        last.text += segment
        last.width += advance
      } else current.parts.push({ piece, text: segment, width: advance })
      current.width += advance
    }
  }
  return [...words, current]
}
