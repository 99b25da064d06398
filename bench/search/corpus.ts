/** Of the embedded encoder. */
export const DIMENSIONS = 512
/** As many as a collection of 100,000 passages has, and as long. */
const VOCABULARY = 60_000
const WORDS_PER_PASSAGE = 110
/** Frequencies as in real text: the word of rank r stands for 1 / (r + 2.7) of all (Zipf and Mandelbrot). */
const OFFSET = 2.7
const SYLLABLES = 'ba ce di fo gu la me ni po ru sa te vi xo zu bra cle dri flo gru pla ste tri vo ze'.split(' ')
/** Questions have few of the most frequent words: those are stop words. */
const FIRST_QUESTION_RANK = 40

/** Reproducible numbers from 0 to 1. */
function createRandom(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const rankOf = (random: number, first = 0): number => {
  const low = Math.log(first + OFFSET)
  return Math.floor(Math.exp(low + random * (Math.log(VOCABULARY + OFFSET) - low)) - OFFSET)
}

function wordOf(rank: number): string {
  let word = ''
  for (let rest = rank + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length] ?? ''
  return word
}

export function makePassage(number: number): string {
  const random = createRandom(number + 1)
  return Array.from({ length: WORDS_PER_PASSAGE }, () => wordOf(rankOf(random()))).join(' ')
}

/** Four to fourteen words. */
export function makeQuestion(number: number): string {
  const random = createRandom(10_000_000 + number)
  return Array.from({ length: 4 + Math.floor(random() * 11) }, () => wordOf(rankOf(random(), FIRST_QUESTION_RANK))).join(' ')
}

/** Unit vectors, one after the other. */
export function makeVectors(seed: number, count: number): Float32Array<ArrayBuffer> {
  const random = createRandom(20_000_000 + seed)
  const vectors = Float32Array.from({ length: count * DIMENSIONS }, () => random() - 0.5)
  for (let row = 0; row < count; row += 1) {
    const vector = vectors.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS)
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
    for (let at = 0; at < DIMENSIONS; at += 1) vector[at] = (vector[at] ?? 0) / length
  }
  return vectors
}
