import type { GraphEntityType } from '../../domain/knowledge-graph'

/** Whether it is a name in words; numbers and addresses have one way to be written. */
export const isNamed = (type: GraphEntityType | undefined): boolean =>
  type === 'person' || type === 'organisation' || type === 'place' || type === 'product' || type === 'work'

const TOKEN = /[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu

interface Surface {
  owner: number
  tokens: string[]
}

/**
 * Finds all places of many ways of writing in one pass: of those that begin at a word the longest, none within another. Letters must
 * be of the same case, so that the name of a person is not found in a common word.
 */
export function findSurfaces(surfaces: readonly string[][]): (text: string) => { owner: number; start: number; end: number }[] {
  const byFirst = new Map<string, Surface[]>()
  for (const [owner, texts] of surfaces.entries())
    for (const text of texts) {
      const tokens = text.match(TOKEN) ?? []
      const [first] = tokens
      if (first !== undefined) byFirst.set(first, [...(byFirst.get(first) ?? []), { owner, tokens }])
    }
  for (const each of byFirst.values()) each.sort((a, b) => b.tokens.length - a.tokens.length || a.owner - b.owner)
  return (text) => {
    const tokens = [...text.matchAll(TOKEN)]
    const found: { owner: number; start: number; end: number }[] = []
    for (let at = 0; at < tokens.length; at += 1) {
      const surface = byFirst
        .get(tokens[at]?.[0] ?? '')
        ?.find((candidate) => candidate.tokens.every((token, offset) => tokens[at + offset]?.[0] === token))
      const last = tokens[at + (surface?.tokens.length ?? 0) - 1]
      if (surface === undefined || last === undefined) continue
      found.push({ owner: surface.owner, start: tokens[at]?.index ?? 0, end: last.index + last[0].length })
      at += surface.tokens.length - 1
    }
    return found
  }
}
