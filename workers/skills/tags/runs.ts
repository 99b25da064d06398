import { ANY_STOPWORD } from '../language/stopwords'
import { AFTER_VERB, ALSO_NOUN, BEFORE_NOUN, ENDING_MEASURES, FORM_WORDS, GERMAN_NO_TOPIC, MEASURES, NO_TOPIC } from './words'

interface Word {
  text: string
  at: number
  /** The same for all forms of a word. */
  key: string
}

/** Words that stand next to each other and may be a phrase. */
export interface Run {
  words: Word[]
}

interface Token {
  text: string
  at: number
  /** What stands between it and the word before. */
  gap: string
  opensSentence: boolean
}

/** A short line is a line of a form: what stands below it is something else. */
const SHORT_LINE = 45
const LEAST_LETTERS = 3
/** What belongs to a company stands before these. */
const LEGAL_FORM = /^(?:gmbh|ag|inc|ltd|llc|corp|kg|ohg|se|plc|sarl|co)$/i

/** Runs of words that topics are made of: in German nouns, elsewhere what function words, verbs and punctuation leave. */
export function runsOf(text: string, isGerman: boolean): Run[] {
  const tokens = tokensOf(text)
  const within = new Set(tokens.filter(({ opensSentence }) => !opensSentence).map((token) => token.text))
  const runs: Run[] = []
  let words: Word[] = []
  const close = () => {
    if (words.length > 0) runs.push({ words })
    words = []
  }
  for (const [at, token] of tokens.entries()) {
    const [before, after] = [tokens[at - 1], tokens[at + 1]]
    if (parts(token, text)) close()
    if (LEGAL_FORM.test(token.text)) words = []
    const endsPhrase = !isGerman && words.length > 0 && ENDING_MEASURES.has(token.text.toLowerCase())
    const fits =
      endsPhrase ||
      (isTopical(token.text) && (isGerman ? isGermanNoun(token, after, within) : isEnglishTopic(token, before, after, words.length > 0)))
    if (fits) words.push({ text: token.text, at: token.at, key: formless(token.text.toLowerCase(), isGerman) })
    else close()
  }
  close()
  return runs
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let end = 0
  for (const match of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu)) {
    const gap = text.slice(end, match.index)
    tokens.push({ text: match[0], at: match.index, gap, opensSentence: end === 0 || /[.!?:;•*\n–]/.test(gap) })
    end = match.index + match[0].length
  }
  return tokens
}

const parts = ({ gap, at }: Token, text: string): boolean => /[^ \n-]|\s{2}/.test(gap) || (gap.includes('\n') && endsShortLine(text, at))

function endsShortLine(text: string, at: number): boolean {
  const newline = text.lastIndexOf('\n', at)
  return newline - text.lastIndexOf('\n', newline - 1) <= SHORT_LINE
}

function isTopical(word: string): boolean {
  const key = word.toLowerCase()
  return (
    word.length >= LEAST_LETTERS &&
    /^\p{L}[\p{L}\p{M}'’-]*$/u.test(word) &&
    ![ANY_STOPWORD, FORM_WORDS, MEASURES].some((words) => words.has(key))
  )
}

/** A noun has a capital; a word that opens a sentence has one anyway and counts when it is a noun elsewhere or looks like one. */
function isGermanNoun({ text, opensSentence, at }: Token, after: Token | undefined, within: ReadonlySet<string>): boolean {
  if (!/^\p{Lu}/u.test(text) || GERMAN_NO_TOPIC.has(text.toLowerCase())) return false
  if (!opensSentence || at === 0) return true
  if (within.has(text)) return true
  const endsLine = after === undefined || /[\n:]|\s{2}/.test(after.gap)
  return (
    endsLine ||
    (text.length >= 5 && !(/^\p{Lu}/u.test(after.text) && /e[nrsm]?$/.test(text))) ||
    /(?:ung|heit|keit|schaft|tion|anlage)(?:en)?$/u.test(text)
  )
}

function isEnglishTopic({ text }: Token, before: Token | undefined, after: Token | undefined, isOpen: boolean): boolean {
  const key = text.toLowerCase()
  const isAfterArticle = before !== undefined && BEFORE_NOUN.has(before.text.toLowerCase())
  if (ALSO_NOUN.has(key)) return isOpen && !AFTER_VERB.has(after?.text.toLowerCase() ?? '')
  if (NO_TOPIC.has(key) || /ly$/.test(key)) return false
  const goesOn = after !== undefined && after.gap === ' ' && isTopical(after.text) && !NO_TOPIC.has(after.text.toLowerCase())
  if (/ed$/.test(key) && key.length > 4) return isAfterArticle && goesOn
  if (/ing$/.test(key) && key.length > 5) return goesOn || isAfterArticle
  return true
}

/** Singular and plural are one; of German also the cases. */
function formless(word: string, isGerman: boolean): string {
  if (isGerman) return word.length > 5 ? word.replace(/(?:en|es|e|n|s)$/, '') : word
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`
  return /(?:ss|us|is)$/.test(word) || word.length < 4 ? word : word.replace(/(?<=sh|ch|x|ss)es$|s$/, '')
}
