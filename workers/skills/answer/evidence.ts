import { figuresOf } from '../citations/figures'
import { pairsOf, stemsOf, type Term, tellingOf, termsOf, weightedShare } from '../citations/terms'
import { splitSentences } from '../sentences'
import type { ParsedQuestion } from './question'

/** A passage as far as it is read here, best first. */
export interface Source {
  text: string
  /** Headings above it. */
  context: string
}

/** A sentence of a passage. */
export interface Evidence {
  /** Index of the passage. */
  source: number
  /** Characters of the passage's text. */
  start: number
  end: number
  text: string
  terms: Term[]
  stems: ReadonlySet<string>
}

/** A sentence longer than this is a table or a list without stops: it is read line by line. */
const MAX_SENTENCE = 600

/** All sentences of the passages. */
export const evidenceOf = (sources: readonly Source[]): Evidence[] =>
  sources.flatMap(({ text }, source) =>
    splitSentences(text).flatMap((sentence) =>
      (sentence.text.length > MAX_SENTENCE || /\t|\S {3,}\S/.test(sentence.text) ? linesOf(sentence) : [sentence]).map((part) => {
        const terms = termsOf(part.text)
        return { source, ...part, terms, stems: new Set(terms.map((term) => term.stem)) }
      }),
    ),
  )

function linesOf(sentence: { start: number; text: string }): { start: number; end: number; text: string }[] {
  return [...sentence.text.matchAll(/[^\n]*\S[^\n]*/g)].map((line) => {
    const lead = line[0].length - line[0].trimStart().length
    const start = sentence.start + line.index + lead
    const text = line[0].trim()
    return { start, end: start + text.length, text }
  })
}

/** What speaks for a sentence, each between 0 and 1. Those of `alike` need an encoder. */
export const FEATURES = [
  'names',
  'words',
  'common',
  'weighted',
  'pairs',
  'typed',
  'namesNear',
  'weightedNear',
  'weightedPassage',
  'rank',
  'length',
  'alike',
  'alikeRank',
] as const

/** A question with the sentences that may answer it. */
export interface Setting {
  question: ParsedQuestion
  evidence: readonly Evidence[]
  weights: ReadonlyMap<string, number>
  /** Stems of each passage with its headings. */
  sourceStems: readonly ReadonlySet<string>[]
}

export function settingOf(question: ParsedQuestion, sources: readonly Source[]): Setting {
  const evidence = evidenceOf(sources)
  return {
    question,
    evidence,
    weights: tellingOf(
      question.terms,
      evidence.map((sentence) => sentence.stems),
    ),
    sourceStems: sources.map(({ text, context }) => stemsOf(`${context}. ${text}`)),
  }
}

/** The features that words alone give, of the sentence with this index. */
export function wordFeatures({ question, evidence, weights, sourceStems }: Setting, index: number): number[] {
  const sentence = evidence[index]
  if (!sentence) return []
  const near = nearStems(evidence, index)
  const of = (kind: Term['kind']) => question.terms.filter((term) => term.kind === kind)
  const asked = pairsOf(question.terms)
  const pairs = pairsOf(sentence.terms)
  return [
    share(of('name'), sentence.stems),
    share(of('word'), sentence.stems),
    share(of('common'), sentence.stems),
    weightedShare(question.terms, weights, sentence.stems),
    asked.size === 0 ? 0 : [...asked].filter((pair) => pairs.has(pair)).length / asked.size,
    hasKind(question, sentence) ? 1 : 0,
    share(of('name'), near),
    weightedShare(question.terms, weights, near),
    weightedShare(question.terms, weights, sourceStems[sentence.source] ?? new Set()),
    1 / (1 + sentence.source),
    Math.min(1, sentence.terms.length / 20),
  ]
}

/** Stems of a sentence and of its neighbours in the passage. */
function nearStems(evidence: readonly Evidence[], index: number): ReadonlySet<string> {
  const own = evidence[index]
  const near = [evidence[index - 1], own, evidence[index + 1]].filter((sentence) => sentence?.source === own?.source)
  return new Set(near.flatMap((sentence) => [...(sentence?.stems ?? [])]))
}

/** No word of a kind to look for proves nothing either way. */
const UNASKED = 0.5

const share = (terms: readonly Term[], stems: ReadonlySet<string>): number =>
  terms.length === 0 ? UNASKED : terms.filter((term) => stems.has(term.stem)).length / terms.length

/** Whether a sentence holds words of the kind asked for that the question does not hold itself. */
export function hasKind({ kind, terms }: ParsedQuestion, { text, terms: own }: Evidence): boolean {
  const asked = new Set(terms.map((term) => term.stem))
  const figures = () => figuresOf(text).filter((figure) => !asked.has(figure.text.toLowerCase()))
  switch (kind) {
    case 'number':
      return figures().length > 0
    case 'money':
      return figures().some((figure) => figure.kind === 'money' || figure.kind === 'number')
    case 'percent':
      return figures().some((figure) => figure.kind === 'percent')
    case 'time':
      return (
        figures().some((figure) => figure.kind === 'date' || /^1\d{3}|^20\d{2}/.test(figure.readings[0] ?? '')) ||
        /\b\d{1,2}(?:st|nd|rd|th) century|\b(?:ago|yesterday|today)\b/.test(text)
      )
    case 'person':
    case 'place':
      return own.some((term) => term.kind === 'name' && !/\d/.test(term.text) && !asked.has(term.stem))
    default:
      return own.some((term) => !asked.has(term.stem))
  }
}
