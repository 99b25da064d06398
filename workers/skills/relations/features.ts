import { hashText } from '../entities/tagger/hash'
import type { Lexicon } from '../entities/tagger/lexicon'
import { RELATION_TYPES, RELATIONS, type RelationType } from './schema'

/** A name in a sentence: tokens `[start, end)`. */
export interface Mentioned {
  start: number
  end: number
  kind: string
}

export interface Candidate {
  type: RelationType
  head: number
  tail: number
}

/** Names that stand further apart are seldom related, and pairs grow with the square. */
const MAX_DISTANCE = 40
const MAX_BETWEEN_TEXT = 5

/** Every pair of names of a sentence whose kinds allow a relation. */
export function candidatesOf(names: readonly Mentioned[]): Candidate[] {
  return names.flatMap((head, headIndex) =>
    names.flatMap((tail, tailIndex) =>
      headIndex === tailIndex || Math.max(head.start - tail.end, tail.start - head.end) > MAX_DISTANCE
        ? []
        : RELATION_TYPES.filter((type) => RELATIONS[type].kinds[0] === head.kind && RELATIONS[type].kinds[1] === tail.kind).map((type) => ({
            type,
            head: headIndex,
            tail: tailIndex,
          })),
    ),
  )
}

/** What speaks for a relation: the words between and around the two names, their classes, order and distance. */
export function pairFeatures(
  tokens: readonly string[],
  names: readonly Mentioned[],
  { type, head, tail }: Candidate,
  lexicon: Lexicon,
): number[] {
  const [a, b] = [names[head], names[tail]]
  if (a === undefined || b === undefined) return []
  const forward = a.start < b.start
  const [left, right] = forward ? [a, b] : [b, a]
  const side = forward ? '>' : '<'
  const masked = (from: number, to: number): string[] => words(tokens, names, from, to)
  const between = masked(left.end, right.start)
  const features = ['bias', `n${Math.min(8, between.length)}`, `skip${Math.min(3, between.filter((word) => /^<\w+>$/.test(word)).length)}`]
  if (between.length <= MAX_BETWEEN_TEXT) features.push(`t=${between.join(' ')}`)
  for (const word of new Set(between)) features.push(`w=${word}`)
  for (const [index, word] of between.entries()) features.push(`b=${between[index - 1] ?? '^'} ${word}`)
  features.push(`b=${between.at(-1) ?? '^'} $`)
  for (const word of new Set(between)) {
    const { cluster } = lexicon.word(word)
    if (cluster >= 0) features.push(`c=${cluster >> 4}`, `f=${cluster}`)
  }
  const [before, after] = [masked(Math.max(0, left.start - 2), left.start), masked(right.end, right.end + 2)]
  features.push(`p=${before.at(-1) ?? '^'}`, `pp=${before.join(' ')}`, `a=${after[0] ?? '$'}`, `aa=${after.join(' ')}`)
  return features.flatMap((feature) => [hashText(`${type}${side}${feature}`), hashText(`${type}*${feature}`)])
}

/** Words of a stretch in small letters; another name stands as its kind. */
function words(tokens: readonly string[], names: readonly Mentioned[], from: number, to: number): string[] {
  const list: string[] = []
  for (let at = from; at < Math.min(to, tokens.length); at += 1) {
    const name = names.find(({ start, end }) => at >= start && at < end)
    if (name === undefined) list.push((tokens[at] ?? '').toLowerCase().replace(/\d/g, '0'))
    else if (at === name.start || at === from) list.push(`<${name.kind}>`)
  }
  return list
}
