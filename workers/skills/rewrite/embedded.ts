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

const UNCHANGED: Record<RewriteStyle, string> = {
  shorter: 'Nothing was changed: the text has no wordy phrase, filler, aside or repetition. To say it in fewer words needs a model.',
  formal: 'Nothing was changed: the text has none of the casual words that are known. To change its tone needs a model.',
  plain: 'Nothing was changed: the text has none of the heavy words that are known. To say it more simply needs a model.',
}
const FAMILIAR = 'The text still says du or ihr: only a model can turn that into Sie.'

/**
 * Rewrites by rule: words and phrases of a list, no more. What the style would ask for beyond that is said in `left`, and when
 * nothing at all was done that is said first.
 */
export function rewriteEmbedded({ text, style }: RewriteInput): RewriteOutput {
  const language = isGerman(text) ? 'de' : 'en'
  const rewriting = new Rewriting(text)
  const steps = {
    shorter: () => {
      rewriting.replace(WORDY, 'wordy phrases shortened')
      rewriting.replace(FILLERS, 'fillers left out')
      rewriting.apply(withoutAsides, 'asides in brackets left out')
      rewriting.apply(withoutRepeats, 'repeated sentences left out')
    },
    formal: () => rewriting.replace(FORMAL[language], 'casual words and contractions replaced'),
    plain: () => {
      rewriting.replace(PLAIN, 'heavy words replaced by plain ones')
      rewriting.apply(cutLongSentences, 'long sentences cut')
    },
  } satisfies Record<RewriteStyle, () => void>
  steps[style]()
  const left = [
    rewriting.changes.length === 0 ? UNCHANGED[style] : LEFT[style],
    ...(style === 'formal' &&
    language === 'de' &&
    /(?<!\p{L})(?:du|dir|dich|dein\p{L}*|euch|euer|eure\p{L}*)(?!\p{L})/iu.test(rewriting.text)
      ? [FAMILIAR]
      : []),
  ]
  return { text: rewriting.text, changes: rewriting.changes, left, ...comparedFigures(text, rewriting.text) }
}

/** A few words are enough to choose between two lists. */
const isGerman = (text: string): boolean => {
  const count = (words: RegExp) => text.match(words)?.length ?? 0
  return (
    count(
      /(?<!\p{L})(?:der|die|das|und|ist|nicht|ich|wir|sie|mit|für|ein|eine|den|dem|zu|von|auf|uns|mir|dir|du|bitte|danke|hallo|grüße)(?!\p{L})/giu,
    ) > count(/\b(?:the|and|is|not|i|we|you|with|for|a|an|to|of|on|us|me|it|please|thanks|hello|regards)\b/gi)
  )
}

class Rewriting {
  readonly changes: string[] = []
  constructor(public text: string) {}

  replace(phrases: Phrases, change: string): void {
    this.apply((text) => phrases.reduce((now, [pattern, plain]) => replacePhrase(now, pattern, plain), text), change)
  }

  apply(rewrite: (text: string) => string, change: string): void {
    const next = rewrite(this.text)
    if (next === this.text) return
    this.changes.push(change)
    this.text = tidy(next, this.text)
  }
}

/** A replacement begins as the words did that it stands for. */
function replacePhrase(text: string, pattern: RegExp, plain: string): string {
  return text.replace(pattern, (found: string, ...groups: unknown[]) => {
    const part = typeof groups[0] === 'string' ? groups[0] : ''
    const words = plain.replace('$1', part)
    // An abbreviation in capitals does not begin a sentence.
    const begins = /^\p{Lu}/u.test(found) && !/^\p{Lu}{2,}$/u.test(found)
    return begins ? words.charAt(0).toUpperCase() + words.slice(1) : words
  })
}

/** Spaces that a removed word leaves, and the capital that a sentence then lacks; what was there before stays as it was. */
function tidy(text: string, before: string): string {
  const spaced = / {2,}|\t/.test(before) ? text : text.replace(/ {2,}/g, ' ')
  const joined = spaced.replace(/ +([,.;:!?])/g, '$1')
  const openings = new Set(splitSentences(before).map((sentence) => sentence.text.slice(0, KNOWN_OPENING)))
  return splitSentences(joined).reduceRight((rest, { start }) => {
    const isNew = /^\p{Ll}/u.test(rest.slice(start, start + 2)) && !openings.has(rest.slice(start, start + KNOWN_OPENING))
    return isNew ? rest.slice(0, start) + rest.charAt(start).toUpperCase() + rest.slice(start + 1) : rest
  }, joined)
}
const KNOWN_OPENING = 12

/** What may be the point of a bracket: a name, a noun of German, a figure, a list, an exception, an example. */
const POINT =
  /[\p{Lu}\d,;]|(?<!\p{L})(?:not|except|without|only|unless|excluding|including|e\.g|i\.e|nicht|außer|ohne|nur|z\. ?b|d\. ?h|inkl|exkl)(?!\p{L})/u

/** Brackets go that have none of that. */
const withoutAsides = (text: string): string =>
  text.replace(/ ?\(([^()]{1,120})\)/g, (found: string, aside: string) => (POINT.test(aside) ? found : ''))

/** How a repetition begins. */
const SUMMING_UP = /^(?:in summary|to sum up|in short|again|once again|as (?:i|we) said|zusammenfassend|kurz gesagt|nochmals),?\s+/i

function withoutRepeats(text: string): string {
  const seen = new Set<string>()
  let kept = ''
  let at = 0
  for (const sentence of splitSentences(text)) {
    const key = sentence.text.toLowerCase().replace(SUMMING_UP, '').replace(/\s+/g, ' ').trim()
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
    result +=
      text.slice(at, start) +
      (isLong
        ? text.slice(start, end).replace(/;\s+(\p{L})/gu, (_, letter: string) => `. ${letter.toUpperCase()}`)
        : text.slice(start, end))
    at = end
  }
  return result + text.slice(at)
}
