import { fullText } from '../../domain/documents'
import { ANY_STOPWORD } from '../language/stopwords'
import { bodyPages } from '../text/body'
import { spanOf } from '../text/lines'
import { wholeText } from '../text/whole'
import type { TagsInput, TagsOutput } from './schema'

/** Longer phrases are sentences, not tags. */
const MAX_WORDS = 3
const MAX_CHARS = 60_000
/** Words of forms and letters that name no topic. */
const FORM_WORDS = new Set(
  'page seite pagina página tel telefon phone fax email e-mail mail www http https com date datum total summe nr no number nummer rechnung invoice facture factura fattura factuur iban bic eur usd gmbh inc ltd llc corp sarl hereby herein thereof hereto shall dear regards sincerely grüßen freundlichen bitte please thank thanks street straße strasse rue exhibit section said amount betrag'.split(
    ' ',
  ),
)

interface Phrase {
  key: string
  words: string[]
  count: number
  first: number
  end: number
  surface: string
}

const useful = (word: string): boolean =>
  word.length >= 3 && /^\p{L}[\p{L}\p{M}'’-]*$/u.test(word) && !ANY_STOPWORD.has(word.toLowerCase()) && !FORM_WORDS.has(word.toLowerCase())

/** A short line is a line of a form: what stands below it is something else. */
const SHORT_LINE = 45
function endsShortLine(text: string, at: number): boolean {
  const newline = text.lastIndexOf('\n', at)
  return newline - text.lastIndexOf('\n', newline - 1) <= SHORT_LINE
}

/** Runs of useful words, cut at stopwords and punctuation, as RAKE does (Rose et al. 2010). */
function runsOf(text: string): { words: { text: string; at: number }[] }[] {
  const runs: { words: { text: string; at: number }[] }[] = []
  let words: { text: string; at: number }[] = []
  let end = 0
  const close = () => {
    if (words.length > 0) runs.push({ words })
    words = []
  }
  for (const match of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu)) {
    const gap = text.slice(end, match.index)
    if (/[^ \n-]|\s{2}/.test(gap) || (gap.includes('\n') && endsShortLine(text, match.index)) || !useful(match[0])) close()
    if (useful(match[0])) words.push({ text: match[0], at: match.index })
    end = match.index + match[0].length
  }
  close()
  return runs
}

function countPhrases(text: string): { phrases: Map<string, Phrase>; degree: Map<string, number>; frequency: Map<string, number> } {
  const phrases = new Map<string, Phrase>()
  const degree = new Map<string, number>()
  const frequency = new Map<string, number>()
  for (const { words } of runsOf(text)) {
    const used = words.slice(0, MAX_WORDS)
    const [first, last] = [used[0], used.at(-1)]
    if (!first || !last) continue
    for (const { text: word } of used) {
      const key = word.toLowerCase()
      frequency.set(key, (frequency.get(key) ?? 0) + 1)
      degree.set(key, (degree.get(key) ?? 0) + used.length)
    }
    const end = last.at + last.text.length
    const surface = text.slice(first.at, end)
    const key = surface.toLowerCase()
    const known = phrases.get(key)
    if (known) known.count += 1
    else phrases.set(key, { key, words: used.map((word) => word.text.toLowerCase()), count: 1, first: first.at, end, surface })
  }
  return { phrases, degree, frequency }
}

/** Key phrases by RAKE's word scores, raised by how often and how early a phrase stands. */
export function tagEmbedded({ document, documentId, limit }: TagsInput): TagsOutput {
  const whole = wholeText(document.pages)
  const text = fullText({ ...document, pages: bodyPages(document) }).slice(0, MAX_CHARS)
  const { phrases, degree, frequency } = countPhrases(text)
  const scored = [...phrases.values()].map((phrase) => {
    const rake = phrase.words.reduce((sum, word) => sum + (degree.get(word) ?? 0) / Math.max(1, frequency.get(word) ?? 1), 0)
    const support = phrase.words.reduce((sum, word) => sum + (frequency.get(word) ?? 0), 0) / phrase.words.length
    const early = 1 + 0.5 / (1 + (8 * phrase.first) / Math.max(1, text.length))
    return { phrase, score: Math.sqrt(rake) * Math.log2(1 + phrase.count * 2 + support) * early }
  })
  const kept: typeof scored = []
  for (const item of scored.sort((a, b) => b.score - a.score || a.phrase.first - b.phrase.first)) {
    if (kept.length >= limit) break
    const covered = kept.some(
      ({ phrase }) =>
        phrase.words.every((word) => item.phrase.words.includes(word)) || item.phrase.words.every((word) => phrase.words.includes(word)),
    )
    if (!covered) kept.push(item)
  }
  return {
    tags: kept.map(({ phrase, score }) => ({
      tag: phrase.surface.replace(/\s+/g, ' '),
      score: Math.round(score * 100) / 100,
      span: spanOf(document.pages, whole.rangeAt(phrase.first, phrase.end), documentId),
    })),
  }
}
