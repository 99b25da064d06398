import type { Lexicon } from '../../workers/skills/entities/tagger/lexicon'
import { loadLexicon } from '../../workers/skills/entities/tagger/load'
import { type RelationModel, scoreRelations, shippedRelationModel } from '../../workers/skills/relations/embedded'
import type { Mentioned } from '../../workers/skills/relations/features'
import type { Evaluation } from '../evaluation.ts'
import { emptyTally, f1Of, type Tally } from '../spans.ts'
import { readRows } from '../train/injection.ts'
import { probability } from '../train/logistic.ts'
import { type RelatedSentence, trainRelations, writtenSentences } from '../train/relations.ts'

const FOLDS = 5
const KINDS: Record<string, string> = { Peop: 'person', Org: 'organisation', Loc: 'place' }
const TYPES: Record<string, string> = {
  Work_For: 'works_for',
  Live_In: 'lives_in',
  OrgBased_In: 'based_in',
  Located_In: 'located_in',
  Kill: 'killed',
}

interface Row {
  tokens: string[]
  entities: { start: number; end: number; type: string }[]
  relations: { head: number; tail: number; type: string }[]
}

const readSentences = (folder: string): RelatedSentence[] =>
  readRows<Row>(folder, '').map(({ tokens, entities, relations }) => ({
    tokens,
    names: entities.map(({ start, end, type }): Mentioned => ({ start, end, kind: KINDS[type] ?? 'other' })),
    relations: relations.map(({ head, tail, type }) => ({ head, tail, type: TYPES[type] ?? type })),
  }))

function count(tally: Tally, { tokens, names, relations }: RelatedSentence, lexicon: Lexicon, model: RelationModel): void {
  const found = scoreRelations(tokens, names, lexicon, model)
  tally.found += found.length
  tally.wanted += relations.length
  tally.right += found.filter((candidate) =>
    relations.some(({ type, head, tail }) => type === candidate.type && head === candidate.head && tail === candidate.tail),
  ).length
}

export const evaluation: Evaluation = {
  set: 'kg_conll04',
  skill: 'relations',
  method:
    'Micro F1 of typed, directed relations among the given entities of a sentence. `shipped`: the weights of the product, which were learned from own sentences only, because this set may not be shipped in any form. `learned`: the same features learned from the development part (cross-validated there), which is what labelled examples of a tenant bring.',
  references: { 'f1 (learned, given entities)': { published: 'SpERT 0.715 and multi-head 0.620 with entities found, not given' } },
  async run({ train, test, sameAsTrain }) {
    const lexicon = await loadLexicon()
    const sentences = readSentences(test)
    const shipped = emptyTally()
    const model = await shippedRelationModel()
    for (const sentence of sentences) count(shipped, sentence, lexicon, model)
    const learned = emptyTally()
    const seen = sameAsTrain ? sentences : readSentences(train)
    for (let fold = 0; fold < (sameAsTrain ? FOLDS : 1); fold += 1) {
      const weights = trainRelations(
        [...writtenSentences(), ...seen.filter((_, index) => !sameAsTrain || index % FOLDS !== fold)],
        lexicon,
        2,
      )
      const measured = sentences.filter((_, index) => !sameAsTrain || index % FOLDS === fold)
      for (const sentence of measured) count(learned, sentence, lexicon, (features) => probability(weights, features))
    }
    return [
      { metric: 'f1 (shipped, given entities)', value: f1Of(shipped), n: sentences.length },
      { metric: 'f1 (learned, given entities)', value: f1Of(learned), n: sentences.length },
    ]
  },
}
