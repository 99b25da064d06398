import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/launch.ts'
import { createTagger, loadLexicon } from '../../workers/skills/entities/tagger/load'
import { readModel } from '../../workers/skills/entities/tagger/model'
import { combine, findPii } from '../../workers/skills/pii/find'
import type { Evaluation } from '../evaluation.ts'
import { countExact, coverage, emptyTally, f1Of, type TypedSpan } from '../spans.ts'
import { packModel } from '../train/pack.ts'
import { PERSONAL_BIAS, PERSONAL_LABELS, type PersonalText, readPersonal, trainPersonal } from '../train/personal.ts'
import { proseTexts } from '../train/pii-prose.ts'
import type { LabelledText } from '../train/pii-text.ts'

const FOLDS = 5
/** A span counts as found when at least so much of its text is covered: the part that betrays. */
const COVERED = 0.5

const writtenTexts = (): LabelledText[] =>
  readFileSync(join(root, 'evals/train/written-texts.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LabelledText)

/** Findings for every text, from taggers that have not seen its template. */
async function crossValidated(texts: PersonalText[]): Promise<TypedSpan[][]> {
  const lexicon = await loadLexicon()
  const written = [...writtenTexts(), ...proseTexts()]
  const templates = [...new Set(texts.map(({ template }) => template))].sort((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101) || a - b)
  const foldOf = ({ template }: PersonalText) => templates.indexOf(template) % FOLDS
  const found = new Map<PersonalText, TypedSpan[]>()
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const seen = texts.filter((text) => foldOf(text) !== fold)
    const tagger = createTagger(readModel(packModel(trainPersonal(seen, written, lexicon), PERSONAL_LABELS, PERSONAL_BIAS)), lexicon)
    for (const text of texts)
      if (foldOf(text) === fold)
        found.set(
          text,
          combine(text.text, (barred) => tagger.tag(text.text, barred), lexicon),
        )
  }
  return texts.map((text) => found.get(text) ?? [])
}

export const evaluation: Evaluation = {
  set: 'pii_presidio',
  skill: 'pii',
  method:
    'Recall: share of gold spans of which at least half the characters lie in findings, whatever type. Precision: share of findings of which at least half lie in gold spans. Strict F1: borders and type equal. Rules and the shipped tagger; on the development part the tagger is cross-validated over templates.',
  references: { recall: { aim: 0.92 }, precision: { aim: 0.85 } },
  async run({ train, test, sameAsTrain }) {
    const texts = readPersonal(sameAsTrain ? train : test)
    const found = sameAsTrain ? await crossValidated(texts) : await Promise.all(texts.map(({ text }) => findPii(text)))
    const caught = emptyTally()
    const justified = emptyTally()
    const strict = emptyTally()
    texts.forEach(({ spans }, index) => {
      const findings = found[index] ?? []
      caught.wanted += spans.length
      caught.right += spans.filter((span) => coverage(span, findings) >= COVERED).length
      justified.found += findings.length
      justified.right += findings.filter((finding) => coverage(finding, spans) >= COVERED).length
      countExact(strict, findings, spans)
    })
    return [
      { metric: 'recall', value: caught.right / Math.max(1, caught.wanted), n: caught.wanted },
      { metric: 'precision', value: justified.right / Math.max(1, justified.found), n: justified.found },
      { metric: 'strict f1', value: f1Of(strict), n: texts.length },
    ]
  },
}
