import type { DraftInput, Fact } from './schema'

const FIGURE = /\d+(?:[.,:/-]\d+)*/g

/** Which facts stand in a text, and which of its figures no fact states. A fact stands there when its value does, or its figures do. */
export function proofOf(
  text: string,
  { facts, purpose, to = '', from = '' }: DraftInput,
): { used: string[]; unused: string[]; unproven: string[] } {
  const flat = fold(text)
  const stands = ({ value }: Fact): boolean =>
    flat.includes(fold(value)) || (figures(value).length > 0 && figures(value).every((figure) => figures(text).includes(figure)))
  const known = new Set([...facts.flatMap(({ name, value }) => figures(`${name} ${value}`)), ...figures(`${purpose} ${to} ${from}`)])
  return {
    used: facts.filter(stands).map(({ id }) => id),
    unused: facts.filter((fact) => !stands(fact)).map(({ id }) => id),
    unproven: [...new Set(figures(text).filter((figure) => !known.has(figure)))],
  }
}

/** Figures without thousands separators, so that 1,200 and 1200 are one; a decimal part stays. */
const figures = (text: string): string[] => [...text.matchAll(FIGURE)].map(([figure]) => figure.replace(/[.,](?=\d{3}(?:\D|$))/g, ''))

const fold = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim()
