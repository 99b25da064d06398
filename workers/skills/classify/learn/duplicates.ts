/** Sets of words that are so much alike (Jaccard) are one text with a word more or less, or with another number. */
const ALIKE = 0.7
/** Words of one text that are read: copies show by then. */
const MAX_WORDS = 300
/** Bands of so many minima: of pairs that are just alike enough one in thirty is missed, of nearly equal ones none. */
const BANDS = 8
const MINIMA_A_BAND = 3
/** Leaders of one bucket that a text is held against: all copies of one text have one leader. */
const MAX_LEADERS = 4
/** What people put before and after the same request. */
const COURTESY = new Set('please pls thanks thank you now again asap hi hello hey dear bitte danke hallo nochmal jetzt'.split(' '))

/**
 * The number of the first text that each is a copy of, its own where it is none. Copies differ in numbers, courtesy and a word or two.
 * Takes time in proportion to the characters: minima of hashes bring like texts into one bucket (Broder 1997), where each is held
 * against a few leaders.
 */
export function copiedFrom(texts: readonly string[]): number[] {
  const buckets = new Map<string, number[]>()
  const known: Set<number>[] = []
  return texts.map((text, row) => {
    const shingles = shinglesOf(text)
    known.push(shingles)
    if (shingles.size === 0) return row
    const keys = bandsOf(shingles)
    const candidates = new Set(keys.flatMap((key) => buckets.get(key) ?? []))
    const leader = [...candidates].find((other) => likeness(shingles, known[other] ?? new Set()) >= ALIKE)
    if (leader !== undefined) return leader
    for (const key of keys) {
      const bucket = buckets.get(key) ?? []
      if (bucket.length < MAX_LEADERS) buckets.set(key, [...bucket, row])
    }
    return row
  })
}

/** Words and pairs of words as hashes, numbers being all the same. */
function shinglesOf(text: string): Set<number> {
  const words = (text.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? [])
    .map((word) => (/^\p{N}/u.test(word) ? '#' : word))
    .filter((word) => !COURTESY.has(word))
    .slice(0, MAX_WORDS)
  return new Set(words.flatMap((word, at) => (at === 0 ? [hash(word)] : [hash(word), hash(`${words[at - 1]} ${word}`)])))
}

function bandsOf(shingles: ReadonlySet<number>): string[] {
  return Array.from({ length: BANDS }, (_, band) => {
    const minima = Array.from({ length: MINIMA_A_BAND }, (__, at) => {
      const seed = band * MINIMA_A_BAND + at + 1
      let least = 0xffffffff
      for (const shingle of shingles) least = Math.min(least, mixed(shingle, seed))
      return least
    })
    return `${band}:${minima.join(':')}`
  })
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}

/** One of many orders of the same hashes, by the last steps of MurmurHash3. */
function mixed(value: number, seed: number): number {
  let mix = value ^ Math.imul(seed, 0x9e3779b1)
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b)
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35)
  return (mix ^ (mix >>> 16)) >>> 0
}

function likeness(one: ReadonlySet<number>, other: ReadonlySet<number>): number {
  let shared = 0
  for (const shingle of one) if (other.has(shingle)) shared += 1
  return shared / (one.size + other.size - shared)
}
