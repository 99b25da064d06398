import { fullText } from '../../domain/documents'
import { KINDS, type Lexicon } from '../entities/tagger/lexicon'
import { loadLexicon } from '../entities/tagger/load'
import { detectLanguage } from '../language/embedded'
import { bodyPages } from '../text/body'
import { withoutLetterParts } from '../text/letter'
import { spanOf } from '../text/lines'
import { wholeText } from '../text/whole'
import { type Run, runsOf } from './runs'
import type { TagsInput, TagsOutput } from './schema'

/** Longer phrases are sentences, not tags. */
const MAX_WORDS = 3
const MAX_CHARS = 60_000
/** What one word counts beside a phrase of two: it says less exactly what is meant. */
const WORD_WEIGHT = 0.85
const LONG_WEIGHT = 1.1
const PHRASE_WEIGHT = 1.25
/** A word that stands for this share in one phrase is told by the phrase. */
const TOLD_BY_PHRASE = 0.6
/** A word that stands by itself nowhere is a topic when it is part of so many phrases. */
const LEAST_WITHIN = 3

interface Phrase {
  key: string
  words: string[]
  count: number
  first: number
  end: number
  surface: string
}

/** Key phrases of nouns, by how often and how early they stand; forms of one word are one. Names of people are no topics. */
export async function tagEmbedded({ document, documentId, limit }: TagsInput): Promise<TagsOutput> {
  const whole = wholeText(document.pages)
  const pages = withoutLetterParts(bodyPages(document))
  const text = fullText({ ...document, pages }).slice(0, MAX_CHARS)
  const lexicon = await loadLexicon()
  const isGerman = detectLanguage(fullText(document)).language === 'de'
  const phrases = [...countPhrases(runsOf(text, isGerman)).values()].filter(({ surface }) => !isPerson(surface, lexicon))
  const told = toldByPhrases(phrases)
  const scored = phrases.map((phrase) => ({ phrase, score: scoreOf(phrase, told.get(phrase.key) ?? 0, text.length) }))
  const kept: typeof scored = []
  for (const item of scored.sort((a, b) => b.score - a.score || a.phrase.first - b.phrase.first)) {
    if (kept.length >= limit) break
    if (!kept.some(({ phrase }) => isTold(item.phrase, phrase))) kept.push(item)
  }
  return {
    tags: kept.map(({ phrase, score }) => ({
      tag: phrase.surface.replace(/\s+/g, ' '),
      score: Math.round(score * 100) / 100,
      span: spanOf(document.pages, whole.rangeAt(phrase.first, phrase.end), documentId),
    })),
  }
}

function countPhrases(runs: readonly Run[]): Map<string, Phrase> {
  const phrases = new Map<string, Phrase>()
  for (const { words } of runs) {
    for (let start = 0; start < words.length; start += 1)
      for (let length = 1; length <= MAX_WORDS && start + length <= words.length; length += 1)
        count(phrases, words.slice(start, start + length))
  }
  // A part of a run is a phrase when it stands elsewhere as well; else the run is, or the two words at its end when it is long.
  const whole = new Set(runs.flatMap(({ words }) => keyOf(words.length > MAX_WORDS ? words.slice(-2) : words)))
  for (const [key, phrase] of phrases) {
    const least = phrase.words.length === 1 ? LEAST_WITHIN : 2
    if (phrase.count < least && !whole.has(key)) phrases.delete(key)
  }
  return phrases
}

function count(phrases: Map<string, Phrase>, words: Run['words']): void {
  const [first, last] = [words[0], words.at(-1)]
  if (!first || !last) return
  const key = keyOf(words)
  const known = phrases.get(key)
  if (known) known.count += 1
  else
    phrases.set(key, {
      key,
      words: words.map((word) => word.key),
      count: 1,
      first: first.at,
      end: last.at + last.text.length,
      surface: words.map((word) => word.text).join(' '),
    })
}

const keyOf = (words: Run['words']): string => words.map(({ key }) => key).join(' ')

/** How often a word stands in the phrase of several words that has it most often. */
function toldByPhrases(phrases: readonly Phrase[]): Map<string, number> {
  const told = new Map<string, number>()
  for (const { words, count: found } of phrases)
    if (words.length > 1) for (const word of words) told.set(word, Math.max(told.get(word) ?? 0, found))
  return told
}

function scoreOf({ words, count: found, first, surface }: Phrase, told: number, length: number): number {
  const own = words.length > 1 ? found : Math.max(0, found - TOLD_BY_PHRASE * told)
  const early = 1 + 0.5 / (1 + (8 * first) / Math.max(1, length))
  const size = words.length > 1 ? PHRASE_WEIGHT : surface.length >= 10 ? LONG_WEIGHT : WORD_WEIGHT
  return Math.log2(1 + own) * size * early
}

/** A phrase says the same as another that it holds, or that holds it and stands nearly as often. */
function isTold(phrase: Phrase, by: Phrase): boolean {
  const isPart = phrase.words.every((word) => by.words.includes(word))
  const holds = by.words.every((word) => phrase.words.includes(word))
  return (isPart && by.count >= TOLD_BY_PHRASE * phrase.count) || holds
}

const bit = (kind: (typeof KINDS)[number]): number => 1 << KINDS.indexOf(kind)

/** A first name, alone or with another name after it, each with a capital. */
function isPerson(surface: string, lexicon: Lexicon): boolean {
  const [first = '', second, ...others] = surface.split(' ')
  if (!/^\p{Lu}/u.test(first) || others.length > 0) return false
  const isFirst = (lexicon.word(first.toLowerCase()).kinds & bit('first')) !== 0
  const isLast = (lexicon.word(first.toLowerCase()).kinds & bit('last')) !== 0
  if (second === undefined) return (isFirst || isLast) && first.length <= MAX_NAME && !/\p{Ll}(?:ung|heit|keit|schaft)$/u.test(first)
  return isFirst && /^\p{Lu}/u.test(second)
}

/** Longer nouns that are also surnames are mostly nouns. */
const MAX_NAME = 7
