import type { ParsedDocument, Span } from '../../domain/documents'
import { spanOf } from '../text/lines'
import type { Feature } from './features'
import type { ClassifyOutput } from './schema'

/** Characters of the first page that count as its heading part. */
const HEAD_CHARS = 600
const BELOW_HEAD = 0.6
const IN_SENTENCE = 0.85
/** A phrase that is a line of its own is a title. */
const TITLE_BONUS = 1.5
const MAX_CHARS_A_PAGE = 20_000
const MAX_PAGES = 12

export interface Evidence {
  term: string
  weight: number
  span?: Span
}
export interface Score {
  class: string
  score: number
  evidence: Evidence[]
}

const isTitle = (text: string, start: number, end: number): boolean => {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const next = text.indexOf('\n', end)
  const line = text.slice(from, next < 0 ? undefined : next).trim()
  return line.length <= 60 && end - start >= line.length * 0.35
}

/** A title set with spaces between its letters (`I N V O I C E`). */
function spacedOut(text: string, pattern: RegExp): { index: number; 0: string } | undefined {
  for (const run of text.slice(0, HEAD_CHARS * 3).matchAll(/(?<!\p{L})(?:\p{L} ){4,}\p{L}(?!\p{L})/gu)) {
    if (pattern.test(run[0].replaceAll(' ', ''))) return { index: run.index, 0: run[0] }
  }
  return undefined
}

/** The best place of one feature: in the heading part of the first page, else anywhere. */
function weigh(document: ParsedDocument, [weight, pattern]: Feature, documentId?: string): Evidence | undefined {
  for (const page of document.pages.slice(0, MAX_PAGES)) {
    const text = page.text.slice(0, MAX_CHARS_A_PAGE)
    const match = pattern.exec(text) ?? spacedOut(text, pattern)
    if (!match) continue
    const [start, end] = [match.index, match.index + match[0].length]
    const head = page.number === 1 && start < HEAD_CHARS
    const factor = head ? (isTitle(text, start, end) ? TITLE_BONUS : IN_SENTENCE) : BELOW_HEAD
    return {
      term: match[0].trim(),
      weight: round(weight * factor),
      span: spanOf(document.pages, { page: page.number, start, end }, documentId),
    }
  }
  return undefined
}

const round = (value: number): number => Math.round(value * 100) / 100

/** What speaks for one class: the best place of each of its features, beside what is known already. */
export function score(document: ParsedDocument, name: string, features: Feature[], extra: Evidence[]): Score {
  const evidence = [...extra, ...features.flatMap((feature) => weigh(document, feature) ?? [])]
  return { class: name, score: evidence.reduce((sum, item) => sum + item.weight, 0), evidence }
}

/** Probabilities by the logistic function over all classes, the one for what is none of them among them with a constant score. */
export function decide(scores: Score[], none: Pick<Score, 'class' | 'score'>): ClassifyOutput {
  const all = [...scores, { ...none, evidence: [] }].sort((a, b) => b.score - a.score)
  const total = all.reduce((sum, item) => sum + Math.exp(item.score), 0)
  const confidence = (item: Score) => round(Math.min(0.99, Math.exp(item.score) / total))
  const [best, ...rest] = all
  if (!best) return { class: none.class, confidence: 0, evidence: [], alternatives: [] }
  return {
    class: best.class,
    confidence: confidence(best),
    evidence: best.evidence.sort((a, b) => b.weight - a.weight).slice(0, 8),
    alternatives: rest.slice(0, 3).map((item) => ({ class: item.class, confidence: confidence(item) })),
  }
}
