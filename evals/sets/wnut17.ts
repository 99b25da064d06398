import { createTagger, loadEmergingTagger, loadLexicon, type Tagger } from '../../workers/skills/entities/tagger/load'
import { readModel, spansOf } from '../../workers/skills/entities/tagger/model'
import type { Evaluation } from '../evaluation.ts'
import { countExact, emptyTally, f1Of, precisionOf, recallOf, type TypedSpan } from '../spans.ts'
import { readConll, type TaggedSentence } from '../train/conll.ts'
import { EMERGING_BIAS, EMERGING_LABELS, trainEmerging } from '../train/emerging.ts'
import { packModel } from '../train/pack.ts'

const placed = (labels: string[]): TypedSpan[] => spansOf(labels).map(({ type, from, to }) => ({ type, start: from, end: to }))

/** What the tagger learned from one file of the part, so that the other is unseen. */
async function trainedOn(sentences: TaggedSentence[]): Promise<Tagger> {
  const lexicon = await loadLexicon()
  return createTagger(readModel(packModel(trainEmerging(sentences, lexicon), EMERGING_LABELS, EMERGING_BIAS)), lexicon)
}

/** The file to learn from and the other; files of other names are halved. */
function partsOf(folder: string): [TaggedSentence[], TaggedSentence[]] {
  const [seen, unseen] = [readConll(folder, 'wnut17train'), readConll(folder, 'emerging')]
  if (seen.length > 0 && unseen.length > 0) return [seen, unseen]
  const all = readConll(folder)
  return [all.filter((_, index) => index % 2 === 0), all.filter((_, index) => index % 2 === 1)]
}

export const evaluation: Evaluation = {
  set: 'ner_wnut17',
  skill: 'entities',
  method:
    'Entity F1 of the CoNLL script on six types: a span is right when its borders and type are. The shipped tagger, learned from the development part; on that part itself it is trained on the file wnut17train and measured on the other.',
  references: {
    f1: { aim: 0.35, published: 'best of the shared task 0.419 (Derczynski et al. 2017, with neural networks), SpanNER 0.53' },
  },
  async run({ train, test, sameAsTrain }) {
    const [seen, sentences] = sameAsTrain ? partsOf(train) : [[], readConll(test)]
    const tagger = sameAsTrain ? await trainedOn(seen) : await loadEmergingTagger()
    const tally = emptyTally()
    for (const { tokens, labels } of sentences) countExact(tally, placed(tagger.label(tokens)), placed(labels))
    return [
      { metric: 'f1', value: f1Of(tally), n: sentences.length },
      { metric: 'precision', value: precisionOf(tally), n: tally.found },
      { metric: 'recall', value: recallOf(tally), n: tally.wanted },
    ]
  },
}
