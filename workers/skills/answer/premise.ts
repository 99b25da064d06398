import { sameUnit, withUnit } from '../citations/contradictions'
import { figuresOf, missingFigures } from '../citations/figures'
import { type Term, termsOf } from '../citations/terms'
import type { Evidence } from './evidence'
import type { ParsedQuestion } from './question'

/** A figure of the question and the one that the source has in its place. */
export interface Presumed {
  asked: string
  found: string
  /** Stems that only the wrong figure brought into the question. */
  stems: string[]
}

/** So many of the question's other words a sentence must share to be about the same; of few words all. */
const SAME_SUBJECT = 0.75
const FEW_WORDS = 3
const LEAST_WORDS = 2
/** What asks for assent at the end, and is about nothing. */
const TAG =
  /[,;–-]\s*(?:right|correct|is that (?:right|correct)|isn[’']t it|oder(?: nicht)?|nicht wahr|richtig|stimmt(?:[’']s| das)?|korrekt)\s*\?*\s*$/iu

/** What a question takes for granted and a sentence that is about the same states otherwise: a figure of the same unit. */
export function falsePremise(question: ParsedQuestion, sentence: Evidence): Presumed | undefined {
  for (const figure of missingFigures(question.text, sentence.text)) {
    const stems = termsOf(figure.text).map((term) => term.stem)
    const end = TAG.exec(question.text)?.index ?? question.text.length
    const others = question.terms.filter((term) => term.start < end && !stems.includes(term.stem) && counts(term))
    const shared = others.filter((term) => sentence.stems.has(term.stem))
    const least = others.length < FEW_WORDS ? 1 : SAME_SUBJECT
    if (others.length < LEAST_WORDS || shared.length / others.length < least) continue
    const instead = figuresOf(sentence.text).find((candidate) => sameUnit(figure, question.text, candidate, sentence.text))
    if (instead) return { asked: withUnit(figure, question.text), found: withUnit(instead, sentence.text), stems }
  }
  return undefined
}

const counts = (term: Term): boolean => term.kind !== 'common'
