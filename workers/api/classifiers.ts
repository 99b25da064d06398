import { type Context, Hono } from 'hono'
import * as z from 'zod'
import {
  CLASSIFIER_LIMITS,
  CLASSIFIER_STATUSES,
  ClassifierName,
  type ClassifierVersion,
  LabelledExample,
  NONE_OF_THESE,
  TrainingReport,
} from '../domain/classifiers'
import { AppError } from '../domain/error'
import type { RunControl } from '../domain/run-control'
import { findClassifier } from '../skills/classify/learn/shelf'
import { nameTexts } from '../skills/classify/trained'
import { check } from './check'
import { orderTraining, removeClassifier, statusOf } from './classifier-training'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { listSchema } from './lists'

const { examples: MAX_EXAMPLES, labels: MAX_LABELS, textCharacters: MAX_CHARACTERS } = CLASSIFIER_LIMITS
/** A try-out, not a way to classify a whole store: that is a workflow's work. */
const MAX_TEXTS = 100

const ClassifierSchema = z
  .object({
    name: z.string(),
    version: z.string(),
    status: z.enum(CLASSIFIER_STATUSES),
    examples: z.int(),
    labels: z.int(),
    runId: z.string().describe('The run that trains it: `/api/v1/runs/{id}/events` tells how far it is.'),
    createdAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
    progress: z.object({ message: z.string(), share: z.number().optional() }).optional().describe('While it is trained.'),
    report: TrainingReport.optional().describe('Once it is ready: how held-out examples came out.'),
    failure: z.string().optional().describe('Once it has failed: why.'),
  })
  .meta({ id: 'Classifier' })
const ClassifierWithServing = ClassifierSchema.extend({
  serving: z.string().nullable().describe('The version that answers now; null until the first is ready.'),
}).meta({ id: 'ServingClassifier' })
const Named = z.object({
  label: z.string().describe(`\`${NONE_OF_THESE}\` when the text is out of scope.`),
  confidence: z.number().describe('Probability of the best label, 0 to 1.'),
  ranking: z.array(z.object({ label: z.string(), confidence: z.number() })).describe('The best labels, best first.'),
})

const wordsAlone = z
  .boolean()
  .optional()
  .describe('True: learned and asked without the encoder. Less is understood, and a text takes a tenth of the time.')
const TrainingBody = z
  .union([
    z.strictObject({ examples: z.array(LabelledExample).min(2).max(MAX_EXAMPLES), wordsAlone }),
    z.strictObject({
      documentId: z
        .string()
        .describe('An uploaded file of JSON Lines, a JSON array or CSV with the columns text, label and (if need be) group.'),
      wordsAlone,
    }),
  ])
  .meta({
    id: 'TrainingOrder',
    example: {
      examples: [
        { text: 'Where is my card?', label: 'card_arrival' },
        { text: 'I want a refund.', label: 'refund' },
        { text: 'Nice weather today.', label: null },
      ],
    },
  })
const ClassifyBody = z.object({ texts: z.array(z.string().min(1).max(MAX_CHARACTERS)).min(1).max(MAX_TEXTS) })
const VersionQuery = z.object({ version: z.string().optional().describe('A version; the newest when left out.') })
const NameParam = z.object({ name: ClassifierName })

