import { hashText } from './hash'
import { KINDS, type Lexicon, type WordClass } from './lexicon'

/** Longest name in the lists, in words. */
const MAX_PHRASE = 5
/** Lengths of paths in the tree of words that are looked at: broad to narrow. */
const PATHS = [4, 6, 10, 16]

interface Word {
  text: string
  lower: string
  shape: string
  known: WordClass
  /** Kinds of the longest listed name that the word is part of, and whether it begins it. */
  phrase: string
}

/** Capitals, small letters, figures and signs; runs of more than two are cut. */
const shapeOf = (text: string): string =>
  text
    .replace(/\p{Lu}/gu, 'X')
    .replace(/\p{L}/gu, 'x')
    .replace(/\d/g, '0')
    .replace(/(.)\1{2,}/g, '$1$1')
    .slice(0, 8)

const normal = (text: string): string =>
  /^(?:https?:|www\.)/i.test(text) ? '<url>' : /^@./.test(text) ? '<user>' : text.toLowerCase().replace(/\d/g, '0')

function markPhrases(words: Word[], lexicon: Lexicon): void {
  for (let start = 0; start < words.length; start += 1) {
    for (let length = Math.min(MAX_PHRASE, words.length - start); length >= 2; length -= 1) {
      const run = words.slice(start, start + length)
      const kinds = lexicon.phrase(run.map(({ lower }) => lower).join(' '))
      if (kinds === 0) continue
      run.forEach((word, index) => {
        if (word.phrase === '') word.phrase = `${index === 0 ? 'B' : 'I'}${kinds}`
      })
      break
    }
  }
}

/** Features of every token as hashes: the word, its form, what lists and clusters say of it, and the same of its neighbours. */
export function featuresOf(tokens: readonly string[], lexicon: Lexicon): number[][] {
  const words = tokens.map((text): Word => {
    const lower = text.toLowerCase()
    const bare = /^#./.test(lower) ? lower.slice(1) : lower
    return { text, lower, shape: shapeOf(text), known: lexicon.word(bare), phrase: '' }
  })
  markPhrases(words, lexicon)
  const mood = moodOf(words)
  return words.map((_, index) => wordFeatures(words, index, mood).map((feature) => hashText(feature)))
}

/** How a text uses capitals: in shouting or small-letter texts they say nothing. */
function moodOf(words: Word[]): string {
  const letters = words.filter(({ text }) => /^\p{L}{2,}/u.test(text))
  const share = (pattern: RegExp) => letters.filter(({ text }) => pattern.test(text)).length / Math.max(1, letters.length)
  if (share(/^\p{Lu}+$/u) > 0.6) return 'shout'
  const capital = share(/^\p{Lu}/u)
  return capital > 0.6 ? 'title' : capital === 0 ? 'small' : 'mixed'
}

function wordFeatures(words: Word[], at: number, mood: string): string[] {
  const word = words[at]
  if (word === undefined) return []
  const { lower, text, shape } = word
  const folded = normal(text)
  const features = ['1', `w=${folded}`, `s=${shape}`, `sm=${shape}${mood}`, `m=${mood}`]
  for (let size = 1; size <= 4 && size < lower.length; size += 1) features.push(`p=${lower.slice(0, size)}`, `e=${lower.slice(-size)}`)
  if (at === 0) features.push('first', `first=${shape}`)
  if (at === words.length - 1) features.push('last')
  if (/\d/.test(text)) features.push('digit')
  for (let offset = -2; offset <= 2; offset += 1) {
    const near = words[at + offset]
    if (near === undefined) {
      features.push(`${offset}edge`)
      continue
    }
    if (offset !== 0) features.push(`${offset}w=${normal(near.text)}`, `${offset}s=${near.shape}`)
    features.push(...knownFeatures(near, offset))
  }
  const [before, after] = [words[at - 1], words[at + 1]]
  features.push(`bw=${before ? normal(before.text) : ''}|${folded}`, `wa=${folded}|${after ? normal(after.text) : ''}`)
  features.push(
    `bs=${before?.shape ?? ''}|${shape}`,
    `sa=${shape}|${after?.shape ?? ''}`,
    `bsa=${before?.shape ?? ''}|${shape}|${after?.shape ?? ''}`,
  )
  features.push(`bc=${before ? before.known.cluster >> 4 : ''}|${shape}`, `ac=${after ? after.known.cluster >> 4 : ''}|${shape}`)
  return features
}

function knownFeatures({ known, phrase, shape }: Word, offset: number): string[] {
  const features: string[] = []
  const near = Math.abs(offset) <= 1
  if (known.cluster >= 0) {
    features.push(`${offset}C=${known.cluster >> 4}`)
    if (near) features.push(`${offset}c=${known.cluster}`)
  }
  if (known.path !== '')
    for (const length of PATHS) if (near || length <= 6) features.push(`${offset}b${length}=${known.path.slice(0, length)}`)
  if (!near) return features
  features.push(`${offset}r=${known.rarity}`)
  if (phrase !== '') {
    const [side, bits] = [phrase.slice(0, 1), Number(phrase.slice(1))]
    features.push(`${offset}ph${side}`)
    KINDS.forEach((kind, bit) => {
      if (bits & (1 << bit)) features.push(`${offset}ph=${side}${kind}`)
    })
  }
  KINDS.forEach((kind, bit) => {
    if (known.kinds & (1 << bit)) features.push(`${offset}k=${kind}`, ...(offset === 0 ? [`ks=${kind}${shape.slice(0, 2)}`] : []))
  })
  if (offset === 0) features.push(`kr=${known.kinds}|${Math.min(16, known.rarity)}`, `rs=${known.rarity}${shape.slice(0, 2)}`)
  return features
}
