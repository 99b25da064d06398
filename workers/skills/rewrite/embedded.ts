import { splitSentences } from '../sentences'
import { comparedFigures } from './figures'
import { FILLERS, FORMAL, type Phrases, PLAIN, WORDY } from './phrases'
import type { RewriteInput, RewriteOutput, RewriteStyle } from './schema'

/** A sentence of more words is hard to read; where it can be told apart by rule, it is. */
const MAX_WORDS = 25

const LEFT: Record<RewriteStyle, string> = {
  shorter: 'Without a model only wordy phrases, fillers, asides and repeated sentences go; sentences are not merged or summarised.',
  formal:
    'Without a model only contractions, exclamations and a list of casual words are changed; tone beyond these words is left as it is.',
  plain:
    'Without a model only a list of heavy words is replaced and long sentences are cut at semicolons; structure and passive voice stay.',
}

/** Rewrites by rule: words and phrases of a list, no more. What the style would ask for beyond that is said in `left`. */
export function rewriteEmbedded({ text, style }: RewriteInput): RewriteOutput {
  const rewriting = new Rewriting(text)
  const steps = {
    shorter: () => {
      rewriting.replace(WORDY, 'wordy phrases shortened')
      rewriting.replace(FILLERS, 'fillers left out')
      rewriting.apply(withoutAsides, 'asides in brackets left out')
      rewriting.apply(withoutRepeats, 'repeated sentences left out')
    },
    formal: () => rewriting.replace(FORMAL, 'casual words and contractions replaced'),
    plain: () => {
      rewriting.replace(PLAIN, 'heavy words replaced by plain ones')
      rewriting.apply(cutLongSentences, 'long sentences cut')
    },
  } satisfies Record<RewriteStyle, () => void>
  steps[style]()
  return { text: rewriting.text, changes: rewriting.changes, left: [LEFT[style]], ...comparedFigures(text, rewriting.text) }
}

class Rewriting {
  readonly changes: string[] = []
  constructor(public text: string) {}

  replace(phrases: Phrases, change: string): void {
    this.apply((text) => phrases.reduce((now, [pattern, plain]) => replacePhrase(now, pattern, plain), text), change)
  }

  apply(rewrite: (text: string) => string, change: string): void {
    const next = tidy(rewrite(this.text))
    if (next !== this.text) this.changes.push(change)
    this.text = next
  }
}

/** A replacement begins as the words did that it stands for. */
function replacePhrase(text: string, pattern: RegExp, plain: string): string {
  return text.replace(pattern, (found: string, ...groups: unknown[]) => {
    const part = typeof groups[0] === 'string' ? groups[0] : ''
    const words = plain.replace('$1', part)
    const begins = /^\p{Lu}/u.test(found)
    return begins ? words.charAt(0).toUpperCase() + words.slice(1) : words
  })
}

/** Spaces that a removed word leaves, and the capital that a sentence then lacks. */
const tidy = (text: string): string =>
  text
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/ +([,.;:!?])/g, '$1')
    .replace(/(^|[.!?]\s+|\n\s*)(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())

/** Brackets without a figure: one with a figure may be the point. */
const withoutAsides = (text: string): string => text.replace(/\s*\((?![^)]*\d)[^()]{1,120}\)/g, '')

function withoutRepeats(text: string): string {
  const seen = new Set<string>()
  let kept = ''
  let at = 0
  for (const sentence of splitSentences(text)) {
    const key = sentence.text.toLowerCase().replace(/\s+/g, ' ').trim()
    if (!seen.has(key)) kept += text.slice(at, sentence.end)
    seen.add(key)
    at = sentence.end
  }
  return kept + text.slice(at)
}

function cutLongSentences(text: string): string {
  let result = ''
  let at = 0
  for (const { start, end, text: sentence } of splitSentences(text)) {
    const isLong = sentence.split(/\s+/).length > MAX_WORDS
    result += text.slice(at, start) + (isLong ? text.slice(start, end).replace(/;\s+/g, '. ') : text.slice(start, end))
    at = end
  }
  return result + text.slice(at)
}
