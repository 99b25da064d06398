import { ANY_STOPWORD } from '../language/stopwords'
import type { Sentence } from '../sentences'

/** The graph grows with the square of the sentences: later ones of long documents are left out. */
const MAX_SENTENCES = 240
const DAMPING = 0.85
const ROUNDS = 24
/** Earlier sentences say what a text is about. */
const POSITION = 1
/** What a reader has to do, decide or pay says more than what surrounds it. */
const POINTED = 1.2
const OPENING = 1.3
/** In longer texts much has to be done. */
const FEW_SENTENCES = 30
const POINT =
  /\b(?:please|could you|must|have to|decided|approved|recommend|ask for|request|deadline|due|until|by (?:mon|tues|wednes|thurs|fri)day|within \d+|within (?:two|three|four))\b|(?<!\p{L})(?:bitte|muss|müssen|beschlossen|bewilligt|empfehlen|fällig|frist|kündige|bis (?:zum|spätestens)|binnen|innerhalb)(?!\p{L})|\d[\d.,]* ?(?:€|eur\b|usd\b|gbp\b|£|\$|euro)|(?:million|millionen|mio)/iu
/** Two sentences that share more than this say the same. */
const SAME = 0.55

const wordsOf = (text: string): Set<string> =>
  new Set((text.toLowerCase().match(/\p{L}{3,}/gu) ?? []).filter((word) => !ANY_STOPWORD.has(word)).map((word) => word.slice(0, 7)))

/** Shared words over the logarithm of the lengths, as in TextRank (Mihalcea and Tarau 2004). */
function similarity(a: Set<string>, b: Set<string>): number {
  if (a.size < 2 || b.size < 2) return 0
  let shared = 0
  for (const word of a) if (b.has(word)) shared += 1
  return shared / (Math.log(a.size + 1) + Math.log(b.size + 1))
}

const overlap = (a: Set<string>, b: Set<string>): number => {
  let shared = 0
  for (const word of a) if (b.has(word)) shared += 1
  return shared / Math.max(1, Math.min(a.size, b.size))
}

/** Sentences that read as prose: enough words, a verb's room, no table row, form or address. */
function isProse(sentence: Sentence): boolean {
  const words = sentence.text.match(/\p{L}{2,}/gu) ?? []
  const digits = sentence.text.match(/\d/g)?.length ?? 0
  return (
    words.length >= 5 &&
    sentence.text.length <= 700 &&
    digits < 0.2 * sentence.text.length &&
    (/[.!?…:;]["”“»')\]]*$/u.test(sentence.text) || !sentence.text.includes('\n')) &&
    !/^>|\s{2,}\S+\s{2,}\S+\s{2,}/.test(sentence.text)
  )
}

function textRank(bags: Set<string>[]): number[] {
  const weights = bags.map((a, row) => bags.map((b, column) => (row === column ? 0 : similarity(a, b))))
  const sums = weights.map((row) => row.reduce((sum, weight) => sum + weight, 0))
  let scores = bags.map(() => 1)
  for (let round = 0; round < ROUNDS; round += 1) {
    scores = scores.map(
      (_, index) =>
        1 -
        DAMPING +
        DAMPING *
          weights.reduce(
            (sum, row, other) => sum + ((sums[other] ?? 0) > 0 ? ((row[index] ?? 0) / (sums[other] ?? 1)) * (scores[other] ?? 0) : 0),
            0,
          ),
    )
  }
  return scores
}

/** Of a short text: the first sentence says what it is about, and some say what it is for. */
const pointOf = (prose: readonly Sentence[], index: number): number =>
  (index === 0 ? OPENING : 1) * (POINT.test(prose[index]?.text ?? '') ? POINTED : 1)

/** The `count` sentences that stand for the text best, in reading order, none repeating another. */
export function rankSentences(sentences: Sentence[], count: number): Sentence[] {
  const prose = sentences.filter(isProse).slice(0, MAX_SENTENCES)
  const bags = prose.map((sentence) => wordsOf(sentence.text))
  const isShort = prose.length <= FEW_SENTENCES
  const scores = textRank(bags).map((score, index) => score * (1 + POSITION / (1 + index / 2)) * (isShort ? pointOf(prose, index) : 1))
  const order = prose.map((_, index) => index).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
  const chosen: number[] = []
  for (const index of order) {
    if (chosen.length >= count) break
    const bag = bags[index] ?? new Set()
    if (!chosen.some((other) => overlap(bag, bags[other] ?? new Set()) > SAME)) chosen.push(index)
  }
  return chosen.sort((a, b) => a - b).flatMap((index) => prose[index] ?? [])
}
