import type { Contradiction, SourceCitation } from '../../domain/citations'
import { deniedDifferently } from './denial'
import { type Figure, figuresOf, sameFigure } from './figures'
import { stem } from './stem'
import { type Term, termsOf } from './terms'

/** A statement of a source, as quoted. */
export interface Statement {
  text: string
  citation: SourceCitation
}

/** Two statements that share so many of their words, figures aside, are about the same. */
const SAME_SUBJECT = 0.6
const LEAST_SHARED = 2

/**
 * Where others state another figure of the same unit about the same than a statement does, or one denies what the other says. Figures
 * of different years, and statements of different years or names, are no contradiction. What only knowledge or logic would tell is missed.
 */
export function contradictionsOf(statements: readonly Statement[], others: readonly Statement[]): Contradiction[] {
  const found: Contradiction[] = []
  for (const one of statements)
    for (const other of others) {
      const differing = differenceOf(one.text, other.text)
      if (differing === undefined) continue
      const sides = [
        { value: differing.one, citation: one.citation },
        { value: differing.other, citation: other.citation },
      ]
      // A third source that says the same as one of two adds nothing to know.
      if (!found.some((known) => sides.every(({ value }) => known.sides.some((side) => side.value === value))))
        found.push({ about: differing.about, sides })
    }
  return found
}

function differenceOf(one: string, other: string): { about: string; one: string; other: string } | undefined {
  const [figures, others] = [figuresOf(one), figuresOf(other)]
  const [terms, otherTerms] = [plainTerms(one, figures), plainTerms(other, others)]
  const shared = terms.filter((term) => otherTerms.some((candidate) => candidate.stem === term.stem))
  if (shared.length < LEAST_SHARED || shared.length / Math.min(terms.length, otherTerms.length) < SAME_SUBJECT) return undefined
  if (namesDiffer(terms, otherTerms)) return undefined
  const about = shared
    .slice(0, 5)
    .map((term) => term.text)
    .join(' ')
  const denied = deniedDifferently(one, other)
  if (denied.length > 0) return { about, one, other }
  const open = figures.filter((figure) => !others.some((candidate) => sameFigure(figure, candidate)))
  const otherOpen = others.filter((figure) => !figures.some((candidate) => sameFigure(figure, candidate)))
  // Statements of different years are both true, and so may be one of a year and one of today.
  if ((open.some(isYear) || otherOpen.some(isYear)) && (open.length > 1 || otherOpen.length > 1)) return undefined
  const pair = open.flatMap((figure) =>
    otherOpen.filter((candidate) => sameUnit(figure, one, candidate, other)).map((candidate) => [figure, candidate] as const),
  )[0]
  return pair ? { about, one: withUnit(pair[0], one), other: withUnit(pair[1], other) } : undefined
}

const plainTerms = (text: string, figures: readonly Figure[]): Term[] =>
  termsOf(text).filter((term) => !figures.some(({ start, end }) => term.start < end && term.end > start))

/** Whether each names somebody or something that the other does not: then they are about different things. */
function namesDiffer(terms: readonly Term[], others: readonly Term[]): boolean {
  const own = (these: readonly Term[], those: readonly Term[]) =>
    these.some((term) => term.kind === 'name' && !those.some((candidate) => candidate.stem === term.stem))
  return own(terms, others) && own(others, terms)
}

const isYear = (figure: Figure): boolean =>
  figure.kind === 'number' && /^(?:1[5-9]|20)\d{2}$/.test(figure.readings[0] ?? '') && /^\d{4}$/.test(figure.text)

/** The word that a figure counts: `months` of `24 months`. */
const unitOf = (figure: Figure, text: string): string => stem(/^[\s-]*(?<unit>\p{L}+)/u.exec(text.slice(figure.end))?.groups?.unit ?? '')

/** Whether two figures of two texts count the same. */
export function sameUnit(one: Figure, oneText: string, other: Figure, otherText: string): boolean {
  if (one.kind !== other.kind || (one.currency ?? '') !== (other.currency ?? '')) return false
  if (one.kind !== 'number') return true
  // `1987 by …` and `1990` are both years.
  return isYear(one) === isYear(other) && (isYear(one) || unitOf(one, oneText) === unitOf(other, otherText))
}

/** A figure with the word that it counts, as written. */
export const withUnit = (figure: Figure, text: string): string =>
  figure.kind === 'number' && !isYear(figure) ? `${figure.text}${/^[ -]\p{L}+/u.exec(text.slice(figure.end))?.[0] ?? ''}` : figure.text
