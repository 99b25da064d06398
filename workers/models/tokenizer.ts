/** SentencePiece unigram model: the likeliest way to cut a text into pieces of the vocabulary (Kudo 2018, Viterbi). */

/** SentencePiece marks the start of a word with this character. */
const WORD_START = '\u2581'
const UNKNOWN = 0
/** Ids 0–5 are control pieces that never stand for text. */
const RESERVED_PIECES = 6
/** How much worse than the rarest piece an unknown character is; SentencePiece's own constant. */
const UNKNOWN_PENALTY = 10

interface Piece {
  id: number
  score: number
}

/** Cuts texts into piece ids. A text without any character gives the single id of the unknown piece, never an empty list. */
export function createTokenizer(vocabulary: readonly (readonly [piece: string, score: number])[]): (text: string) => number[] {
  const pieces = new Map<string, Piece>()
  let longest = 1
  let lowest = 0
  for (const [id, [piece, score]] of vocabulary.entries()) {
    if (id < RESERVED_PIECES) continue
    pieces.set(piece, { id, score })
    longest = Math.max(longest, Array.from(piece).length)
    lowest = Math.min(lowest, score)
  }
  const unknown: Piece = { id: UNKNOWN, score: lowest - UNKNOWN_PENALTY }
  return (text) => {
    const ids = mergeUnknowns(bestCut(Array.from(normalise(text)), pieces, longest, unknown))
    return ids.length === 0 ? [UNKNOWN] : ids
  }
}

function normalise(text: string): string {
  const words = text.normalize('NFKC').trim().split(/\s+/).filter(Boolean)
  return words.map((word) => WORD_START + word).join('')
}

function bestCut(symbols: string[], pieces: Map<string, Piece>, longest: number, unknown: Piece): number[] {
  const score = new Float64Array(symbols.length + 1).fill(Number.NEGATIVE_INFINITY)
  const from = new Int32Array(symbols.length + 1)
  const piece = new Int32Array(symbols.length + 1)
  score[0] = 0
  const offer = (start: number, end: number, candidate: Piece) => {
    const total = (score[start] ?? 0) + candidate.score
    if (total <= (score[end] ?? 0)) return
    score[end] = total
    from[end] = start
    piece[end] = candidate.id
  }
  for (let start = 0; start < symbols.length; start += 1) {
    offer(start, start + 1, unknown)
    let text = ''
    for (let end = start + 1; end <= Math.min(symbols.length, start + longest); end += 1) {
      text += symbols[end - 1]
      const known = pieces.get(text)
      if (known) offer(start, end, known)
    }
  }
  const ids: number[] = []
  for (let end = symbols.length; end > 0; end = from[end] ?? 0) ids.push(piece[end] ?? UNKNOWN)
  return ids.reverse()
}

/** The encoder was trained on runs of unknown characters as one piece. */
const mergeUnknowns = (ids: number[]): number[] => ids.filter((id, index) => id !== UNKNOWN || ids[index - 1] !== UNKNOWN)
