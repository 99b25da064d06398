import { estimateTokens } from '../domain/token-estimate'
import { splitSentences } from './sentences'

/** Words of the end of a part that the next one begins with, so that what a cut would tear apart stands whole in one of them. */
const OVERLAP_TOKENS = 60

/**
 * A text in parts of at most `maxTokens`, cut between paragraphs where possible, else between lines, sentences, words. Together
 * they hold the whole text: nothing is left out.
 */
export function splitText(text: string, maxTokens: number): string[] {
  if (estimateTokens(text) <= maxTokens) return [text]
  const room = Math.max(1, maxTokens - OVERLAP_TOKENS)
  const parts: string[] = []
  let part = ''
  let tokens = 0
  for (const piece of pieces(text, room)) {
    const size = estimateTokens(piece)
    if (tokens + size > room && part !== '') {
      parts.push(part)
      part = tail(part)
      tokens = estimateTokens(part)
    }
    part += piece
    tokens += size
  }
  return part === '' ? parts : [...parts, part]
}

/** Pieces that fit, each with the white space after it; joined they are the text. */
function pieces(text: string, room: number): string[] {
  for (const cut of [paragraphs, lines, sentences, words]) {
    const found = cut(text)
    if (found.length > 1) return found.flatMap((piece) => (estimateTokens(piece) <= room ? [piece] : pieces(piece, room)))
  }
  return halves(text, room)
}

const paragraphs = (text: string): string[] => text.match(/[\s\S]+?(?:\n\s*\n|\f|$)/g) ?? [text]
const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [text]
const words = (text: string): string[] => text.match(/\s*\S+\s*/g) ?? [text]

function sentences(text: string): string[] {
  const starts = splitSentences(text).map((sentence) => sentence.start)
  return starts.map((start, at) => text.slice(at === 0 ? 0 : start, starts[at + 1] ?? text.length))
}

/** One word as long as a part: a picture in base64, a run of Chinese without stops. */
function halves(text: string, room: number): string[] {
  if (text.length < 2 || estimateTokens(text) <= room) return [text]
  // Never between the two halves of one sign.
  const middle = text.length >> 1
  const at = /[\udc00-\udfff]/.test(text.charAt(middle)) ? middle + 1 : middle
  return at >= text.length ? [text] : [...halves(text.slice(0, at), room), ...halves(text.slice(at), room)]
}

/** The last words of a part, from the beginning of a word. */
function tail(part: string): string {
  const found = words(part)
  let tokens = 0
  let from = found.length
  while (from > 1) {
    tokens += estimateTokens(found[from - 1] ?? '')
    if (tokens > OVERLAP_TOKENS) break
    from -= 1
  }
  return found.slice(from).join('')
}
