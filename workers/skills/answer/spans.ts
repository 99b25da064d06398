import { figuresOf } from '../citations/figures'
import { fold, stem } from '../citations/stem'
import { ANY_STOPWORD } from '../language/stopwords'
import type { AnswerKind, ParsedQuestion } from './question'

/** A stretch of a sentence that could be the answer: characters `[start, end)` of the sentence. */
export interface Candidate {
  start: number
  end: number
  text: string
}

interface Token {
  start: number
  end: number
  text: string
  stem: string
  isStop: boolean
  isName: boolean
  isFigure: boolean
}

/** A short answer has no more words than this. */
const MAX_TOKENS = 8
const TOKEN = /[\p{L}\p{N}$€£%°½¼]+(?:[’'.,:–-][\p{L}\p{N}]+)*[%°]?/gu
/** What a short answer does not reach across. */
const BREAK = /[;:!?()[\]"“”«»—]|,\s|\.\s|\s[–-]\s/

function tokensOf(text: string): Token[] {
  const figures = figuresOf(text)
  return [...text.matchAll(TOKEN)].map((match) => {
    const [start, end] = [match.index, match.index + match[0].length]
    return {
      start,
      end,
      text: match[0],
      stem: stem(match[0].replace(/[’']s$/u, '')),
      isStop: ANY_STOPWORD.has(match[0].toLowerCase()),
      isName: /^\p{Lu}/u.test(match[0]),
      isFigure: figures.some((figure) => figure.start < end && figure.end > start),
    }
  })
}

const CUE =
  /^(?:by|in|at|of|as|called|named|is|are|was|were|to|from|for|with|into|on|be|became|including|like|von|in|am|als|ist|war|durch|par|de|en|por|es|fue)$/i

/** Every stretch of a sentence that could be a short answer, with what speaks for it. */
export function candidatesOf(question: ParsedQuestion, sentence: string): { candidate: Candidate; features: number[] }[] {
  const tokens = tokensOf(sentence)
  const asked = new Set(question.terms.map((term) => term.stem))
  const places = tokens.flatMap((token, index) => (asked.has(token.stem) ? [index] : []))
  const found: { candidate: Candidate; features: number[] }[] = []
  for (let first = 0; first < tokens.length; first += 1)
    for (let last = first; last < Math.min(tokens.length, first + MAX_TOKENS); last += 1) {
      if (last > first && BREAK.test(sentence.slice(tokens[last - 1]?.end, tokens[last]?.start)) && !isList(tokens, last)) break
      const [head, tail] = [tokens[first], tokens[last]]
      if (!head || !tail || (tail.isStop && !tail.isFigure) || (head.isStop && !head.isFigure && !ARTICLE.test(head.text))) continue
      const candidate = { start: head.start, end: tail.end, text: sentence.slice(head.start, tail.end) }
      found.push({ candidate, features: featuresOf({ question, sentence, tokens, first, last, asked, places }) })
    }
  return found
}

/** Names after names and figures after figures go on over a comma: `Omnicare, Kindred Healthcare`, `5 March, 2026`. */
const isList = (tokens: readonly Token[], last: number): boolean =>
  (tokens[last - 1]?.isFigure === true && tokens[last]?.isFigure === true) ||
  (tokens[last - 1]?.isName === true && tokens[last]?.isName === true)
const ARTICLE = /^(?:the|a|an|der|die|das|den|ein|eine|le|la|les|un|une|el|los|las|il|lo)$/i

/** A stretch of a sentence with what is around it. */
interface Stretch {
  question: ParsedQuestion
  sentence: string
  tokens: readonly Token[]
  first: number
  last: number
  asked: ReadonlySet<string>
  /** Tokens that the question names. */
  places: readonly number[]
}

const featuresOf = (stretch: Stretch): number[] => [...placeFeatures(stretch), ...shapeFeatures(stretch), ...kindFeatures(stretch)]

const insideOf = ({ tokens, first, last }: Stretch): readonly Token[] => tokens.slice(first, last + 1)
const contentOf = (stretch: Stretch): readonly Token[] => insideOf(stretch).filter((token) => !token.isStop)
const shareOf = (tokens: readonly Token[], test: (token: Token) => boolean): number =>
  tokens.filter(test).length / Math.max(1, tokens.length)

/** How it stands to the words that the question names. */
function placeFeatures(stretch: Stretch): number[] {
  const { question, tokens, first, last, asked, places } = stretch
  const content = contentOf(stretch)
  const [before, after] = [tokens[first - 1], tokens[last + 1]]
  const distance = (place: number) => (place < first ? first - place : place - last)
  const outside = places.filter((place) => place < first || place > last)
  const all = Math.max(1, places.length)
  const isFocus = (token: Token | undefined) => token !== undefined && question.focus.includes(token.stem)
  return [
    outside.reduce((sum, place) => sum + 1 / distance(place), 0) / all,
    outside.length === 0 ? 0 : 1 / Math.min(...outside.map(distance)),
    shareOf(content, (token) => asked.has(token.stem)),
    outside.filter((place) => place > last).length / all,
    outside.filter((place) => place < first).length / all,
    (before && asked.has(before.stem)) || (after && asked.has(after.stem)) ? 1 : 0,
    isFocus(after) || content.some(isFocus) ? 1 : 0,
  ]
}

const VERB = /^(?:is|are|was|were|has|have|had|did|led|ist|war|hat)$/i

/** Whether it is cut where a phrase is. */
function shapeFeatures(stretch: Stretch): number[] {
  const { sentence, tokens, first, last } = stretch
  const inside = insideOf(stretch)
  const [before, head, tail, after] = [tokens[first - 1], tokens[first], tokens[last], tokens[last + 1]]
  const long = inside.length / MAX_TOKENS
  const cutsOff = (what: 'isName' | 'isFigure') => (cuts(before, head, sentence, what) || cuts(tail, after, sentence, what) ? 1 : 0)
  const isQuoted = /["“«(]$/.test(sentence.slice(0, head?.start)) && /^["”»)]/.test(sentence.slice(tail?.end))
  return [
    after && VERB.test(after.text) ? 1 : 0,
    before && CUE.test(before.text) ? 1 : 0,
    cutsOff('isName'),
    cutsOff('isFigure'),
    long,
    long * long,
    shareOf(inside, (token) => token.isStop),
    ARTICLE.test(head?.text ?? '') ? 1 : 0,
    !after || BREAK.test(sentence.slice(tail?.end, after.start)) || after.isStop ? 1 : 0,
    !before || BREAK.test(sentence.slice(before.end, head?.start)) || before.isStop ? 1 : 0,
    isQuoted ? 1 : 0,
  ]
}

/** Whether it is of the kind asked for. */
function kindFeatures(stretch: Stretch): number[] {
  const { question, tokens, first } = stretch
  const inside = insideOf(stretch)
  const content = contentOf(stretch)
  // A single word that begins the sentence is capitalised whatever it is.
  const isName = (token: Token) => token.isName && !(first === 0 && token === tokens[0] && !token.isFigure && content.length === 1)
  const names = shareOf(content, isName)
  const figures = shareOf(content, (token) => token.isFigure)
  const long = inside.length / MAX_TOKENS
  const is = (...wanted: AnswerKind[]) => (wanted.includes(question.kind) ? 1 : 0)
  return [
    fits(question.kind, names, figures, inside) ? 1 : 0,
    names,
    names === 1 ? 1 : 0,
    figures,
    is('person') * names,
    is('place') * names,
    is('time') * figures,
    is('number') * figures,
    is('number') * long,
    is('thing') * long,
    is('text', 'reason') * long,
  ]
}

/** Whether a stretch ends in the middle of a name or figure. */
const cuts = (left: Token | undefined, right: Token | undefined, sentence: string, what: 'isName' | 'isFigure'): boolean =>
  left?.[what] === true && right?.[what] === true && !left.isStop && /^[\s-]*$/.test(sentence.slice(left.end, right.start))

function fits(kind: AnswerKind, names: number, figures: number, inside: readonly Token[]): boolean {
  if (kind === 'number' || kind === 'money' || kind === 'percent' || kind === 'time') return figures > 0
  if (kind === 'person' || kind === 'place') return names >= 0.5 && figures === 0
  return inside.some((token) => !token.isStop) && fold(inside[0]?.text ?? '') !== ''
}
