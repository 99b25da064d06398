import { Hono } from 'hono'
import * as z from 'zod'
import { chargedTo } from '../domain/budgets'
import { AnswerStage, AnswerTrace, UnverifiedPolicy } from '../domain/citations'
import { within } from '../domain/deadline'
import { Span } from '../domain/documents'
import { AppError } from '../domain/error'
import { CollectionName, MAX_SEARCH_LIMIT, MAX_VARIANTS, MetadataFilter } from '../domain/knowledge'
import { Community, SearchMode } from '../domain/knowledge-graph'
import { refuseHeldCollection } from '../domain/legal-holds'
import { embedPaidBy, type Payer, paidBy } from '../domain/models'
import type { DoorPorts } from '../domain/stores'
import { askCollection, DEFAULT_DEADLINE_MS, DEFAULT_PASSAGES } from '../skills/answer/ask-collection'
import { AnswerOutput, MAX_PASSAGES, MAX_QUESTION_CHARS } from '../skills/answer/schema'
import type { SkillContext } from '../skills/skill'
import { answerStream } from './answer-stream'
import { noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { PageQuery, pageSchema } from './lists'

const Collection = z
  .object({ id: z.string().describe('The name: it is what workflows write.'), name: z.string(), createdAt: z.iso.datetime() })
  .meta({ id: 'Collection' })
export const CollectionState = Collection.extend({
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

const MODE =
  '`hybrid`: by words and meaning. `local`: passages about the entities that the question names and those next to them. `global`: what the communities of entities that fit say, for questions about all of the collection. Where the graph cannot help, the search is hybrid and `trace.degraded` says why.'
const EXPAND =
  'Whether a hybrid search also follows the entities of the best passages to others, for questions that take several documents. As the product does by itself unless given; without a graph nothing is followed.'

const SearchBody = z.object({
  text: z.string().trim().min(1).max(MAX_QUESTION_CHARS),
  variants: z.array(z.string().min(1).max(MAX_QUESTION_CHARS)).max(MAX_VARIANTS).optional().describe('Other ways to ask the same.'),
  limit: z.int().min(1).max(MAX_SEARCH_LIMIT).default(DEFAULT_PASSAGES),
  filter: MetadataFilter.optional().describe('Facts of the documents that must hold: equal, anyOf, allOf, or a range of dates.'),
  rerank: z.boolean().optional(),
  mode: SearchMode.default('hybrid').describe(MODE),
  expand: z.boolean().optional().describe(EXPAND),
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
    scores: z.object({
      words: z.number().optional(),
      vector: z.number().optional(),
      graph: z.number().optional(),
      rerank: z.number().optional(),
    }),
  })
  .meta({ id: 'SearchHit' })
const SearchAnswer = z
  .object({
    hits: z.array(Hit),
    trace: z.object({ stages: z.array(AnswerStage), ms: z.number(), degraded: z.string().optional() }),
    entities: z.array(z.string()).optional().describe('In the mode `local`: the entities that the question names.'),
    communities: z
      .array(Community)
      .optional()
      .describe('In the mode `global`: the communities that fit, best first; the hits are their sources.'),
  })
  .meta({ id: 'SearchAnswer' })

const AskBody = z.object({
  question: z.string().trim().min(1).max(MAX_QUESTION_CHARS),
  filter: MetadataFilter.optional(),
  limit: z.int().min(1).max(MAX_PASSAGES).default(DEFAULT_PASSAGES).describe('Passages to read.'),
  mode: SearchMode.default('hybrid').describe(MODE),
  expand: z.boolean().optional().describe(EXPAND),
  unverified: UnverifiedPolicy.default('drop').describe('What becomes of a sentence that no source bears out.'),
  deadlineMs: z.int().min(500).max(60_000).default(DEFAULT_DEADLINE_MS),
})
export const AskAnswer = AnswerOutput.extend({
  provider: z.string(),
  degraded: z.boolean(),
  trace: AnswerTrace,
  communities: z
    .array(Community.pick({ id: true, title: true, size: true }))
    .optional()
    .describe('The communities that a global question was answered from.'),
}).meta({ id: 'Answer' })

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
  answers: { 201: { description: 'The collection.', body: { schema: Collection } } },
  refuses: ['invalid', 'conflict', 'too_large', 'unavailable'],
})
const READ = documented({
  tag: 'Collections',
  summary: 'One collection',
  answers: { 200: { description: 'What it holds.', body: { schema: CollectionState } } },
  refuses: ['not_found', 'unavailable'],
})
const REMOVE = documented({
  tag: 'Collections',
  summary: 'Delete a collection',
  description:
    'With its passages, vectors and graph. The documents themselves stay. What a separate vector store holds of it is removed in the background. Refused while a document in it is on legal hold (`legal_hold`).',
  answers: { 204: { description: 'Deleted.' } },
  refuses: ['not_found', 'conflict', 'unavailable'],
})
const SEARCH = documented({
  tag: 'Collections',
  summary: 'Search a collection',
  description:
    'The best passages by words and by meaning, with exact places. A part that is dead or slow is done without, and `trace.degraded` says so.',
  answers: { 200: { description: 'Passages, best first, and how they were found.', body: { schema: SearchAnswer } } },
  refuses: ['invalid', 'not_found', 'too_large', 'over_budget', 'unavailable'],
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
    .post('/', CREATE, guard(deps, 'collections:write'), check('json', CreateBody), async (c) =>
      c.json(withId(await c.get('ports').collections.create(c.req.valid('json').name)), 201),
    )
    .get('/:id', READ, guard(deps, 'collections:read'), async (c) =>
      c.json(withId(await findCollection(c.get('ports'), c.req.param('id')))),
    )
    .delete('/:id', REMOVE, guard(deps, 'collections:write'), async (c) => {
      const before = await findCollection(c.get('ports'), c.req.param('id'))
      await refuseHeldCollection(c.get('ports'), before.name)
      await c.get('ports').collections.delete(before.name)
      noteChange(c, { before })
      return c.body(null, 204)
    })
    .post('/:id/search', SEARCH, guard(deps, 'collections:read'), check('json', SearchBody), async (c) => {
      const ports = c.get('ports')
      const name = await nameOfCollection(ports, c.req.param('id'))
      const { payer } = paid(ports, 'search')
      try {
        return c.json(await ports.knowledge.search(name, c.req.valid('json'), { payer }))
      } finally {
        await recordUsage(ports)
      }
    })
    .post('/:id/ask', ASK, guard(deps, 'collections:read'), check('json', AskBody), async (c) => {
      const ports = c.get('ports')
      const name = await nameOfCollection(ports, c.req.param('id'))
      const asked = { ...c.req.valid('json'), collection: name }
      const { payer, context } = paid(ports, 'ask')
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

/** The tenant pays for what is asked; usage names it `ask` or `search`. */
function paid({ chatModel, encoder, prompts, purse }: DoorPorts, agent: 'ask' | 'search'): { payer: Payer; context: SkillContext } {
  const payer: Payer = purse === undefined ? {} : { purse: chargedTo(purse, { agent }) }
  return { payer, context: { ...(chatModel && { chatModel: paidBy(chatModel, payer) }), encoder: embedPaidBy(encoder, payer), prompts } }
}

/** Nobody waits longer for the record of calls that cost nothing. */
const RECORD_MS = 2_000

/** What costs something is recorded already; losing the record of free calls is no reason to refuse an answer. */
async function recordUsage({ purse }: DoorPorts): Promise<void> {
  try {
    if (purse !== undefined) await within(purse.flush(), RECORD_MS)
  } catch (thrown) {
    console.warn(JSON.stringify({ message: 'usage was not recorded', error: String(thrown) }))
  }
}

export const withId = <T extends { name: string }>(collection: T): T & { id: string } => ({ ...collection, id: collection.name })

/** `not_found` for a name that no collection of the tenant has. */
export async function findCollection(ports: Pick<DoorPorts, 'collections'>, id: string) {
  return (CollectionName.safeParse(id).success ? await ports.collections.find(id) : undefined) ?? missing()
}

/** The same without what it holds, which takes longer to tell. */
export const nameOfCollection = async ({ collections }: Pick<DoorPorts, 'collections'>, id: string): Promise<string> =>
  CollectionName.safeParse(id).success && (await collections.has(id)) ? id : missing()

function missing(): never {
  throw new AppError('not_found', 'There is no collection with that name; make it, or index a document into it.')
}
