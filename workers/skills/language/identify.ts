import { LANGUAGES, STOPWORDS } from './stopwords'
import { TRIGRAMS } from './trigrams'

/** Scripts that one language, or one by far, is written in. */
const SCRIPTS: [string, RegExp][] = [
  ['ja', /[\u3040-\u30ff]/g],
  ['ko', /[\uac00-\ud7af]/g],
  ['zh', /\p{Script=Han}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['hy', /\p{Script=Armenian}/gu],
  ['ka', /\p{Script=Georgian}/gu],
]
/** Japanese is mostly written in Han with kana between. */
const SCRIPT_SHARE = 0.15
const CYRILLIC = new Set(['ru', 'uk', 'bg', 'sr', 'be'])
/** What a text of function words alone would add to a language's score, where its function words are known. */
const STOPWORD_WEIGHT = 0.5
/** What a text in which every word has a foreign letter would take off. */
const FOREIGN_WEIGHT = 0.6
/** Fewer letters tell no language apart. */
const MIN_LETTERS = 6
/** Long texts say nothing new past this. */
const MAX_CHARS = 6_000
/** Below, no language fits: codes, names, gibberish. */
const MIN_SCORE = 0.05
/** How fast confidence falls when a second language fits as well. */
const SHARPNESS = 18

/** Letters beyond a–z, or for Cyrillic all letters, of each alphabet. A word with another letter is foreign or a name. */
const LETTERS: Record<string, string> = {
  en: '',
  de: 'äöüß',
  fr: 'àâæçéèêëîïôœùûüÿ',
  es: 'áéíñóúü',
  it: 'àèéìíîòóùú',
  nl: 'áéèëïóöü',
  pt: 'áâãàçéêíóôõú',
  pl: 'ąćęłńóśźż',
  sv: 'åäöé',
  da: 'æøåé',
  no: 'æøåéòô',
  fi: 'äöå',
  cs: 'áčďéěíňóřšťúůýž',
  sk: 'áäčďéíĺľňóôŕšťúýž',
  hu: 'áéíóöőúüű',
  ro: 'ăâîșțşţ',
  hr: 'čćđšž',
  sl: 'čšž',
  lt: 'ąčęėįšųūž',
  lv: 'āčēģīķļņšūž',
  et: 'äõöüšž',
  tr: 'çğıöşüâîi̇',
  ca: 'àçèéíïòóúü·',
  ru: 'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
  uk: 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя',
  bg: 'абвгдежзийклмнопрстуфхцчшщъьюя',
  sr: 'абвгдђежзијклљмнњопрстћуфхцчџш',
  be: 'абвгдеёжзійклмнопрстуўфхцчшыьэюя',
}

const RANKS: [string, Map<string, number>][] = Object.entries(TRIGRAMS).map(([language, list]) => [
  language,
  new Map(list.split('|').map((trigram, rank, all) => [trigram, 1 - rank / all.length])),
])

export const KNOWN_LANGUAGES: readonly string[] = [...SCRIPTS.map(([language]) => language), ...RANKS.map(([language]) => language)].sort()

export interface Identified {
  /** BCP 47 tag, or `und` when the text says too little. */
  language: string
  confidence: number
}

/**
 * Which of 38 languages a text is written in, by its script and alphabet, its letter triples and its function words. Two languages that fit
 * alike give a low confidence; too few letters give `und`.
 */
export function identifyLanguage(text: string): Identified & { alternatives: Identified[] } {
  const sample = text.slice(0, MAX_CHARS).toLowerCase()
  const letters = sample.match(/\p{L}/gu)?.length ?? 0
  if (letters === 0) return { language: 'und', confidence: 0, alternatives: [] }
  const script = SCRIPTS.find(([, pattern]) => (sample.match(pattern)?.length ?? 0) > letters * SCRIPT_SHARE)
  if (script) return { language: script[0], confidence: 0.99, alternatives: [] }
  const words = sample.match(/[\p{L}\p{M}'’]+/gu) ?? []
  if (letters < MIN_LETTERS || words.length < 2) return { language: 'und', confidence: 0, alternatives: [] }
  const scores = scoreLanguages(words).slice(0, 4)
  const [best] = scores
  if (best === undefined || best.score < MIN_SCORE) return { language: 'und', confidence: 0, alternatives: [] }
  const total = scores.reduce((sum, { score }) => sum + Math.exp(SHARPNESS * (score - best.score)), 0)
  const shares = scores.map(({ language, score }) => ({
    language,
    confidence: Math.round(Math.min(0.99, Math.exp(SHARPNESS * (score - best.score)) / total) * 100) / 100,
  }))
  return {
    language: best.language,
    confidence: shares[0]?.confidence ?? 0,
    alternatives: shares.slice(1).filter(({ confidence }) => confidence >= 0.05),
  }
}

function scoreLanguages(words: string[]): { language: string; score: number }[] {
  const triples = words.flatMap((word) => {
    const padded = ` ${word} `
    return Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3))
  })
  const cyrillic = words.filter((word) => /\p{Script=Cyrillic}/u.test(word)).length * 2 > words.length
  return RANKS.filter(([language]) => CYRILLIC.has(language) === cyrillic)
    .map(([language, ranks]) => {
      const fit = triples.reduce((sum, triple) => sum + (ranks.get(triple) ?? 0), 0) / Math.max(1, triples.length)
      const known = LANGUAGES.find((candidate) => candidate === language)
      const functional = known === undefined ? 0 : words.filter((word) => STOPWORDS[known].has(word)).length / words.length
      const alphabet = new Set(LETTERS[language] ?? '')
      const isForeign = (letter: string) => /\p{L}/u.test(letter) && !/[a-z]/.test(letter) && !alphabet.has(letter)
      const foreign = words.filter((word) => [...word].some(isForeign)).length / words.length
      return { language, score: fit + STOPWORD_WEIGHT * functional - FOREIGN_WEIGHT * foreign }
    })
    .sort((a, b) => b.score - a.score)
}
