import { hashText } from '../entities/tagger/hash'
import type { Lexicon } from '../entities/tagger/lexicon'
import type { Unit } from './units'

/** Words rarer than this rank class (log2) carry a topic. */
const TOPIC_RARITY = 9
const MAX_WORDS = 40

export interface Surroundings {
  /** How often each topic word and each word cluster stands in the whole text. */
  words: Map<string, number>
  clusters: Map<number, number>
  rows: number
  count: number
}

interface Topics {
  words: string[]
  clusters: number[]
}

const wordsOf = (text: string): string[] => (text.toLowerCase().match(/\p{L}[\p{L}'’]*|```|\?|!/gu) ?? []).slice(0, MAX_WORDS)

function topicsOf(text: string, lexicon: Lexicon): Topics {
  const topical = wordsOf(text).filter((word) => word.length > 2 && lexicon.word(word).rarity >= TOPIC_RARITY)
  return { words: topical, clusters: topical.map((word) => lexicon.word(word).cluster >> 4).filter((cluster) => cluster >= 0) }
}

/** What a text is about, for telling what does not belong. */
export function surroundingsOf(units: readonly Unit[], lexicon: Lexicon): Surroundings {
  const words = new Map<string, number>()
  const clusters = new Map<number, number>()
  for (const unit of units) {
    const topics = topicsOf(unit.text, lexicon)
    for (const word of new Set(topics.words)) words.set(word, (words.get(word) ?? 0) + 1)
    for (const cluster of new Set(topics.clusters)) clusters.set(cluster, (clusters.get(cluster) ?? 0) + 1)
  }
  return { words, clusters, rows: units.filter(({ kind }) => kind === 'row').length, count: units.length }
}

const ANSWER =
  /\b(?:your|the|this|each|every) (?:\w+ )?(?:answers?|response|repl(?:y|ies)|output|message|summary|text|code|implementation|solution|explanation)\b|\b(?:deine|ihre|eure)[rnm]? (?:\w+ )?(?:antwort|ausgabe|zusammenfassung)\b/i
const QUESTION_WORD =
  /^(?:who|what|which|when|where|why|how|can|could|would|will|is|are|do|does|did|wer|was|welche[rs]?|wann|wo|warum|wie|kannst|können|ist|sind)$/
const ADDRESSEE = /\b(?:AI|assistant|chatbot|language model|LLM|ChatGPT|GPT|Claude|Copilot|KI|Assistent(?:in)?|Sprachmodell)\b/

/** Features of one unit in its text, as hashes: its words, how it begins, whom it addresses and how well it belongs. */
export function unitFeatures(unit: Unit, at: number, units: readonly Unit[], around: Surroundings, lexicon: Lexicon): number[] {
  const words = wordsOf(unit.text)
  const plain = words.filter((word) => /\p{L}/u.test(word))
  const [first = '', second = '', third = ''] = plain[0] === 'please' || plain[0] === 'bitte' ? plain.slice(1) : plain
  const features = ['bias', `kind=${unit.kind}`, `n=${Math.min(6, Math.floor(plain.length / 4))}`]
  for (const word of new Set(plain)) features.push(`w=${word}`)
  for (const [index, word] of plain.entries()) features.push(`b=${plain[index - 1] ?? '^'} ${word}`)
  features.push(`f1=${first}`, `f2=${first} ${second}`)
  for (const [place, word] of [first, second, third].entries()) {
    const { cluster, path } = lexicon.word(word)
    features.push(`c${place}=${cluster >> 4}`, `f${place}=${cluster}`, `p${place}=${path.slice(0, 8)}`)
  }
  if (words.includes('?')) features.push('asks', `asks ${first}`)
  if (QUESTION_WORD.test(first)) features.push('questionWord')
  if (plain[0] === 'please' || plain[0] === 'bitte') features.push('please')
  if (/\b(?:you|your|du|dein\w*|sie|ihr\w*)\b/i.test(unit.text)) features.push('you')
  if (/\b(?:i|we|me|us|my|our|ich|wir|mir|uns|mein\w*|unser\w*)\b/i.test(unit.text)) features.push('speaker')
  if (ANSWER.test(unit.text)) features.push('answer')
  if (ADDRESSEE.test(unit.text)) features.push('addressee')
  if (/["“”'‘].{4,}["“”'’]/.test(unit.text)) features.push('quotes')
  if (/https?:|www\.|@/.test(unit.text)) features.push('link')
  if (unit.kind === 'code' || units[at + 1]?.kind === 'code') features.push('code')
  return [...features, ...belonging(unit, at, units, around, lexicon)].map((feature) => hashText(feature))
}

/** How the unit stands to the rest: its topics found elsewhere or nowhere, its place, prose among rows. */
function belonging(unit: Unit, at: number, units: readonly Unit[], around: Surroundings, lexicon: Lexicon): string[] {
  const topics = topicsOf(unit.text, lexicon)
  const share = <T>(items: T[], counts: Map<T, number>) =>
    items.length === 0 ? -1 : Math.round((3 * items.filter((item) => (counts.get(item) ?? 0) > 1).length) / items.length)
  const size = around.count < 4 ? 'short' : 'long'
  const features = [`words=${share(topics.words, around.words)}${size}`, `clusters=${share(topics.clusters, around.clusters)}${size}`]
  if (at === units.length - 1) features.push('last')
  if (at === 0) features.push('first')
  if (unit.kind !== 'row' && around.rows * 2 > around.count) features.push('amongRows')
  return features
}