const LIST = documented({
  tag: 'Classifiers',
  summary: 'List classifiers',
  answers: { 200: { description: 'The newest version of each, by name.', body: { schema: listSchema(ClassifierSchema) } } },
  refuses: [],
})
const READ = documented({
  tag: 'Classifiers',
  summary: 'One classifier',
  description: 'Its newest version with status, progress and report, and which version serves.',
  answers: { 200: { description: 'The classifier.', body: { schema: ClassifierWithServing } } },
  refuses: ['invalid', 'not_found'],
})
const VERSIONS = documented({
  tag: 'Classifiers',
  summary: 'Versions of a classifier',
  answers: { 200: { description: 'Newest first.', body: { schema: listSchema(ClassifierSchema) } } },
  refuses: ['invalid', 'not_found'],
})
const TRAIN = documented({
  tag: 'Classifiers',
  summary: 'Train a classifier',
  description: `Learns from labelled examples in the background; the version before serves until the new one is ready. A label of null is an example of what is none of the labels. The same examples are the same version: they are trained once. At most ${MAX_EXAMPLES} examples, ${MAX_LABELS} labels and ${MAX_CHARACTERS} characters a text; more than 1 MB goes up as a document first.`,
  answers: {
    200: { description: 'These examples have been learned before: that version serves again.', body: { schema: ClassifierSchema } },
    202: { description: 'Training has begun.', body: { schema: ClassifierSchema } },
  },
  refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'unavailable'],
})
const REMOVE = documented({
  tag: 'Classifiers',
  summary: 'Delete a classifier',
  description: 'With all its versions, examples and models. A training that is under way is cancelled.',
  answers: { 204: { description: 'It is gone.' } },
  refuses: ['invalid', 'not_found'],
})
const CLASSIFY = documented({
  tag: 'Classifiers',
  summary: 'Try a classifier',
  description: `Names the labels of up to ${MAX_TEXTS} texts. Workflows use it as \`classifier: <name>\` of analysis.classify.`,
  answers: {
    200: {
      description: 'One answer a text, in order.',
      body: { schema: z.object({ name: z.string(), version: z.string(), items: z.array(Named) }) },
    },
  },
  refuses: ['invalid', 'not_found', 'conflict', 'unavailable'],
})

/** Classifiers that learn from a tenant's examples. */
export function classifierRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'classifiers:read'), async (c) =>
      c.json({ items: await viewsOf(c.get('runs'), await c.get('ports').classifiers.list()) }),
    )
    .get('/:name', READ, guard(deps, 'classifiers:read'), check('param', NameParam), check('query', VersionQuery), (c) =>
      read(c, c.req.valid('param').name, c.req.valid('query').version),
    )
    .get('/:name/versions', VERSIONS, guard(deps, 'classifiers:read'), check('param', NameParam), async (c) =>
      c.json({ items: await viewsOf(c.get('runs'), await versionsOf(c, c.req.valid('param').name)) }),
    )
    .put('/:name', TRAIN, guard(deps, 'classifiers:write'), check('param', NameParam), check('json', TrainingBody), async (c) => {
      const { version, isNew } = await orderTraining(deps, c, c.req.valid('param').name, c.req.valid('json'))
      return c.json(await statusOf(c.get('runs'), version), isNew ? 202 : 200)
    })
    .delete('/:name', REMOVE, guard(deps, 'classifiers:write'), check('param', NameParam), async (c) => {
      await removeClassifier(c, await versionsOf(c, c.req.valid('param').name))
      return c.body(null, 204)
    })
    .post(
      '/:name/classify',
      CLASSIFY,
      guard(deps, 'classifiers:read'),
      check('param', NameParam),
      check('query', VersionQuery),
      check('json', ClassifyBody),
      (c) => classify(c, c.req.valid('param').name, c.req.valid('query').version, c.req.valid('json').texts),
    )
}

const viewsOf = (runs: RunControl, versions: readonly ClassifierVersion[]) =>
  Promise.all(versions.map((version) => statusOf(runs, version)))

async function versionsOf(c: Context<ApiEnv>, name: string): Promise<ClassifierVersion[]> {
  const versions = await c.get('ports').classifiers.versions(name)
  if (versions.length === 0)
    throw new AppError('not_found', `There is no classifier '${name}'; GET /api/v1/classifiers lists what there is.`)
  return versions
}

async function read(c: Context<ApiEnv>, name: string, wanted: string | undefined) {
  const versions = await versionsOf(c, name)
  const version = wanted === undefined ? versions[0] : versions.find((each) => each.version === wanted)
  if (version === undefined) throw new AppError('not_found', `Classifier '${name}' has no version '${wanted}'.`)
  const serving = versions.find(({ status }) => status === 'ready')?.version ?? null
  return c.json({ ...(await statusOf(c.get('runs'), version)), serving })
}

async function classify(c: Context<ApiEnv>, name: string, version: string | undefined, texts: string[]) {
  const ports = c.get('ports')
  const found = await findClassifier(ports, version === undefined ? name : `${name}@${version}`)
  const named = await nameTexts(found.classifier, texts, ports.encoder)
  const items = named.map(({ label, confidence, ranking }) => ({ label: label ?? NONE_OF_THESE, confidence, ranking }))
  return c.json({ name, version: found.version, items })
}
