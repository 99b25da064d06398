import { Hono } from 'hono'
import * as z from 'zod'
import { chargedTo } from '../domain/budgets'
import { AnswerStage, AnswerTrace, UnverifiedPolicy } from '../domain/citations'
import { Span } from '../domain/documents'
import { AppError } from '../domain/error'
import { CollectionName, MAX_SEARCH_LIMIT, MAX_VARIANTS, MetadataFilter } from '../domain/knowledge'
import { embedPaidBy, type Payer, paidBy } from '../domain/models'
import type { DoorPorts } from '../domain/stores'
import { askCollection, DEFAULT_DEADLINE_MS, DEFAULT_PASSAGES } from '../skills/answer/ask-collection'
import { AnswerOutput, MAX_PASSAGES, MAX_QUESTION_CHARS } from '../skills/answer/schema'
import type { SkillContext } from '../skills/skill'
import { answerStream } from './answer-stream'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented, IDEMPOTENCY_HEADER } from './documented'
import { guard } from './guard'
import { idempotent } from './idempotent'
import { PageQuery, pageSchema } from './lists'

const Collection = z
  .object({ id: z.string().describe('The name: it is what workflows write.'), name: z.string(), createdAt: z.iso.datetime() })
  .meta({ id: 'Collection' })
const CollectionState = Collection.extend({
  documents: z.int(),
  chunks: z.int(),
  sizeBytes: z.int(),
  encoder: z.object({ model: z.string(), dimensions: z.int() }).optional(),
  reembedding: z
    .object({
      encoder: z.object({ model: z.string(), dimensions: z.int() }),
      doneChunks: z.int(),
      startedAt: z.string(),
      lastError: z.string().optional(),
    })
    .optional()
    .describe('Present while vectors of another encoder are made in the background.'),
  vectorsPending: z.int().optional(),
}).meta({ id: 'CollectionState' })

const CreateBody = z.object({ name: CollectionName })

const SearchBody = z.object({
  text: z.string().trim().min(1).max(MAX_QUESTION_CHARS),
  variants: z.array(z.string().min(1).max(MAX_QUESTION_CHARS)).max(MAX_VARIANTS).optional().describe('Other ways to ask the same.'),
  limit: z.int().min(1).max(MAX_SEARCH_LIMIT).default(DEFAULT_PASSAGES),
  filter: MetadataFilter.optional().describe('Facts of the documents that must hold: equal, anyOf, allOf, or a range of dates.'),
  rerank: z.boolean().optional(),
  deadlineMs: z.int().min(100).max(30_000).default(5_000),
})
const Hit = z
  .object({
    chunkId: z.string(),
    documentId: z.string(),
    name: z.string(),
    text: z.string(),
    context: z.string(),
    span: Span,
    score: z.number(),
    scores: z.object({ words: z.number().optional(), vector: z.number().optional(), rerank: z.number().optional() }),
  })
  .meta({ id: 'SearchHit' })
const SearchAnswer = z
  .object({ hits: z.array(Hit), trace: z.object({ stages: z.array(AnswerStage), ms: z.number(), degraded: z.string().optional() }) })
  .meta({ id: 'SearchAnswer' })

const AskBody = z.object({
  question: z.string().trim().min(1).max(MAX_QUESTION_CHARS),
  filter: MetadataFilter.optional(),
  limit: z.int().min(1).max(MAX_PASSAGES).default(DEFAULT_PASSAGES).describe('Passages to read.'),
  unverified: UnverifiedPolicy.default('drop').describe('What becomes of a sentence that no source bears out.'),
  deadlineMs: z.int().min(500).max(60_000).default(DEFAULT_DEADLINE_MS),
})
export const AskAnswer = AnswerOutput.extend({ provider: z.string(), degraded: z.boolean(), trace: AnswerTrace }).meta({ id: 'Answer' })

