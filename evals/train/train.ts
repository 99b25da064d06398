import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../../scripts/launch.ts'
import { type Lexicon, readLexicon } from '../../workers/skills/entities/tagger/lexicon'
import { readConll } from './conll.ts'
import { EMERGING_BIAS, EMERGING_LABELS, trainEmerging } from './emerging.ts'
import { readAttacks, readContexts, readMails, readPrompts, trainInjection } from './injection.ts'
import { packLexicon } from './lexicon.ts'
import { packModel } from './pack.ts'
import { PERSONAL_BIAS, PERSONAL_LABELS, readPersonal, trainPersonal } from './personal.ts'
import { proseTexts } from './pii-prose.ts'
import type { Fake, LabelledText } from './pii-text.ts'
import { writeTexts } from './pii-text.ts'
import { trainRelations, writtenSentences } from './relations.ts'
import { fakerOf, readSources } from './sources.ts'

const LEXICON = 'workers/skills/entities/tagger/lexicon.json'
const EMERGING = 'workers/skills/entities/tagger/emerging.json'
const PERSONAL = 'workers/skills/entities/tagger/personal.json'
const ORDERS = 'workers/skills/injection/orders.json'
const RELATIONS = 'workers/skills/relations/weights.json'
const TEXTS = 'evals/train/written-texts.jsonl'
/** Each own template is filled so often. */
const ROUNDS = 8

/** Writes every trained file anew. */
export async function train(parameters: string[]): Promise<void> {
  const { values } = parseArgs({
    args: parameters,
    options: { sources: { type: 'string' }, data: { type: 'string' }, personal: { type: 'boolean' } },
  })
  const data = values.data ?? join(root, '../shared/data')
  if (values.personal) return retrainPersonal(data)
  if (values.sources === undefined) throw new Error('Say with --sources where the packages of sources.ts lie.')
  const sources = await readSources(values.sources)
  const packed = packLexicon(sources)
  write(LEXICON, packed)
  const lexicon = readLexicon(packed)
  const emerging = trainEmerging(readConll(join(data, 'ner_wnut17/dev')), lexicon)
  write(EMERGING, packModel(emerging, EMERGING_LABELS, EMERGING_BIAS))
  const fakes = await fakerOf<Fake>(values.sources)
  const written = writeTexts(
    fakes,
    sources.lists.nationality.filter((name) => !name.includes(' ')),
    ROUNDS,
  )
  writeFileSync(join(root, TEXTS), written.map((text) => `${JSON.stringify(text)}\n`).join(''))
  trainPersonalTagger(data, written, lexicon)
  trainOrders(data, lexicon)
  write(RELATIONS, packWeights(trainRelations(writtenSentences(), lexicon, 1), 'relation'))
}

/** The tagger of personal data alone, from the lexicon and the written texts as they lie. */
function retrainPersonal(data: string): void {
  const { packed } = JSON.parse(readFileSync(join(root, LEXICON), 'utf8')) as { packed: string }
  const written = readFileSync(join(root, TEXTS), 'utf8').split('\n').filter(Boolean)
  trainPersonalTagger(
    data,
    written.map((line) => JSON.parse(line) as LabelledText),
    readLexicon(Buffer.from(packed, 'base64')),
  )
}

function trainPersonalTagger(data: string, written: LabelledText[], lexicon: Lexicon): void {
  const personal = trainPersonal(readPersonal(join(data, 'pii_presidio/dev')), [...written, ...proseTexts()], lexicon)
  write(PERSONAL, packModel(personal, PERSONAL_LABELS, PERSONAL_BIAS))
}

function trainOrders(data: string, lexicon: Lexicon): void {
  const folder = join(data, 'injection_bipia_notinject/dev')
  const clean = [...readContexts(folder, 'email'), ...readContexts(folder, 'table'), ...readMails(data)]
  const weights = trainInjection(readAttacks(folder), readPrompts(folder), clean, lexicon)
  write(ORDERS, packWeights(weights, 'order'))
}

/** One weight per feature. */
const packWeights = (weights: Map<number, number>, label: string): Uint8Array =>
  packModel(
    {
      labels: 1,
      weights: new Map([...weights].map(([hash, weight]) => [hash, Float32Array.of(weight)])),
      transitions: new Float32Array(2),
    },
    [label],
    0,
    0.02,
  )

/** As base64 in JSON: every bundler and runtime reads that alike. */
function write(path: string, packed: Uint8Array): void {
  writeFileSync(join(root, path), `${JSON.stringify({ packed: Buffer.from(packed).toString('base64') }, null, 2)}\n`)
  console.log(path, packed.length)
}
