const FIGURE = /\d+(?:[.,:/-]\d+)*/g
const figuresOf = (text: string): string[] => [...new Set([...text.matchAll(FIGURE)].map(([figure]) => figure))]

/** What a rewriting did to the figures: the one thing that must not change. */
export function comparedFigures(before: string, after: string): { lostFigures: string[]; addedFigures: string[] } {
  const [old, now] = [figuresOf(before), figuresOf(after)]
  return { lostFigures: old.filter((figure) => !now.includes(figure)), addedFigures: now.filter((figure) => !old.includes(figure)) }
}
