import type { Lexicon } from '../../workers/skills/entities/tagger/lexicon'
import { candidatesOf, type Mentioned, pairFeatures } from '../../workers/skills/relations/features'
import { type Labelled, trainLogistic } from './logistic.ts'
import { SENTENCES } from './relations-written.ts'

export interface RelatedSentence {
  tokens: string[]
  names: Mentioned[]
  relations: { type: string; head: number; tail: number }[]
}

const KINDS: Record<string, string> = { P: 'person', O: 'organisation', L: 'place' }

/** The own sentences; a slot is one token. */
export const writtenSentences = (): RelatedSentence[] =>
  SENTENCES.map((line) => {
    const [facts = '', text = ''] = line.split('|')
    const tokens = text
      .trim()
      .split(/\s+/)
      .flatMap((token) => token.split(/(\{[POL]\})/).filter(Boolean))
    const names = tokens.flatMap((token, at): Mentioned[] => {
      const kind = KINDS[/^\{([POL])\}$/.exec(token)?.[1] ?? '']
      return kind === undefined ? [] : [{ start: at, end: at + 1, kind }]
    })
    const relations = facts.split(';').flatMap((fact) => {
      const [type = '', head, tail] = fact.trim().split(' ')
      return type === '' ? [] : [{ type, head: Number(head), tail: Number(tail) }]
    })
    return { tokens, names, relations }
  })

/** Weights for "these two names stand in this relation". */
export function trainRelations(sentences: RelatedSentence[], lexicon: Lexicon, minCount: number): Map<number, number> {
  const examples = sentences.flatMap(({ tokens, names, relations }) =>
    candidatesOf(names).map(
      (candidate): Labelled => ({
        features: pairFeatures(tokens, names, candidate, lexicon),
        positive: relations.some(({ type, head, tail }) => type === candidate.type && head === candidate.head && tail === candidate.tail),
      }),
    ),
  )
  return trainLogistic(examples, { epochs: 15, l2: 2e-3, minCount, rate: 0.1 })
}