const LIST = documented({
  tag: 'Collections',
  summary: 'List collections by name',
  answers: { 200: { description: 'A page of collections.', body: { schema: pageSchema(Collection) } } },
  refuses: ['invalid'],
})
const CREATE = documented({
  tag: 'Collections',
  summary: 'Make a collection',
  description: 'Indexing into a collection makes it too. A name that is taken gives the collection that is there.',
  headers: IDEMPOTENCY_HEADER,
  answers: { 201: { description: 'The collection.', body: { schema: Collection } } },
  refuses: ['invalid', 'conflict', 'too_large', 'unavailable'],
})
const READ = documented({
  tag: 'Collections',
  summary: 'One collection',
  answers: { 200: { description: 'What it holds.', body: { schema: CollectionState } } },
  refuses: ['not_found', 'unavailable'],
})
const SEARCH = documented({
  tag: 'Collections',
  summary: 'Search a collection',
  description:
    'The best passages by words and by meaning, with exact places. A part that is dead or slow is done without, and `trace.degraded` says so.',
  answers: { 200: { description: 'Passages, best first, and how they were found.', body: { schema: SearchAnswer } } },
  refuses: ['invalid', 'not_found', 'too_large', 'unavailable'],
})
const ASK = documented({
  tag: 'Collections',
  summary: 'Ask a collection a question',
  description:
    'Every sentence of the answer is tied to places in the sources and held against them before it is shown. When the sources do not say, `abstained` is true and `reason` tells why. ' +
    'With `Accept: text/event-stream` the answer comes as server-sent events: `stage` as each stage ends, then `sentence` and `citation`, at last `done` with the whole answer, or `error` with a problem.',
  answers: { 200: { description: 'The answer with its trace, as JSON or as server-sent events.', body: { schema: AskAnswer } } },
  refuses: ['invalid', 'not_found', 'too_large', 'over_budget', 'rate_limited', 'unavailable'],
})

/** Searchable sets of documents: search with places, and questions with answers that are held against the sources. */
export function collectionRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'collections:read'), check('query', PageQuery), async (c) => {
      const page = await c.get('ports').collections.list(c.req.valid('query'))
      return c.json({ ...page, items: page.items.map(withId) })
    })
    .post('/', CREATE, guard(deps, 'collections:write'), idempotent(deps), check('json', CreateBody), async (c) =>
      c.json(withId(await c.get('ports').collections.create(c.req.valid('json').name)), 201),
    )
    .get('/:id', READ, guard(deps, 'collections:read'), async (c) =>
      c.json(withId(await findCollection(c.get('ports'), c.req.param('id')))),
    )
    .post('/:id/search', SEARCH, guard(deps, 'collections:read'), check('json', SearchBody), async (c) => {
      const { name } = await findCollection(c.get('ports'), c.req.param('id'))
      return c.json(await c.get('ports').knowledge.search(name, c.req.valid('json')))
    })
    .post('/:id/ask', ASK, guard(deps, 'collections:read'), check('json', AskBody), async (c) => {
      const ports = c.get('ports')
      const { name } = await findCollection(ports, c.req.param('id'))
      const asked = { ...c.req.valid('json'), collection: name }
      const { payer, context } = paidAsk(ports)
      const answerWith = async (signal: AbortSignal, onStage?: (stage: AnswerStage) => void) => {
        try {
          return await askCollection(ports, { ...asked, payer }, { ...context, signal }, onStage)
        } finally {
          await recordUsage(ports)
        }
      }
      if (!/\btext\/event-stream\b/i.test(c.req.header('Accept') ?? '')) return c.json(await answerWith(c.req.raw.signal))
      return answerStream(c, answerWith)
    })
}

/** The tenant pays for what is asked; usage names it `ask`. */
function paidAsk({ chatModel, encoder, prompts, purse }: DoorPorts): { payer: Payer; context: SkillContext } {
  const payer: Payer = purse === undefined ? {} : { purse: chargedTo(purse, { agent: 'ask' }) }
  return { payer, context: { ...(chatModel && { chatModel: paidBy(chatModel, payer) }), encoder: embedPaidBy(encoder, payer), prompts } }
}

/** What costs something is recorded already; losing the record of free calls is no reason to refuse an answer. */
async function recordUsage({ purse }: DoorPorts): Promise<void> {
  try {
    await purse?.flush()
  } catch (thrown) {
    console.warn(JSON.stringify({ message: 'usage was not recorded', error: String(thrown) }))
  }
}

const withId = <T extends { name: string }>(collection: T): T & { id: string } => ({ ...collection, id: collection.name })

async function findCollection(ports: DoorPorts, id: string) {
  const found = CollectionName.safeParse(id).success ? await ports.collections.find(id) : undefined
  if (found === undefined) throw new AppError('not_found', 'There is no collection with that name; make it, or index a document into it.')
  return found
}
